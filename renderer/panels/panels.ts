/** Panels of curves in a figure: drawn in place, their zoom held here, known to the pixel. */
import { scaleRange } from '../chart/axes';
import { svg } from '../dom';
import type { Figure } from '../figure/figure';
import { Stage } from '../figure/stage';
import { changedFrom } from './dirty';
import { axisMarks, brokenMarks } from './frame';
import { listen } from './gestures';
import { paintPanels } from './paint';
import type { Panel, Range, Zoom } from './panel';

export class Panels {
  private readonly stage = new Stage();
  readonly element = this.stage.element;
  /** Hides the reader's selection and what is broken above the curves. */
  private readonly broken = svg('g');
  private panels: readonly Panel[] = [];
  private axesShown = '';
  private zoomed: Zoom = {};
  private moved: Range = [0, 1];

  /**
   * @param label what the keyboard does here
   * @param onZoom hears that the reader changed a range (see {@link zoom}); the panels are to be drawn again
   */
  constructor(
    private readonly figure: Figure,
    label: string,
    private readonly onZoom: () => void,
  ) {
    this.element.className = 'stage interactive panels';
    for (const [name, value] of Object.entries({ tabindex: '0', role: 'application', 'aria-label': label }))
      this.element.setAttribute(name, value);
    const selection = listen(this.element, () => this.panels, {
      onSelect: (panel, across, up) => this.select(panel, across, up),
      onMove: (panel, axis, by, isFirst) => this.move(panel, axis, by, isFirst),
      onAll: () => this.setZoom({}),
      onWheel: (panel, axis, factor, share) => {
        const { range } = this.panels[panel]!.x;
        if (axis === 'y') this.zoomUp(panel, factor, 1 - share);
        else this.zoomAround(range[0] + share * (range[1] - range[0]), factor);
      },
    });
    this.stage.over.append(this.broken, selection);
  }

  get zoom(): Zoom {
    return this.zoomed;
  }

  get isZoomed(): boolean {
    return Object.keys(this.zoomed).length > 0;
  }

  setZoom(zoom: Zoom): void {
    this.zoomed = zoom;
    this.onZoom();
  }

  /** @param panels with ranges that respect {@link zoom} */
  draw(panels: readonly Panel[], width: number, height: number): void {
    const before = this.panels;
    this.panels = panels;
    const isResized = this.stage.resize(width, height);
    const { theme } = this.figure;
    // A frame of a training most often moves the curves alone.
    const axes = JSON.stringify([
      panels.map(({ box, x, y, right, hasLabels }) => [box, x, y, right, hasLabels]),
      theme,
    ]);
    const isMoved = axes !== this.axesShown;
    if (isMoved) {
      this.axesShown = axes;
      this.stage.under.replaceChildren(...axisMarks(panels, theme));
    }
    const broken = panels.some((panel) => panel.broken.length > 0 || panel.levels);
    if (broken || this.broken.hasChildNodes()) this.broken.replaceChildren(...brokenMarks(panels, theme));
    const from = isMoved || isResized ? undefined : this.changes(before);
    if (from) paintPanels(this.stage.paper(false), panels, from);
    else paintPanels(this.stage.paper(), panels);
  }

  /**
   * The pixel from which on each panel has changed, on a whole pixel of the screen; undefined if all is to be painted.
   */
  private changes(before: readonly Panel[]): number[] | undefined {
    const from: number[] = [];
    for (const [i, panel] of this.panels.entries()) {
      const known = before[i];
      const changed = known && changedFrom(known, panel);
      if (changed === undefined) return undefined;
      const { density } = this.stage;
      from.push(Math.floor(changed * density) / density);
    }
    return from;
  }

  /** Halves or doubles what the x axes show, around a value. */
  zoomAround(centre: number | null, factor: number): void {
    const range = this.panels[0]?.x.range;
    if (range === undefined) return;
    const [low, high] = scaleRange([...range], centre ?? (range[0] + range[1]) / 2, factor);
    this.setZoom({ ...this.zoomed, x: [low, high] });
  }

  /** Halves or doubles what the y axis of a panel shows, around a height (from 0 at its foot to 1). */
  zoomUp(index: number, factor: number, height = 0.5): void {
    const range = this.panels[index]?.y.range;
    if (range === undefined) return;
    const centre = range[0] + height * (range[1] - range[0]);
    this.setZoom({ ...this.zoomed, [`y${index}`]: scaleRange(range, centre, factor) });
  }

  /** Moves what is shown along an axis by a share of it. */
  shift(axis: 'x' | 'y', index: number, share: number): void {
    const range = this.panels[index]?.[axis].range;
    if (range === undefined) return;
    const by = share * (range[1] - range[0]);
    this.setZoom({ ...this.zoomed, [axis === 'x' ? 'x' : `y${index}`]: [range[0] + by, range[1] + by] });
  }

  private select(index: number, across: [number, number] | null, up: [number, number] | null): void {
    const { box, x, y } = this.panels[index]!;
    const part = ([from, to]: [number, number], start: number, size: number, [low, high]: Range): Range => [
      low + ((from - start) / size) * (high - low),
      low + ((to - start) / size) * (high - low),
    ];
    const bottom = box.top + box.height;
    this.setZoom({
      ...this.zoomed,
      ...(across && { x: part(across, box.left, box.width, x.range) }),
      ...(up && { [`y${index}`]: part([bottom - up[1], bottom - up[0]], 0, box.height, y.range) }),
    });
  }

  private move(index: number, axis: 'x' | 'y', by: number, isFirst: boolean): void {
    const panel = this.panels[index]!;
    if (isFirst) this.moved = panel[axis].range;
    const [low, high] = this.moved;
    const shift = axis === 'x' ? (-by / panel.box.width) * (high - low) : (by / panel.box.height) * (high - low);
    this.setZoom({ ...this.zoomed, [axis === 'x' ? 'x' : `y${index}`]: [low + shift, high + shift] });
  }
}
