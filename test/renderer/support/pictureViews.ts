/** Views of other samples than images, of traversals, anomalies and metrics, by the kernel's own builders. */
import { anomalies } from '../../../kernel/views/anomalies';
import { metrics } from '../../../kernel/views/metrics';
import { reconstructions } from '../../../kernel/views/reconstructions';
import { traversal, traversalPoints } from '../../../kernel/views/traversal';
import { CLASSES, PIXELS, SHAPE } from './fashion';
import { fitted, seeded } from './fitted';

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
  const all = variances.map((variance, index) => {
    const reach = 2 * Math.sqrt(variance);
    return { index, name: `z${'₁₂₃₄₅₆₇₈'[index]!}`, value: variance, low: -reach, high: reach };
  });
  const dimensions = all.sort((a, b) => b.value - a.value).slice(0, kept);
  const anchors = [
    { name: `the mean of 1,500 encoded samples`, z: Array.from({ length: k }, () => 0) },
    { name: 'row 0 · Ankle boot', z: Array.from(encoded.slice(0, k)) },
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
