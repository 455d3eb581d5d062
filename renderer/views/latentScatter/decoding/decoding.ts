/** What stands for a latent point: the live kernel's word, else the nearest of the saved grid, else a reason. */
import { nearestCell } from '../../../../kernel/figures/scatter/mosaic';
import { cellLines } from '../../../../kernel/figures/scatter/sample';
import type { Sample } from '../../../../kernel/views/types';
import type { Channel } from '../../../channel';
import { decode } from '../../../data';
import { reading } from '../../../numbers';
import type { Theme } from '../../../theme';
import type { LatentData } from '../model';
import { targetLines } from '../wording';
import type { SpokenPlane, Target } from '../wording';
import { askDecoded, askPoint } from './answers';
import type { PointSamples } from './answers';
import type { DecodedPanel } from './decodedPanel';
import { Newest } from '../../../newest';

const NO_KERNEL = 'no live kernel';
const NO_DECODER = 'this view was made without a decoder';

const PAST = 'Where the point was then. The decoder has changed since, so earlier epochs are not decoded.';

export interface DecodingContext {
  /** Whether the points are where they were in an earlier epoch. */
  isPast(): boolean;
  panel: DecodedPanel;
  channel: Channel;
  data(): LatentData;
  plane: SpokenPlane;
  theme(): Theme;
  announce(text: string): void;
}

interface Question {
  target: Target;
  /** Whether a screen reader announces the answer. */
  spoken: boolean;
}

export class Decoding {
  private readonly newest: Newest<Question, Sample | PointSamples>;

  constructor(private readonly context: DecodingContext) {
    const { channel } = context;
    this.newest = new Newest<Question, Sample | PointSamples>({
      ask: ({ target: { z, point } }) => (point === null ? askDecoded(channel, z) : askPoint(channel, point)),
      onAnswer: (question, answer) => this.showLive(question, answer),
      onReason: ({ target }, reason) => this.fallBack(target, channel.live ? reason : NO_KERNEL),
    });
  }

  show(target: Target, spoken = false): void {
    const { channel, data } = this.context;
    if (this.context.isPast()) this.context.panel.explain(targetLines(target, data(), this.context.plane), PAST);
    else if (!data().decodes) this.fallBack(target, NO_DECODER);
    else if (!channel.live) this.fallBack(target, NO_KERNEL);
    else this.newest.ask({ target, spoken });
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
    this.newest.close();
  }

  private showLive({ target, spoken }: Question, answer: Sample | PointSamples): void {
    const { panel, data, plane, theme, announce } = this.context;
    const lines = targetLines(target, data(), plane);
    if (!('input' in answer))
      return panel.show({ values: decode(answer.values), shape: answer.shape }, lines, null, theme());
    const error = `squared error ${reading(answer.error)}`;
    panel.compare(answer, [...lines, error], theme());
    if (spoken) announce(`${lines.join(', ')}, ${error}.`);
  }

  private fallBack(target: Target, reason: string): void {
    const { panel, data, plane } = this.context;
    const { grid, d } = data();
    const kernel = reason === NO_KERNEL ? `, ${reason}` : `: ${reason}`;
    const original = target.point === null ? '' : '; only the kernel has the original';
    if (grid !== null && d > 1)
      this.showCell(target, `saved grid${original ? withoutStop(kernel) : kernel}${original}`);
    else panel.explain(targetLines(target, data(), plane), this.sentence(reason));
  }

  private showCell(target: Target, source: string): void {
    const { panel, data, theme } = this.context;
    const { grid, dimensions, shape } = data();
    if (grid === null) return;
    const cell = nearestCell(grid, target.z);
    panel.show({ values: cell.sample, shape }, cellLines(cell.z, dimensions), source, theme());
  }

  private sentence(reason: string): string {
    const end = reason === NO_KERNEL ? ' Run the cell again to decode here.' : '';
    return `Nothing decoded: ${withoutStop(reason)}.${end}`;
  }
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
