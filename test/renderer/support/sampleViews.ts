/** One of each view, built by the kernel's own builders from real images and plausible trainings. */
import { MIME } from '../../../kernel/views/types';
import type { SampleShape, TrainingProgress } from '../../../kernel/views/types';
import { anomalies } from '../../../kernel/views/anomalies';
import { codeMapsOf, nearestPlaces, savedPatches } from '../../../kernel/session/show/codebook/patches';
import { comparison } from '../../../kernel/views/comparison';
import { codebookHistogram } from '../../../kernel/views/codebookHistogram';
import { encode } from '../../../kernel/views/encoding';
import { derivationChecks } from '../../../kernel/views/derivationChecks';
import { latentScatter } from '../../../kernel/views/latentScatter';
import { lastRunOf } from '../../../kernel/views/lastRun';
import { lossCurves } from '../../../kernel/views/lossCurves';
import type { LossHistory } from '../../../kernel/views/lossCurves';
import { metrics } from '../../../kernel/views/metrics';
import { reconstructions } from '../../../kernel/views/reconstructions';
import { traversal, traversalPoints } from '../../../kernel/views/traversal';
import { CLASSES, fashion, Pca, PIXELS, SHAPE } from './fashion';

export { MIME };

/** Seeded numbers in 0…1 (mulberry32), so that every run draws the same figures. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

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

let cached: { images: ReturnType<typeof fashion>; pca: Pca } | undefined;

/** Principal components of 1,500 images, fitted once in a process. */
export function fitted() {
  if (cached === undefined) {
    const images = fashion(1500);
    cached = { images, pca: Pca.fit(images, 16) };
  }
  return cached;
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

/** Patients' measurements as a VAE sees them, standardised, with their units in their names. */
export function standardisedView(n = 5, id = 'standardised') {
  const features = ['age (years)', 'blood pressure [mmHg]', 'glucose (mmol/L)', 'smoker'];
  const random = seeded(21);
  const inputs = Float32Array.from({ length: n * 4 }, () => 2.4 * (random() - 0.5));
  return reconstructions({
    ...{ id, sampleShape: { kind: 'vector', features }, inputs },
    methods: [{ name: 'VAE, 2 latents', samples: inputs.map((value) => 0.8 * value + 0.1 * (random() - 0.5)) }],
    standardization: { mean: Float32Array.of(54, 128, 5.5, 0.3), scale: Float32Array.of(12, 16, 1.2, 0.46) },
  });
}

/** A square that moves to the right, and a model that blurs it: film strips of 12 frames. */
export function framesView(n = 6, id = 'frames') {
  const [frames, size] = [12, 16];
  const random = seeded(2);
  const draw = (soft: number, i: number, start: number) =>
    Array.from({ length: frames * size * size }, (_, at) => {
      const [t, y, x] = [Math.floor(at / size / size), Math.floor(at / size) % size, at % size];
      const left = (start + t) % size;
      const off = Math.max(Math.abs(x - left - 2) - 2, Math.abs(y - 5 - i) - 2, 0);
      return off === 0 ? 1 : Math.exp(-off / soft);
    });
  const starts = Array.from({ length: n }, () => Math.floor(random() * size));
  return reconstructions({
    ...{ id, sampleShape: { kind: 'image', height: frames * size, width: size, channels: 1 } },
    inputs: starts.flatMap((start, i) => draw(0.01, i, start)),
    methods: [{ name: 'TD-VAE, 8 latents', samples: starts.flatMap((start, i) => draw(1.2, i, start)) }],
    labels: starts.map(() => 'right'),
    layout: { kind: 'frames', count: frames },
  });
}

export const SOUND_RATE = 8000;

/** Chirps, each with two overtones; the model loses the upper one. */
export function soundView(n = 4, id = 'sound') {
  const length = 2048;
  const chirp = (i: number, overtones: number) =>
    Array.from({ length }, (_, t) => {
      const phase = 2 * Math.PI * ((200 + 150 * i) * (t / SOUND_RATE) + 900 * (t / SOUND_RATE) ** 2);
      const tones = [1, 2, 4].slice(0, overtones).map((k) => Math.sin(k * phase) / (1.5 * k));
      return 0.6 * tones.reduce((sum, tone) => sum + tone, 0);
    });
  const of = (overtones: number) => Array.from({ length: n }, (_, i) => chirp(i, overtones)).flat();
  return reconstructions({
    ...{ id, sampleShape: { kind: 'vector', features: Array.from({ length }, (_, i) => `${i / SOUND_RATE} s`) } },
    inputs: of(3),
    methods: [{ name: 'VAE, 16 latents', samples: of(2) }],
    layout: { kind: 'sound', rate: SOUND_RATE },
  });
}

/** Two measurements over forty steps. */
export function stepsView(n = 3, id = 'steps') {
  const [steps, features] = [40, ['heart rate', 'oxygen']];
  const random = seeded(13);
  const at = (i: number, t: number, j: number) => Math.sin((t * (j + 1)) / 6 + i) + (j === 1 ? 0.3 * Math.sin(t) : 0);
  const values = (noise: number) =>
    Array.from(
      { length: n * steps * 2 },
      (_, k) =>
        at(Math.floor(k / steps / 2), Math.floor(k / 2) % steps, k % 2) * (1 - noise) + noise * (random() - 0.5),
    );
  return reconstructions({
    ...{
      id,
      sampleShape: {
        kind: 'vector',
        features: Array.from({ length: steps * 2 }, (_, k) => `${features[k % 2]}, step ${k >> 1}`),
      },
    },
    inputs: values(0),
    methods: [{ name: 'HMVAE, 4 latents', samples: values(0.25) }],
    layout: { kind: 'steps', steps, features },
  });
}

/** Around the mean of the images, each of eight components as far as it reaches. */
export function traversalView(id = 'traversal', options: { decodes?: boolean; dimensions?: number } = {}) {
  const { decodes = true, dimensions: kept = 8 } = options;
  const { images, pca } = fitted();
  const [k, steps] = [8, 9];
  const encoded = pca.encode(images, k);
  const column = (j: number) => Array.from({ length: images.n }, (_, i) => encoded[i * k + j]!);
  const variances = Array.from({ length: k }, (_, j) => column(j).reduce((sum, z) => sum + z * z, 0) / images.n);
  const dimensions = variances.slice(0, kept).map((variance, index) => {
    const reach = 2 * Math.sqrt(variance);
    return { index, name: `z${'₁₂₃₄₅₆₇₈'[index]!}`, value: variance, low: -reach, high: reach };
  });
  const anchors = [
    { name: `the mean of 1,500 encoded samples`, z: Array.from({ length: k }, () => 0) },
    { name: 'sample 1 · Ankle boot', z: Array.from(encoded.slice(0, k)) },
  ];
  const points = traversalPoints(anchors[0]!.z, dimensions, steps);
  return traversal({
    ...{ id, title: 'Latent traversal of VAE, 8 latents', sampleShape: SHAPE, latentDimensions: k, steps, decodes },
    ...{ dimensions, anchors, measure: 'variance', samples: pca.decode(Float32Array.from(points.flat()), k) },
  });
}

/** Bags among shoes: components of the shoes make bags badly. */
export async function anomaliesView(id = 'anomalies', options: { known?: boolean } = {}) {
  const { known = true } = options;
  const { images, pca } = fitted();
  const anomalous = Array.from(images.labels, (label) => label === 8);
  const made = pca.decode(pca.encode(images, 6), 6);
  const scores = Float32Array.from(anomalous, (bag, i) => {
    let sum = 0;
    for (let j = i * PIXELS; j < (i + 1) * PIXELS; j++) sum += (images.pixels[j]! - made[j]!) ** 2;
    return bag ? 1.6 * sum : sum;
  });
  const normal = scores.filter((_, i) => !anomalous[i]).sort();
  const positives = anomalous.filter(Boolean).length;
  let wins = 0;
  scores.forEach((one, i) => {
    if (anomalous[i]) wins += scores.filter((other, j) => !anomalous[j] && other < one).length;
  });
  return anomalies({
    ...{ id, title: 'Anomalies by VAE, 6 latents', score: 'squared error', unit: '', scores },
    ...{ anomalous: known ? anomalous : null, reference: normal.slice(0, 400) },
    ...{
      threshold: normal[Math.ceil(0.95 * normal.length) - 1]!,
      thresholdSource: 'the 95 % quantile of 400 normal samples',
    },
    areaUnderRoc: known ? wins / positives / (scores.length - positives) : null,
    ...{ sampleShape: SHAPE, values: images.pixels, labels: Array.from(images.labels, (label) => CLASSES[label]!) },
    reconstruct: (indices) => {
      const rows = indices.flatMap((i) => Array.from(made.subarray(i * PIXELS, (i + 1) * PIXELS)));
      return Promise.resolve(Float32Array.from(rows));
    },
  });
}

/** Three models, the last without a bound. */
export function metricsView(id = 'metrics') {
  const one = (value: number, standardError = 0, count = 1) => ({ value, standardError, count });
  return metrics({
    id,
    title: 'Fashion-MNIST, held out',
    models: ['VAE', 'β-VAE, β = 4', 'PCA'],
    metrics: [
      { name: 'squared error', unit: '', better: 'lower' },
      { name: 'ELBO', unit: 'nats', better: 'higher' },
      { name: 'parameters', unit: '', better: null },
    ],
    cells: [
      [one(25.3124, 0.1234, 2000), one(-236.04, 0.51, 2000), one(410_384)],
      [one(29.8812, 0.141, 2000), one(-241.9, 0.48, 2000), one(410_384)],
      [one(24.1, 0.098, 2000), null, one(2352)],
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

/** A codebook of 2 · 2 pixel means of real images: what each code stands for is seen in its patches. */
export function fullCodebookView(id = 'codes', k = 64, live = false) {
  const images = fashion(60);
  const [side, grid] = [28, 7];
  const values = images.pixels;
  const cells: number[][] = [];
  for (let cell = 0; cell < images.n * grid * grid; cell++) {
    const [image, at] = [Math.floor(cell / (grid * grid)), cell % (grid * grid)];
    const means = [0, 1, 2, 3].map((quarter) => {
      let sum = 0;
      for (let p = 0; p < 4; p++) {
        const y = Math.floor(at / grid) * 4 + (quarter >> 1) * 2 + (p >> 1);
        const x = (at % grid) * 4 + (quarter & 1) * 2 + (p & 1);
        sum += values[image * side * side + y * side + x]!;
      }
      return sum / 4;
    });
    cells.push(means);
  }
  const random = seeded(23);
  const codebook = Array.from({ length: k }, () => cells[Math.floor(random() * cells.length)]!);
  const off = (cell: number[], code: number) =>
    codebook[code]!.reduce((sum, value, i) => sum + (value - cell[i]!) ** 2, 0);
  const codes = Int32Array.from(cells, (cell) => codebook.reduce((best, _, code) => (off(cell, code) < off(cell, best) ? code : best), 0)); // prettier-ignore
  const errors = Float32Array.from(cells, (cell, i) => off(cell, codes[i]!));
  const counts = new Int32Array(k);
  for (const code of codes) counts[code]! += 1;
  const shape = { kind: 'image', height: side, width: side, channels: 1 } as const;
  const coded = { shape, values, grid: [grid, grid] as [number, number], codes, errors };
  const places = nearestPlaces(coded, k);
  const kept = live ? places.map((own, code) => (counts[code]! > 60 ? own : own.subarray(0, 0))) : places;
  const epochs = Array.from({ length: 12 }, (_, i) => i + 1);
  const codeCounts = epochs.map((epoch) => [...counts].map((uses, code) => (code < 8 * epoch ? uses : 0)));
  const figures = codeCounts.map((each) => {
    const deadCodes = each.filter((uses) => uses === 0).length;
    return { codebookUsage: 1 - deadCodes / k, codebookPerplexity: (k - deadCodes) * 0.6, deadCodes, codeCounts: each };
  });
  const points = codebook.flatMap(([a, b, c, d]) => [a! + b! + c! + d!, a! + b! - c! - d!]);
  const view = codebookHistogram({
    ...{ id, title: `Codebook of VQ-VAE, ${k} codes`, counts, window: '60 held-out images × 49 codes' },
    plane: { points: encode('float32', points, [k, 2]), explained: [0.78, 0.12] },
    ...{ patches: savedPatches(coded, kept, counts), maps: codeMapsOf(coded, 4) },
    course: { steps: epochs.map((epoch) => epoch * STEPS_PER_EPOCH), values: figures },
  });
  return { view, coded, counts, errors, places };
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
