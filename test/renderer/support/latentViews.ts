/** Latent scatters with what they have beside their points. */
import { encode } from '../../../kernel/views/encoding';
import { latentScatter } from '../../../kernel/views/latentScatter';
import { fitted, scatterView, seeded } from './sampleViews';

/** Coloured on a scale, with frames of its past: the first components, spreading out from their middle. */
export function followedView(id = 'followed') {
  const view = scatterView({ id, d: 16 });
  const { images, pca } = fitted();
  const points = pca.encode(images, 16);
  const rows = Array.from({ length: 100 }, (_, i) => 15 * i);
  const frame = (share: number) =>
    rows.flatMap((row) => Array.from(points.subarray(row * 16, row * 16 + 16), (one) => one * share));
  const latents = encode('float32', [0.2, 0.5, 0.8].flatMap(frame), [3, 100, 16]);
  const frames = {
    rows: encode('int32', rows),
    epochs: [0, 5, 10],
    steps: [0, 310, 620],
    stride: 5,
    latents,
    aligned: latents,
  };
  return { ...view, frames, colourBy: 'norm', trained: { steps: 930, epochs: 15 } };
}

/** Components of the latents of {@link scatterView}, which are uncorrelated: the dimensions themselves, from their mean. */
export function firstComponents(d: number, k: number) {
  const { images, pca } = fitted();
  const points = pca.encode(images, d);
  const n = points.length / d;
  const mean = Array.from({ length: d }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += points[i * d + j]!;
    return sum / n;
  });
  const directions = Array.from({ length: k * d }, (_, i) => (Math.floor(i / d) === i % d ? 1 : 0));
  const scores = Array.from({ length: n * k }, (_, i) => points[Math.floor(i / k) * d + (i % k)]! - mean[i % k]!);
  return {
    mean: encode('float32', mean),
    directions: encode('float32', directions, [k, d]),
    scores: encode('float32', scores, [n, k]),
    shares: encode(
      'float32',
      Array.from({ length: k }, (_, i) => 0.4 / (i + 1)),
    ),
  };
}

/** Points without classes, decoded to five measurements. */
export function vectorScatterView(id = 'vector scatter') {
  const random = seeded(8);
  const [xs, ys] = [[-2, -1, 0, 1, 2], [-2, 0, 2]]; // prettier-ignore
  return latentScatter({
    ...{ id, title: 'Latent space of measurements', dimensions: 2, decodes: true },
    points: Float32Array.from({ length: 800 }, () => 5 * (random() - 0.5)),
    sampleShape: { kind: 'vector', features: ['age', 'weight', 'height', 'pulse', 'sugar'] },
    grid: { xs, ys, samples: Array.from({ length: 75 }, (_, i) => Math.sin(1.3 * i) * (i % 7)) },
  });
}
