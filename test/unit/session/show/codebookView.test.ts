import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset, VQVAE } from '../../../../kernel/autoencoders/index';
import { connectSession } from '../../../../kernel/session/current';
import type { Session } from '../../../../kernel/session/session';
import { codebookHistogram } from '../../../../kernel/session/show/codebook/codebookView';
import { LiveViews } from '../../../../kernel/session/show/liveViews';
import { decode } from '../../../../kernel/views/encoding';
import type { CodePatches } from '../../../../kernel/views/types';

const views = new LiveViews(() => undefined);
beforeAll(async () => {
  await tf.setBackend('cpu');
  connectSession({ views } as unknown as Session, { name: 'cpu', detail: '' } as never);
});

const N = 24;
/** Images of 8 × 8 pixels in [0, 1]. */
const pixels = Array.from({ length: N }, (_, n) =>
  Array.from({ length: 8 }, (_, y) => Array.from({ length: 8 }, (_, x) => (1 + Math.sin(n + y * 2.1 + x * x)) / 2)),
);
const images = () => Dataset.from({ values: Float32Array.from(pixels.flat(2)), shape: [N, 8, 8] });
const model = () =>
  new VQVAE({ input: images().shape, positions: [2, 2], hidden: [16], codebookSize: 8, codeDimension: 3, seed: 1 });

describe('a codebook view of images', () => {
  it('holds the codes of the model, the regions that each was given, and where codes lie', async () => {
    const vqvae = model();
    const data = images();
    await vqvae.fit(data, { epochs: 2, batchSize: 8 });
    const tensors = tf.memory().numTensors;
    const { view } = await codebookHistogram(vqvae, data, { images: 3 });
    expect(tf.memory().numTensors).toBe(tensors);
    const [rows, columns] = vqvae.codeGrid as [number, number];
    const codes = [...vqvae.codes(data).dataSync()];
    expect([...decode(view.maps!.codes)]).toEqual(codes.slice(0, 3 * rows * columns));
    const counts = Array.from({ length: vqvae.codebookSize }, (_, code) => codes.filter((one) => one === code).length);
    expect([...decode(view.counts)]).toEqual(counts);
    expect(decode(view.plane!.points)).toHaveLength(2 * vqvae.codebookSize);
    // The loss has the mean of the errors over all vectors.
    const errors = [...vqvae.quantizationErrors(data).dataSync()];
    const { commitment } = await vqvae.score(data);
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeCloseTo(commitment!, 4);
    checkPatches(view.patches!, codes, errors, rows * columns);
    // The model is whole: its codes were looked at and not disposed of.
    expect([...vqvae.codes(data).dataSync()]).toEqual(codes);
    const result = await views.answer(view.id, { kind: 'patches', code: codes[0]! });
    checkPatches((result as { patches: CodePatches }).patches, codes, errors, rows * columns, [codes[0]!]);
    await expect(views.answer(view.id, { kind: 'patches', code: 99 })).rejects.toThrow('codes from 0 to 7; found 99');
  });

  it('tells how use went over a training, where its history is given', async () => {
    const vqvae = model();
    const history = await vqvae.fit(images(), { epochs: 3, batchSize: 8 });
    const { view } = await codebookHistogram(vqvae, images(), { history });
    const course = new Map(view.course!.map(({ name, values }) => [name, [...decode(values)]]));
    expect(course.get('deadCodes')!.length).toBeGreaterThan(0);
    // The last epoch's counts are those of the model as it is, over the samples that diagnostics look at: all of them.
    expect(course.get('codeCounts')!.slice(-8)).toEqual([...decode(view.counts)]);
  });
});

function checkPatches(patches: CodePatches, codes: number[], errors: number[], positions: number, of?: number[]): void {
  const [own, from, off] = [patches.codes, patches.rows, patches.errors!].map((array) => [...decode(array)]);
  const { height, width } = patches.shape;
  const values = decode(patches.samples);
  for (const code of of ?? [...new Set(codes)]) {
    const places = codes.flatMap((one, place) => (one === code ? [place] : []));
    places.sort((a, b) => errors[a]! - errors[b]! || a - b);
    const shown = own!.flatMap((one, i) => (one === code ? [i] : []));
    expect(shown.length).toBe(Math.min(places.length, 8));
    shown.forEach((i, at) => {
      expect(from![i]).toBe(Math.floor(places[at]! / positions));
      expect(off![i]).toBeCloseTo(errors[places[at]!]!, 5);
      const side = Math.sqrt(positions);
      const cell = places[at]! % positions;
      const [top, left] = [Math.floor(cell / side) * (8 / side), (cell % side) * (8 / side)];
      const level = Math.round(pixels[from![i]!]![top]![left]! * 255);
      expect(values[(i * height + patches.region.top) * width + patches.region.left]).toBe(level);
    });
  }
}
