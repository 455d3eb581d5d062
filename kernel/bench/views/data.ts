/** What is drawn: made from seeds, so that every run and every engine draws the same. */
import { encode } from '../../views/encoding';
import { changeOf, codebookHistogram, encodeLossCurves, plainLossCurves } from '../../views/index';
import type { LossCurvesChange, LossCurvesView, LossHistory } from '../../views/index';

const TERMS = ['total', 'reconstruction', 'kl'] as const;

/** Numbers in 0 … 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The measured values of each term at each step. */
export function losses(steps: number): number[][] {
  const random = seeded(7);
  const noise = () => random() + random() + random() - 1.5;
  const rows = Array.from({ length: steps }, (_, i) => {
    const reconstruction = 230 + 300 * Math.exp(-i / 300) + 7 * noise();
    const kl = 6.4 * (1 - Math.exp(-i / 900)) + 0.25 * noise();
    return [reconstruction + kl, reconstruction, kl];
  });
  return TERMS.map((_, term) => rows.map((row) => row[term]!));
}

function history(values: readonly number[][], steps: number, totalSteps: number): LossHistory {
  const at = Array.from({ length: steps }, (_, i) => i + 1);
  const series = TERMS.map((name, term) => ({
    ...{ name, split: 'train' as const, steps: at, values: values[term]!.slice(0, steps) },
  }));
  const progress = { state: 'running' as const, step: steps, totalSteps, epoch: 1, epochs: 1, secondsElapsed: 1 };
  const names = { title: 'VAE, 2 latents', unit: 'nats per image', stepsPerEpoch: 100 };
  return { ...names, series, schedules: [], progress, notes: [] };
}

/** A training under way as the kernel tells it: whole at so many steps, then what is new after each one more. */
export function toldTraining(values: readonly number[][], from: number, to: number) {
  const state = (steps: number) => plainLossCurves(history(values, steps, 2 * to), { id: 'bench' });
  let before = state(from);
  const view: LossCurvesView = { ...encodeLossCurves(before), revision: 0 };
  const changes: LossCurvesChange[] = [];
  for (let steps = from + 1; steps <= to; steps++) {
    const next = state(steps);
    const change = changeOf(before, next, steps - from);
    if (!change) throw new Error('a training with the same curves has other ones');
    changes.push(change);
    before = next;
  }
  return { view, changes };
}

/** Ten normal clusters in a plane. */
export function clusters(points: number): { xy: Float32Array; classes: Uint8Array } {
  const random = seeded(11);
  const xy = new Float32Array(2 * points);
  const classes = new Uint8Array(points);
  for (let i = 0; i < points; i++) {
    const label = Math.floor(random() * 10);
    const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - random())), 2 * Math.PI * random()];
    xy[2 * i] = 4 * Math.cos(label * 0.628) + radius * Math.cos(angle);
    xy[2 * i + 1] = 4 * Math.sin(label * 0.628) + radius * Math.sin(angle);
    classes[i] = label;
  }
  return { xy, classes };
}

/** The clusters as the view of a latent space. */
export function scatterView(points: number): object {
  const { xy, classes } = clusters(points);
  return {
    ...{ version: 1, id: 'bench', title: 'Latent space', summary: 'Ten clusters.', totalPoints: points },
    points: encode('float32', xy, [points, 2]),
    labels: encode('int32', classes),
    ...{ dimensions: ['z₁', 'z₂'], classNames: Array.from({ length: 10 }, (_, i) => `class ${i}`) },
    ...{ sampleShape: { kind: 'image', height: 1, width: 1, channels: 1 }, decodes: false, grid: null },
  };
}

/** How often each of so many codes was used: by Zipf's law, every seventh not at all. */
export function codebook(codes: number): { counts: number[]; view: unknown } {
  const random = seeded(5);
  const counts = Array.from({ length: codes }, (_, i) =>
    i % 7 === 3 ? 0 : 1 + Math.floor((codes / (i + 1)) * (0.5 + random()) + 20 * random()),
  );
  return { counts, view: codebookHistogram({ id: 'bench', counts, window: '1,000,000 codes' }) };
}
