/** What a reader has selected: which points, and the shapes that it came from. */
import type { SelectionMade } from '../../../../kernel/protocol';
import { countOf } from '../../../../kernel/views/scatter/masks';
import { packMask, pointsInside, selected } from '../../../../kernel/views/scatter/selecting';
import type { Region } from '../../../../kernel/views/scatter/selecting';
import type { Coordinates } from '../../../../kernel/figures/scatter/plane';

/** Shapes that are remembered: a selection of more is one of points alone. */
const MOST_REGIONS = 100;

export class Selection {
  /** [n], 1 for the points that are selected; null: none has been. */
  mask: Uint8Array | null = null;
  count = 0;
  private regions: Region[] = [];

  /**
   * Takes the points in a shape.
   *
   * @param isHidden points that are not touched; null: all are shown
   * @param isTold   whether the region tells which are hidden
   */
  draw(region: Region, coordinates: Coordinates, isHidden: ((point: number) => boolean) | null, isTold: boolean): void {
    const inside = pointsInside(coordinates, region.polygon);
    const isFresh = this.mask === null || region.mode === 'replace';
    // What came from elsewhere is known by its points alone, and so is what no region tells.
    const isDrawn = isTold && (isFresh || (this.regions.length > 0 && this.regions.length < MOST_REGIONS));
    this.mask = selected(this.mask, inside, region.mode, isHidden);
    this.count = countOf(this.mask);
    this.regions = !isDrawn ? [] : isFresh ? [{ ...region, mode: 'replace' }] : [...this.regions, region];
    if (isFresh && region.mode === 'subtract') this.clear();
  }

  /** Points that were selected elsewhere. */
  set(mask: Uint8Array | null): void {
    this.mask = mask;
    this.count = mask === null ? 0 : countOf(mask);
    this.regions = [];
  }

  clear(): void {
    this.set(null);
  }

  /** As it is sent to the kernel. */
  get made(): SelectionMade {
    const bytes = packMask(this.mask ?? new Uint8Array());
    const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    return { points: btoa(binary), regions: this.regions };
  }
}
