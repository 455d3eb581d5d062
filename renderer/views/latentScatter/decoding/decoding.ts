/** Which sample stands for a latent point: the live kernel's, else the nearest of the saved grid, else a reason. */
import type { Sample } from '../../../../kernel/views/types';
import type { Channel } from '../../../channel';
import { decode } from '../../../data';
import type { Theme } from '../../../theme';
import type { DecodedPanel } from './decodedPanel';
import { Decoder } from './decoder';
import { nearestCell } from '../model';
import type { LatentData } from '../model';
import { targetLines } from '../wording';
import type { Target } from '../wording';

const NO_KERNEL = 'no live kernel';
const NO_DECODER = 'this view was made without a decoder';

export interface DecodingContext {
  panel: DecodedPanel;
  channel: Channel;
  data(): LatentData;
  axes(): readonly [number, number];
  theme(): Theme;
}

export class Decoding {
  private readonly decoder: Decoder;
  /** What the newest question is about; answers to older ones still show, each with its own coordinates. */
  private asked: Target | undefined;

  constructor(private readonly context: DecodingContext) {
    this.decoder = new Decoder(context.channel, {
      onSample: (z, sample) => this.showLive(z, sample),
      onReason: (z, reason) => this.fallBack(this.targetOf(z), context.channel.live ? reason : NO_KERNEL),
    });
  }

  show(target: Target): void {
    const { channel, data } = this.context;
    this.asked = target;
    if (!data().decodes) this.fallBack(target, NO_DECODER);
    else if (!channel.live) this.fallBack(target, NO_KERNEL);
    else this.decoder.ask(target.z);
  }

  /** Before anything was picked: the middle of the saved grid, or a hint. */
  showFirst(): void {
    const { panel, channel, data } = this.context;
    const { grid, d, decodes } = data();
    if (grid !== null && d > 1) this.showCell({ z: Array.from({ length: d }, () => 0), point: null }, 'saved grid');
    else if (decodes && channel.live) panel.explain([], 'Click the plane to decode the latent point there.');
    else panel.explain([], this.sentence(decodes ? NO_KERNEL : NO_DECODER));
  }

  close(): void {
    this.decoder.close();
  }

  private targetOf(z: number[]): Target {
    return this.asked?.z === z ? this.asked : { z, point: null };
  }

  private showLive(z: number[], sample: Sample): void {
    const { panel, data, axes, theme } = this.context;
    const lines = targetLines(this.targetOf(z), data(), axes());
    panel.show({ values: decode(sample.values), shape: sample.shape, lines, source: null }, theme());
  }

  private fallBack(target: Target, reason: string): void {
    const { panel, data, axes } = this.context;
    const { grid, d } = data();
    if (grid !== null && d > 1)
      this.showCell(target, reason === NO_KERNEL ? `saved grid, ${reason}` : `saved grid: ${reason}`);
    else panel.explain(targetLines(target, data(), axes()), this.sentence(reason));
  }

  private showCell(target: Target, source: string): void {
    const { panel, data, theme, axes } = this.context;
    const { grid, d, shape } = data();
    if (grid === null) return;
    const cell = nearestCell(grid, target.z);
    const z = Array.from({ length: d }, (_, i) => cell.z[i] ?? 0);
    const lines = targetLines({ z, point: null }, data(), axes());
    panel.show({ values: cell.sample, shape, lines, source }, theme());
  }

  private sentence(reason: string): string {
    const end = reason === NO_KERNEL ? ' Run the cell again to decode here.' : '';
    return `Nothing decoded: ${withoutStop(reason)}.${end}`;
  }
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
