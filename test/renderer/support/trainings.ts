/** Trainings of several kinds, as their histories have them. */
import type { LossHistory } from '../../../kernel/views/lossCurves';
import { fullHistory, history, seeded, STEPS_PER_EPOCH } from './sampleViews';

type Values = (step: number) => number;

/** A training of some terms, whose total is what they come to with their weights. */
function trained(title: string, steps: number, terms: Record<string, Values>, more: Partial<LossHistory>): LossHistory {
  const all = Array.from({ length: steps }, (_, i) => i + 1);
  const curve = (name: string, of: Values) => ({ name, split: 'train' as const, steps: all, values: all.map(of) });
  const parts = Object.entries(terms).map(([name, of]) => curve(name, of));
  const weightOf = (name: string) => Number(more.weights?.[name] ?? 1);
  const total = curve('total', (step) =>
    parts.reduce((sum, { name, values }) => sum + weightOf(name) * values[step - 1]!, 0),
  );
  const epochs = Math.ceil(steps / STEPS_PER_EPOCH);
  const progress = {
    state: 'done' as const,
    step: steps,
    totalSteps: steps,
    epoch: epochs,
    epochs,
    secondsElapsed: 31,
  };
  const about = { title, unit: 'nats per image', stepsPerEpoch: STEPS_PER_EPOCH };
  return { ...about, series: [total, ...parts], schedules: [], progress, notes: [], ...more };
}

/** Figures of the model at the ends of epochs. */
function figures(steps: number, at: (epoch: number) => Record<string, number>) {
  const epochs = Array.from({ length: Math.floor(steps / STEPS_PER_EPOCH) }, (_, i) => i + 1);
  return { steps: epochs.map((epoch) => epoch * STEPS_PER_EPOCH), values: epochs.map(at) };
}

function vqvae(): LossHistory {
  const noise = seeded(3);
  return trained(
    'VQ-VAE, 64 codes',
    620,
    {
      reconstruction: (step) => 38 + 120 * Math.exp(-step / 60) + 3 * noise(),
      codebook: (step) => 2.2 + 6 * Math.exp(-step / 40) + 0.3 * noise(),
      commitment: (step) => 2.4 + 6 * Math.exp(-step / 40) + 0.3 * noise(),
    },
    {
      weights: { commitment: 0.25 },
      figures: figures(620, (epoch) => ({
        ...{ codebookUsage: 1 - Math.exp(-epoch / 3), codebookPerplexity: 40 * (1 - Math.exp(-epoch / 4)) },
        deadCodes: Math.round(50 * Math.exp(-epoch / 3)),
      })),
    },
  );
}

/** Two optimizers with rates of their own; the discriminator is no part of the total. */
function adversarial(): LossHistory {
  const noise = seeded(5);
  const all = Array.from({ length: 400 }, (_, i) => i + 1);
  const curve = (name: string, of: Values) => ({ name, steps: all, values: all.map(of) });
  return trained(
    'VAE-GAN, 16 latents',
    400,
    {
      reconstruction: (step) => 200 + 300 * Math.exp(-step / 50) + 9 * noise(),
      kl: (step) => 14 * (1 - Math.exp(-step / 90)) + noise(),
      adversarial: (step) => 0.7 + 0.4 * Math.sin(step / 30) + 0.2 * noise(),
      discriminator: (step) => 1.38 - 0.3 * Math.sin(step / 30) + 0.2 * noise(),
    },
    {
      weights: { adversarial: 10, discriminator: 0 },
      schedules: [
        curve('learning rate', (step) => 1e-3 * 0.99 ** (step / 10)),
        curve('learning rate of discriminator', (step) => 3e-4 * Math.min(1, step / 100)),
        curve('β', (step) => Math.min(1, step / 200)),
        curve('γ', (step) => 10 * Math.min(1, step / 100)),
      ],
      measures: [
        curve('gradient norm', (step) => (20 + 300 * Math.exp(-step / 40)) * (0.6 + 0.8 * noise())),
        curve('samples per second', () => 4000 + 500 * noise()),
        curve('learning rate', (step) => 1e-3 * 0.99 ** (step / 10)),
      ],
    },
  );
}

/** One that came to numbers which are none. */
function broken(): LossHistory {
  const full = fullHistory(300, 8);
  for (const { values, steps, name } of full.series) {
    if (name === 'kl') continue;
    values.forEach((_, i) => (values[i] = steps[i]! >= 241 ? NaN : values[i]!));
  }
  const progress = { ...full.progress, state: 'failed' as const };
  return { ...full, progress, broken: [{ quantity: 'gradient', value: Infinity, step: 241, epoch: 4, batch: 55 }] };
}

function manyTerms(): LossHistory {
  const noise = seeded(9);
  const names = ['reconstruction of the image', 'kl', 'total correlation of the latents', 'mutual information', 'dimension-wise kl', 'classification', 'gradient penalty']; // prettier-ignore
  const terms = names.map((name, i): [string, Values] => [name, (step) => (120 / (i + 1)) * (1 + 3 / step) + noise()]);
  return trained('β-TCVAE, 10 latents', 200, Object.fromEntries(terms), {});
}

/** By what is particular about them. */
export const TRAININGS: Readonly<Record<string, () => LossHistory>> = {
  'a VAE whose schedules and measures are known': () => fullHistory(),
  'a β-VAE with validation': () => history(930),
  'a VQ-VAE': vqvae,
  'a model with two optimizers': adversarial,
  'a training that broke': broken,
  'a training of one step': () => history(1),
  'a training without a step': () => history(0, { state: 'cancelled' }),
  'a training that runs': () => history(300, { state: 'running' }),
  'a training of many terms': manyTerms,
};
