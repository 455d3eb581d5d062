/** One of each view, built by the kernel's own builders from real images and plausible trainings. */
import { MIME } from '../../../kernel/views/types';
import type { SampleShape, TrainingProgress } from '../../../kernel/views/types';
import { comparison } from '../../../kernel/views/comparison';
import { codebookHistogram } from '../../../kernel/views/codebookHistogram';
import { derivationChecks } from '../../../kernel/views/derivationChecks';
import { latentScatter } from '../../../kernel/views/latentScatter';
import { lastRunOf } from '../../../kernel/views/lastRun';
import { lossCurves } from '../../../kernel/views/lossCurves';
import type { LossHistory } from '../../../kernel/views/lossCurves';
import { reconstructions } from '../../../kernel/views/reconstructions';
import { CLASSES, PIXELS, SHAPE } from './fashion';
import { fitted, seeded } from './fitted';

export { fitted, MIME, seeded };
export * from './pictureViews';

export const STEPS_PER_EPOCH = 62;

/** A VAE's training up to a step: a falling reconstruction, a rising KL under a warm-up, validation once an epoch. */
export function history(
  steps: number,
  options: { epochs?: number; state?: TrainingProgress['state'] } = {},
): LossHistory {
  const { epochs = 15, state = 'done' } = options;
  const random = seeded(7);
  const noise = () => random() + random() + random() - 1.5;
  const series = (name: string, split: 'train' | 'validation') => ({
    name,
    split,
    steps: [] as number[],
    values: [] as number[],
  });
  const [total, reconstruction, kl] = ['total', 'reconstruction', 'kl'].map((name) => series(name, 'train'));
  const validation = ['total', 'reconstruction', 'kl'].map((name) => series(name, 'validation'));
  const beta = { name: 'β', steps: [] as number[], values: [] as number[] };
  for (let step = 1; step <= steps; step++) {
    const weight = Math.min(1, step / 200);
    const fit = 228 + 300 * Math.exp(-step / 22) + 40 * Math.exp(-step / 260);
    const divergence = 6.4 * (1 - Math.exp(-step / 90)) + 5 * Math.exp(-(((step - 40) / 30) ** 2));
    const measured = [fit + 7 * noise(), divergence + 0.25 * noise()];
    const add = (to: { steps: number[]; values: number[] } | undefined, value: number) => {
      to?.steps.push(step);
      to?.values.push(value);
    };
    add(reconstruction, measured[0]!);
    add(kl, measured[1]!);
    add(total, measured[0]! + weight * measured[1]!);
    add(beta, weight);
    if (step % STEPS_PER_EPOCH !== 0) continue;
    const overfit = 2.5 + step / 400;
    [fit + divergence + overfit, fit + overfit, divergence].forEach((value, i) => add(validation[i], value));
  }
  const totalSteps = epochs * STEPS_PER_EPOCH;
  const progress: TrainingProgress = {
    ...{ state, step: steps, totalSteps, epochs },
    epoch: Math.max(1, Math.ceil(steps / STEPS_PER_EPOCH)),
    secondsElapsed: steps * 0.047,
    ...(state === 'running' && steps > 20 && { secondsLeft: (totalSteps - steps) * 0.047 }),
  };
  return {
    ...{ title: 'VAE, 2 latents', unit: 'nats per image', stepsPerEpoch: STEPS_PER_EPOCH },
    ...{ series: [total!, reconstruction!, kl!, ...validation], schedules: [beta], progress, notes: [] },
  };
}

export function lossView(steps = 930, id = 'losses', options: Parameters<typeof history>[1] = {}) {
  return lossCurves(history(steps, options), { id });
}

/** The divergence of each of k dimensions at the end of an epoch: a third of them are taken up, one after the other. */
export function divergences(epoch: number, k: number): number[] {
  const random = seeded(k);
  return Array.from({ length: k }, (_, j) => {
    const [size, starts] = [0.6 + 2.2 * random(), 4 * random()];
    const isUsed = j % 3 === 1;
    return isUsed ? size * (1 - Math.exp(-Math.max(0, epoch - starts) / 2)) : 0.004 + 0.25 * Math.exp(-epoch);
  });
}

/** {@link history} with all that a kernel knows of a training beside its terms. */
export function fullHistory(steps = 930, k = 16, options: Parameters<typeof history>[1] = {}): LossHistory {
  const trained = history(steps, options);
  const random = seeded(19);
  const all = Array.from({ length: steps }, (_, i) => i + 1);
  const measure = (name: string, of: (step: number) => number) => ({ name, steps: all, values: all.map(of) });
  const epochs = Math.floor(steps / STEPS_PER_EPOCH);
  const values = Array.from({ length: epochs }, (_, i) => {
    const klPerDimension = divergences(i + 1, k);
    const variancePerDimension = klPerDimension.map((nats) => (nats > 0.3 ? 0.5 : 0.001));
    const activeUnits = variancePerDimension.filter((variance) => variance > 0.01).length;
    const mutualInformation = Math.min(6.2, klPerDimension.reduce((a, b) => a + b)); // prettier-ignore
    return { activeUnits, mutualInformation, klPerDimension, variancePerDimension };
  });
  return {
    ...trained,
    measures: [
      measure('gradient norm', (step) => (30 + 400 * Math.exp(-step / 40)) * (0.6 + 0.8 * random() ** 3)),
      measure('samples per second', () => 8200 + 900 * (random() - 0.5)),
      measure('learning rate', (step) => 1e-3 * 0.5 * (1 + Math.cos((Math.PI * step) / 930))),
    ],
    figures: { steps: values.map((_, i) => (i + 1) * STEPS_PER_EPOCH), values },
    weights: { kl: 'β' },
  };
}

export function fullLossView(steps?: number, k?: number, id = 'full') {
  return lossCurves(fullHistory(steps, k), { id });
}

/** A training whose cell had run before with another β, for longer. */
export function rerunView(steps = 620, id = 'rerun', options: Parameters<typeof history>[1] = {}) {
  const before = history(930);
  for (const { values } of before.series) values.forEach((value, i) => (values[i] = value + 9));
  const note = 'Changed since the last run of this cell: objective.beta 4 → 1; epochs 15 → 10.';
  const lastRun = { ...lastRunOf(before)!, note };
  return lossCurves(history(steps, { epochs: 10, ...options }), { id, lastRun });
}

/** Two settings of the same training, the second with three seeds and four units worse, as noise of its own. */
export function comparisonView(id = 'comparison') {
  const worse = [1, 2, 3].map((seed) => {
    const random = seeded(seed);
    const one = history(700);
    for (const { values } of one.series) values.forEach((value, i) => (values[i] = value + 4 + 6 * (random() - 0.5)));
    return one;
  });
  const groups = [
    { name: 'β = 1', runs: [history(930)] },
    { name: 'β = 4', runs: worse },
  ];
  return comparison({ id, groups });
}

export function axis(low: number, high: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
}

export function scatterView(options: { id?: string; d?: number; grid?: boolean; decodes?: boolean } = {}) {
  const { id = 'scatter', d = 2, grid = true, decodes = true } = options;
  const { images, pca } = fitted();
  const [xs, ys] = [axis(-6, 10, 15), axis(-6, 8, 13)];
  const decoded = grid
    ? pca.decode(
        ys.flatMap((y) => xs.flatMap((x) => [x, y])),
        2,
      )
    : undefined;
  return latentScatter({
    id,
    title: 'Latent space of VAE, 2 latents',
    points: pca.encode(images, d),
    dimensions: d,
    labels: images.labels,
    classNames: CLASSES,
    sampleShape: SHAPE,
    decodes,
    grid: decoded === undefined ? null : { xs, ys, samples: decoded },
  });
}

export function reconstructionView(n = 10, id = 'reconstructions') {
  const { images, pca } = fitted();
  const inputs = images.pixels.slice(0, n * PIXELS);
  const few = { n, pixels: inputs, labels: images.labels.slice(0, n) };
  const method = (components: number, name: string, meanSquaredError: number) => ({
    name,
    samples: pca.decode(pca.encode(few, components), components),
    heldOut: { meanSquaredError, count: 2000 },
  });
  return reconstructions({
    ...{ id, sampleShape: SHAPE, inputs },
    methods: [method(16, 'VAE, 2 latents', 25.31), method(2, 'PCA, 2 components', 36.12)],
    labels: few.labels.map((label) => CLASSES[label]!),
  });
}

export function galleryView(n = 24, id = 'gallery') {
  const { pca } = fitted();
  const random = seeded(3);
  const z = Float32Array.from({ length: n * 16 }, (_, i) => (random() + random() - 1) * (8 / (1 + (i % 16))));
  return reconstructions({
    ...{ id, title: 'Samples from the prior', sampleShape: SHAPE, inputs: null },
    methods: [{ name: 'VAE, 2 latents', samples: pca.decode(z, 16) }],
  });
}

export const FEATURES = ['temperature', 'pressure', 'humidity', 'wind', 'visibility', 'cloud', 'rain', 'dew point'];
export const VECTOR_SHAPE: SampleShape = { kind: 'vector', features: FEATURES };

export function vectorView(n = 6, id = 'vectors') {
  const random = seeded(11);
  const inputs = Float32Array.from({ length: n * 8 }, (_, i) => Math.sin(i * 1.3) + (random() - 0.5));
  const near = (noise: number) => inputs.map((value) => value * (1 - noise / 2) + (random() - 0.5) * noise);
  return reconstructions({
    ...{ id, sampleShape: VECTOR_SHAPE, inputs },
    methods: [
      { name: 'AE, 3 latents', samples: near(0.3), heldOut: { meanSquaredError: 0.21, count: 500 } },
      { name: 'PCA, 3 components', samples: near(0.8) },
    ],
  });
}

/** A codebook with a long tail, and codes that were never used. */
export function codebookView(k = 128, dead = 9, id = 'codebook') {
  const random = seeded(5);
  const counts = Array.from({ length: k }, (_, code) =>
    code % Math.max(1, Math.floor(k / Math.max(1, dead))) === 3 && code < (dead * k) / dead
      ? 0
      : 1 + Math.floor(700 * random() ** 3 + 20 * random()),
  );
  return codebookHistogram({
    id,
    title: 'Codebook of VQ-VAE, 128 codes',
    counts,
    window: '2,000 held-out images × 8 codes',
  });
}

/** Exact, estimated, one-sided and failed identities. */
export function checksView(id = 'checks') {
  const exact = (value: number, code = '') => ({ value, standardError: 0, code });
  return derivationChecks({
    id,
    title: 'The bound and its gap',
    rows: [
      {
        identity: '\\log p(x) = \\mathcal L(q) + \\mathrm{KL}(q(z) \\,\\|\\, p(z|x))',
        left: exact(-3.218912, '() => logNormal(x, b, w * w + s2)'),
        right: exact(
          -3.218912 + 2e-9,
          '() => bound(q) + klNormal(q.mean, q.variance, posterior.mean, posterior.variance)',
        ),
        ...{ relation: '=', tolerance: 1e-8, holds: true, seed: 0 },
      },
      {
        identity: '\\mathbb E_{q(z|x)}[\\log p(x|z)] - \\mathrm{KL}(q(z|x) \\,\\|\\, p(z)) \\le \\log p(x)',
        left: { value: -3.41, standardError: 0.0123, code: '(seed) => estimate(bounds(10_000, seed))' },
        right: exact(-3.218912),
        ...{ relation: '≤', tolerance: 0.05, holds: true, seed: 7 },
        place: { cell: 'cell 3', line: 5, viewId: 'other' },
      },
      {
        identity:
          '\\frac{1}{2}\\sum_{j=1}^k \\left(\\mu_j^2 + \\sigma_j^2 - \\log \\sigma_j^2 - 1\\right) = \\mathrm{KL}',
        left: exact(1.25),
        right: exact(1.75),
        ...{ relation: '=', tolerance: 1e-5, holds: false, seed: 0 },
      },
    ],
  });
}

/** An exercise before an answer, with a wrong one, and solved. */
export function exerciseView(id = 'exercise') {
  const exact = (value: number) => ({ value, standardError: 0, code: '() => root(9)' });
  const row = (value: number, exercise: 'unsolved' | 'attempted' | 'solved') => ({
    identity: '\\sqrt 9 = 3',
    left: exact(value),
    right: exact(exercise === 'unsolved' ? NaN : 3),
    ...{ relation: '=' as const, tolerance: 1e-5, holds: exercise === 'solved', exercise, seed: 0 },
  });
  const rows = [row(NaN, 'unsolved'), row(2, 'attempted'), row(3, 'solved')];
  return derivationChecks({ id, title: 'Exercise 1', rows });
}
