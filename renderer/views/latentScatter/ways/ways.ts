/** The way between two latent points: asked of the live kernel, else the cells of the saved grid along it. */
import * as z from '../../../schema';
import type { Channel } from '../../../channel';
import { sample as sampleSchema, splitSamples } from '../../../data';
import type { ViewSettings } from '../../../settings';
import type { Theme } from '../../../theme';
import { parse } from '../../../view';
import { Newest } from '../../../newest';
import { nearestCell } from '../../../../kernel/figures/scatter/mosaic';
import type { LatentData } from '../model';
import { targetName } from '../wording';
import type { Target } from '../wording';
import { STEPS, StripPanel, WAYS } from './strip';
import type { Strip, Way } from './strip';

export interface WaysContext {
  channel: Channel;
  settings: ViewSettings;
  data(): LatentData;
  theme(): Theme;
  announce(text: string): void;
  /** Another way is shown than before, or none. */
  onChange(): void;
}

const answerSchema = z.object({ points: z.array(z.array(z.number())), samples: sampleSchema });

export class Ways {
  readonly panel: StripPanel;
  /** The way that is shown. */
  strip: Strip | null = null;
  title = '';
  private ends: { from: Target; to: Target } | null = null;
  private way: Way;
  private steps: number;
  private readonly newest: Newest<{ from: Target; to: Target; way: Way; steps: number }, Strip>;

  constructor(private readonly context: WaysContext) {
    const { settings, channel } = context;
    const steps = settings.number('steps', 9);
    this.steps = STEPS.includes(steps) ? steps : 9;
    this.way = WAYS.find((one) => one === settings.text('way')) ?? 'slerp';
    this.panel = new StripPanel({
      onChange: (way, count) => {
        this.way = way;
        this.steps = count;
        settings.set('way', way);
        settings.set('steps', count);
        this.ask();
      },
      onClose: () => this.close(),
    });
    this.newest = new Newest({
      ask: async ({ from, to, way, steps: count }) => {
        const result = await channel.ask({ kind: 'way', from: from.z, to: to.z, way, steps: count });
        if (result.kind !== 'way') throw new Error(`the kernel answered “${result.kind}”`);
        const { points, samples } = parse(answerSchema, result);
        return { points, shape: samples.shape, samples: splitSamples(samples.values, samples.shape) };
      },
      onAnswer: ({ from }, strip) => {
        if (this.ends?.from === from) this.show(strip, '');
      },
      onReason: ({ from }, reason) => {
        if (this.ends?.from === from) this.fallBack(reason);
      },
    });
  }

  show(strip: Strip | null, note: string): void {
    this.strip = strip;
    this.panel.setWay(this.way, this.steps);
    this.panel.show(this.title, strip, note, this.context.theme());
    this.context.announce(`${this.title}. ${strip ? `${strip.samples.length} steps.` : ''} ${note}`.trim());
    this.context.onChange();
  }

  between(from: Target, to: Target): void {
    const { data } = this.context;
    this.ends = { from, to };
    this.title = `From ${targetName(from, data())} to ${targetName(to, data())}`;
    this.ask();
  }

  close(): void {
    this.ends = null;
    this.strip = null;
    this.panel.hide();
    this.context.onChange();
  }

  /** The model may have learned since. */
  again(): void {
    if (this.ends && this.ends.to.z.length === this.context.data().d) this.ask();
    else if (this.ends) this.close();
  }

  dispose(): void {
    this.newest.close();
  }

  private ask(): void {
    if (this.ends === null) return;
    if (!this.context.data().decodes) this.fallBack('This view was made without a decoder.');
    else if (!this.context.channel.live) this.fallBack('No live kernel.');
    else this.newest.ask({ ...this.ends, way: this.way, steps: this.steps });
  }

  /** The straight way through the saved grid, where that is all of the latent space. */
  private fallBack(reason: string): void {
    const { grid, d, shape } = this.context.data();
    const why = reason === 'No live kernel.' ? 'No live kernel: run the cell again to decode the path.' : reason;
    if (grid === null || d !== 2 || this.ends === null) return this.show(null, why);
    const { from, to } = this.ends;
    const points = Array.from({ length: this.steps }, (_, i) => {
      const share = i / (this.steps - 1);
      return from.z.map((value, j) => (1 - share) * value + share * to.z[j]!);
    });
    const samples = points.map((point) => nearestCell(grid, point).sample);
    this.way = 'lerp';
    this.show({ samples, shape, points }, `The nearest cells of the saved grid along the straight path. ${why}`);
  }
}
