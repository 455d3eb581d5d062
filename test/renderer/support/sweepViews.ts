/** Sweeps, by the kernel's own builder: runs whose rate and distortion fall and rise with β as theory has it. */
import { reconstructions } from '../../../kernel/views/reconstructions';
import { bestRuns, encodeSweep, plainSweep } from '../../../kernel/views/sweep/sweep';
import type { SweepInput, SweepRunInput } from '../../../kernel/views/sweep/sweep';
import { CLASSES, PIXELS, SHAPE } from './fashion';
import { fitted, seeded } from './fitted';

export const BETAS = [0.25, 0.5, 1, 2, 4, 8, 16, 32];
export const SEEDS = [1, 2, 3, 4, 5];

/** A β-VAE's run: rate R falls and distortion D rises with β, their slope is −β up to noise of the seed. */
export function sweepRun(number: number, beta: number, seed: number, more: Partial<SweepRunInput> = {}): SweepRunInput {
  const random = seeded(1000 * beta + seed);
  const noise = () => random() + random() - 1;
  const rate = 22 / (1 + beta ** 0.8) + 0.6 * noise();
  const distortion = 205 + 14 * Math.log1p(beta) ** 1.4 + 1.6 * noise();
  const steps = Array.from({ length: 60 }, (_, i) => 20 * (i + 1));
  const fall = (end: number, height: number, late: number) =>
    steps.map((step) => end + height * Math.exp(-step / late) + 0.4 * noise());
  const [r, d] = [fall(rate, -rate * 0.9, 160), fall(distortion, 240, 90)];
  const total = d.map((value, i) => value + beta * r[i]!);
  const series = (name: string, values: number[]) =>
    (['train', 'validation'] as const).map((split) => ({
      ...{ name, split, steps },
      values: values.map((value) => value * (split === 'train' ? 0.99 : 1)),
    }));
  return {
    ...{ number, state: 'done', parameters: { beta, likelihood: 'bernoulli', hidden: [400, 200] }, seed },
    metrics: { rate, distortion, elbo: -(rate + distortion), 'validation.total': distortion + beta * rate },
    ...{ seconds: 31 + 4 * random(), notebook: true, stepsPerEpoch: 120, lastStep: 1200 },
    curves: [...series('total', total), ...series('reconstruction', d), ...series('kl', r)],
    ...more,
  };
}

export function sweepInput(id = 'sweep', change: (run: SweepRunInput) => SweepRunInput = (run) => run): SweepInput {
  const runs = BETAS.flatMap((beta, b) => SEEDS.map((seed, s) => change(sweepRun(5 * b + s + 1, beta, seed))));
  return {
    ...{ id, title: 'Sweep beta', folder: 'beta.sweep', place: '/home/ada/beta.sweep', runs, notes: [] },
    metrics: [{ name: 'elbo', better: 'higher' }],
  };
}

/** Forty runs over eight values of β with five seeds: one failed, one continues, one is still to come. */
export function sweepView(id = 'sweep', isLive = false) {
  const broken = { metrics: {}, curves: [], notebook: true };
  const input = sweepInput(id, (run) => {
    if (run.number === 14) return { ...run, ...broken, state: 'failed', reason: 'cell 4: kl became NaN at step 210' };
    if (!isLive) return run;
    if (run.number === 39) return { ...run, state: 'running', metrics: {}, notebook: false };
    return run.number === 40 ? { ...run, ...broken, state: 'waiting', notebook: false } : run;
  });
  const sweep = plainSweep(input);
  const pictures = bestRuns(sweep)
    .slice(0, 3)
    .map(({ run }) => ({ run, view: pictureOf(run), source: 'its executed notebook, cell 7' }));
  return encodeSweep(sweep, pictures);
}

/** Before the first run has trained. */
export function sweepBegun() {
  return encodeSweep(
    plainSweep(
      sweepInput('begun', (run) => ({
        ...run,
        state: 'waiting',
        metrics: {},
        curves: [],
        notebook: false,
        seconds: undefined,
      })),
    ),
  );
}

/** A thousand runs of a random search over four parameters. */
export function thousandRuns(id = 'thousand') {
  const random = seeded(9);
  const names = ['adam', 'adamw', 'sgd'];
  const runs = Array.from({ length: 1000 }, (_, i) => {
    const beta = 10 ** (3 * random() - 1.5);
    const parameters = {
      beta,
      learningRate: 10 ** (-4 + 2 * random()),
      latent: 2 + Math.floor(30 * random()),
      optimizer: names[i % 3],
    };
    return sweepRun(i + 1, beta, i, { parameters });
  });
  return encodeSweep(plainSweep({ ...sweepInput(id), runs }));
}

function pictureOf(run: number) {
  const { images, pca } = fitted();
  const few = { n: 10, pixels: images.pixels.slice(0, 10 * PIXELS), labels: images.labels.slice(0, 10) };
  return reconstructions({
    ...{ id: `picture-${run}`, sampleShape: SHAPE, inputs: few.pixels },
    methods: [{ name: 'β-VAE, 10 latents', samples: pca.decode(pca.encode(few, 6), 6) }],
    labels: few.labels.map((label) => CLASSES[label]!),
  });
}
