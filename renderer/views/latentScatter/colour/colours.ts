/** What the reader has the points coloured by: what the view holds, and what the live kernel gives. */
import type { ColourColumn } from '../../../../kernel/views/types';
import { colourNames, colourText } from '../../../../kernel/views/scatter/colouring';
import type { Channel } from '../../../channel';
import { decode } from '../../../data';
import { messageOf } from '../../../errors';
import type { ViewSettings } from '../../../settings';
import { parse } from '../../../view';
import { colourColumnSchema } from '../model';
import type { LatentData } from '../model';
import { paintOf } from './paint';
import type { Paint } from './paint';

export interface ColoursContext {
  channel: Channel;
  settings: ViewSettings;
  data(): LatentData;
  /** Points are coloured by something else, or there is more to choose from. */
  onChange(): void;
  /** Why they are not coloured as was wished; null takes it away. */
  onProblem(text: string | null): void;
}

export class Colours {
  paint: Paint;
  private by: string | undefined;
  private asking: string | undefined;

  constructor(private readonly context: ColoursContext) {
    const { settings, channel } = context;
    this.by = settings.text('colour') ?? context.data().colourBy;
    this.paint = this.painted();
    channel.onLiveChange(() => context.onChange());
    this.askIfLive();
  }

  /** What can be chosen, as it is written, and which of it is shown. */
  get choices(): { texts: string[]; chosen: number } {
    const { names } = this;
    const shown = this.asking ?? (this.paint.kind === 'plain' ? '' : this.paint.name);
    return { texts: names.map(colourText), chosen: Math.max(0, names.indexOf(shown)) };
  }

  choose(index: number): void {
    const name = this.names[index];
    if (name === undefined) return;
    this.context.settings.set('colour', name);
    this.by = name;
    this.context.onProblem(null);
    this.asking = undefined;
    if (!this.askIfLive()) this.repaint();
  }

  /** The view has other points. */
  update(): void {
    this.paint = this.painted();
    this.askIfLive();
  }

  private get names(): string[] {
    const data = this.context.data();
    const live = this.context.channel.live
      ? data.liveColours.filter((name) => !data.columns.some((column) => column.name === name))
      : [];
    const names = colourNames(data);
    // What the kernel gives stands with the other columns, before the dimensions.
    const at = names.indexOf('norm');
    const all = [...names.slice(0, at), ...live, ...names.slice(at)];
    return data.labels === null ? ['', ...all] : all;
  }

  private painted(): Paint {
    return paintOf(this.context.data(), this.by);
  }

  private repaint(): void {
    this.paint = this.painted();
    this.context.onChange();
  }

  /** @returns whether the kernel has to say */
  private askIfLive(): boolean {
    const { channel, data } = this.context;
    const { by } = this;
    const isKnown =
      by === undefined || data().columns.some(({ name }) => name === by) || !data().liveColours.includes(by);
    if (isKnown || !channel.live) return false;
    this.asking = by;
    void this.ask(by);
    return true;
  }

  private async ask(name: string): Promise<void> {
    const { channel, data, onProblem, onChange } = this.context;
    const asked = data();
    try {
      const result = await channel.ask({ kind: 'colours', name });
      if (result.kind !== 'colours') throw new Error(`the kernel answered “${result.kind}”`);
      const column: ColourColumn = parse(colourColumnSchema, result.column);
      const values = decode(column.values);
      if (asked !== data()) return;
      if (values.length !== asked.n) throw new Error(`the kernel gave ${values.length} values for ${asked.n} points`);
      asked.columns.push({ name: column.name, values, categories: column.categories });
      if (this.asking !== name) return;
      this.asking = undefined;
      this.repaint();
    } catch (error) {
      if (this.asking !== name) return;
      this.asking = undefined;
      this.by = this.paint.name;
      onProblem(`Not coloured by ${name}: ${messageOf(error)}`);
      onChange();
    }
  }
}
