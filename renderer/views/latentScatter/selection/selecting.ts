/** From a shape on the plane to a selection, to a variable of the notebook, to a training. */
import { rectangle } from '../../../../kernel/views/scatter/selecting';
import type { Region } from '../../../../kernel/views/scatter/selecting';
import type { Channel } from '../../../channel';
import { messageOf } from '../../../errors';
import { count, counted } from '../../../numbers';
import type { Theme } from '../../../theme';
import type { LatentData } from '../model';
import type { ShapeMode } from '../plane/gestures';
import { JITTER, type Coordinates } from '../../../../kernel/figures/scatter/plane';
import { mixOf } from './mix';
import type { ClassShare } from './mix';
import { Selection } from './selection';
import { SelectionPanel } from './selectionPanel';

export interface SelectingContext {
  channel: Channel;
  data(): LatentData;
  coordinates(): Coordinates;
  /** What the axes are of, and which two. */
  axes(): Pick<Region, 'space' | 'axes'>;
  /** Points that are not shown, and what they are called to the kernel: labels; null if it does not know them. */
  hidden(): { isHidden: ((point: number) => boolean) | null; labels: number[] | null };
  theme(): Theme;
  announce(text: string): void;
  /** Other points are selected than before. @param isOwn whether that was done here */
  onChange(isOwn: boolean): void;
}

const NO_KERNEL = 'No live kernel: run the cell again to keep what is selected.';

export class Selecting {
  readonly panel = new SelectionPanel({
    onKeep: (name) => void this.keep(name),
    onTrain: () => void this.train(),
    onClear: () => this.clear(),
  });
  private readonly selection = new Selection();
  private mix: ClassShare[] = [];
  /** Counts the selections, so that answers about earlier ones are left out. */
  private version = 0;
  /** The variable that the selection is. */
  private variable: string | undefined;

  constructor(private readonly context: SelectingContext) {
    context.channel.onLiveChange(() => this.setKeepable());
  }

  get mask(): Uint8Array | null {
    return this.selection.mask;
  }

  /** @param corners of the shape in the plane's units; two of a rectangle */
  draw(corners: [number, number][], mode: ShapeMode): void {
    const { data, coordinates, axes, hidden } = this.context;
    const { d } = data();
    const drawn = corners.length === 2 ? rectangle(corners[0]!, corners[1]!) : corners.flat();
    // The height of a point has no meaning in one dimension: every height is taken.
    const across = drawn.filter((_, i) => i % 2 === 0);
    const polygon = d > 1 ? drawn : rectangle([Math.min(...across), -2 * JITTER], [Math.max(...across), 2 * JITTER]);
    const { isHidden, labels } = hidden();
    const region: Region = { mode, polygon, ...axes(), hidden: labels ?? [] };
    this.selection.draw(region, coordinates(), isHidden, labels !== null);
    this.changed();
  }

  /** Points that were selected in another view. */
  set(mask: Uint8Array | null): void {
    this.selection.set(mask);
    this.changed(false);
  }

  clear(): void {
    if (this.mask === null) return;
    this.selection.clear();
    this.changed();
    this.context.announce('Nothing is selected.');
  }

  /** The points are others: what was selected of them is not known. */
  forget(): void {
    this.selection.clear();
    this.show();
  }

  show(): void {
    const { mask, mix } = this;
    const { data, theme } = this.context;
    this.panel.show(mask && { points: this.selection.count, of: data().n, mix }, theme());
  }

  /** `312 points selected: Coat 120, Shirt 80, Dress 12, 7 classes more 100.` */
  words(): string {
    const { mask } = this;
    if (mask === null) return 'Nothing is selected.';
    const mix = this.mix.map(({ name, count: points }) => `${name} ${count(points)}`);
    return `${counted(this.selection.count, 'point')} selected${mix.length > 0 ? `: ${mix.join(', ')}` : ''}.`;
  }

  private changed(isOwn = true): void {
    const version = ++this.version;
    this.variable = undefined;
    this.mix = this.mask === null ? [] : mixOf(this.mask, this.context.data());
    this.panel.setStatus('');
    this.panel.setRows(null);
    this.setKeepable();
    this.show();
    this.context.onChange(isOwn);
    if (this.mask === null) return;
    if (isOwn) this.context.announce(this.words());
    if (this.context.channel.live) void this.count(version);
  }

  private setKeepable(): void {
    const { live } = this.context.channel;
    const isEmpty = this.selection.count === 0;
    this.panel.setKeepable(!live ? NO_KERNEL : isEmpty ? 'Nothing is selected.' : null);
    if (!live && this.mask !== null) this.panel.setStatus(NO_KERNEL);
  }

  /** The kernel knows the rows that the view does not hold. */
  private async count(version: number): Promise<void> {
    const { channel, data } = this.context;
    try {
      const result = await channel.ask({ kind: 'select', selection: this.selection.made });
      if (version !== this.version || result.kind !== 'selected') return;
      this.panel.propose(result.name);
      this.panel.setRows(result.of > data().n ? { count: result.rows, of: result.of } : null);
    } catch {
      // To keep it says what is wrong.
    }
  }

  /** @returns whether it is a variable now */
  private async keep(name: string | undefined): Promise<boolean> {
    const { version } = this;
    this.panel.setStatus('…');
    try {
      const selection = this.selection.made;
      const result = await this.context.channel.ask({ kind: 'keep', selection, ...(name !== undefined && { name }) });
      if (result.kind !== 'kept') throw new Error(`the kernel answered “${result.kind}”`);
      if (version !== this.version) return false;
      this.variable = result.name;
      this.panel.kept();
      const text = `${result.name} is a variable now: ${result.name}.rows (${counted(result.rows, 'row')}, data for fit), .indices, .labels`;
      this.panel.setStatus(text);
      this.context.announce(text);
      return true;
    } catch (error) {
      if (version === this.version) this.panel.setStatus(messageOf(error), true);
      return false;
    }
  }

  private async train(): Promise<void> {
    if (this.variable === undefined && !(await this.keep(undefined))) return;
    this.context.channel.train(`${this.variable}.rows`);
  }
}
