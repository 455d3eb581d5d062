/** Latent scatters with what they have beside their points. */
import { encode } from '../../../kernel/views/encoding';
import { fitted, scatterView } from './sampleViews';

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
