import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset, DiagonalGaussian } from '../../../../kernel/autoencoders/index';
import { connectSession } from '../../../../kernel/session/current';
import type { Session } from '../../../../kernel/session/session';
import { LiveViews } from '../../../../kernel/session/show/liveViews';
import { traverse } from '../../../../kernel/session/show/traverse';
import { decode } from '../../../../kernel/views/encoding';
import { bundle, MIME, type Sample } from '../../../../kernel/views/index';

const views = new LiveViews(() => undefined);

beforeAll(async () => {
  await tf.setBackend('cpu');
  connectSession({ views } as Session, { name: 'cpu' } as unknown as Parameters<typeof connectSession>[1]);
});

/** Latents are the first two features; what is decoded is [z₁, z₂, 2 z₁ + z₂]. */
const linear = {
  name: 'linear',
  latentDimensions: 2,
  inputShape: { kind: 'vector', features: ['a', 'b', 'c'] } as const,
  encode: (data: Dataset) => tf.tensor2d(data.values, [data.length, 3]).slice([0, 0], [-1, 2]) as tf.Tensor2D,
  decode: (z: tf.Tensor2D): tf.Tensor2D => tf.matMul(z, tf.tensor2d([1, 0, 2, 0, 1, 1], [2, 3])),
};

/** With a posterior whose deviations are 0.5 in the first dimension, 1 in the second. */
const variational = {
  ...linear,
  posterior: (data: Dataset) =>
    new DiagonalGaussian(
      linear.encode(data),
      tf.tensor2d(
        Array.from({ length: data.length }, () => [2 * Math.log(0.5), 0]),
        [data.length, 2],
      ),
    ),
};

const rows = [
  [0.5, -1, 0],
  [-0.5, 3, 0],
  [0, 1, 0],
];
const data = Dataset.from(rows);

describe('a traversal', () => {
  it('has the dimensions in the order of their divergence, which is the closed form’s', async () => {
    const { view } = await traverse(variational, { data, steps: 3 });
    const mean = (of: (row: number[]) => number) => rows.reduce((sum, row) => sum + of(row) / 3, 0);
    const kl = (mu: number, sigma: number) => (mu ** 2 + sigma ** 2 - 1) / 2 - Math.log(sigma);
    const expected = [mean((row) => kl(row[0]!, 0.5)), mean((row) => kl(row[1]!, 1))];
    expect(expected[1]).toBeGreaterThan(expected[0]!);
    expect(view.measure).toBe('KL divergence, nats');
    expect(view.dimensions.map(({ name }) => name)).toEqual(['z₂', 'z₁']);
    expect(view.dimensions[0]!.value).toBeCloseTo(expected[1]!, 5);
    expect(view.dimensions[1]!.value).toBeCloseTo(expected[0]!, 5);
    expect(view.dimensions.map(({ low, high }) => [low, high])).toEqual([
      [-3, 3],
      [-3, 3],
    ]);
  });

  it('decodes along each dimension around the mean of the data', async () => {
    const { view } = await traverse(variational, { data, steps: 3 });
    const decoded = [...decode(view.samples)];
    const around = [0, 1];
    const point = (z1: number, z2: number) => [z1, z2, 2 * z1 + z2];
    const expected = [-3, 0, 3].flatMap((z2) => point(around[0]!, z2)).concat([-3, 0, 3].flatMap((z1) => point(z1, 1)));
    decoded.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    expect([...decode(view.middle)]).toEqual(point(0, 1));
    expect(view.anchors.map(({ name }) => name)).toEqual([
      'the mean of 3 encoded samples',
      '0',
      'row 0',
      'row 1',
      'row 2',
    ]);
  });

  it.each([
    ['zero' as const, [0, 0], '0'],
    [1, [-0.5, 3], 'row 1'],
    [[2, -1], [2, -1], 'the given point'],
  ])('starts from %j', async (around, z, name) => {
    const { view } = await traverse(variational, { data, around, steps: 2 });
    expect(view.anchors[0]).toEqual({ name, z });
    expect(decode(view.middle)[2]).toBeCloseTo(2 * z[0]! + z[1]!, 5);
  });

  it('of a model without a posterior is sorted by variance, and goes as far as the data', async () => {
    const many = Dataset.from(Array.from({ length: 201 }, (_, i) => [i - 100, (i - 100) / 10, 0]));
    const { view } = await traverse(linear, { data: many, steps: 2 });
    expect(view.measure).toBe('variance');
    expect(view.dimensions.map(({ index }) => index)).toEqual([0, 1]);
    expect(view.dimensions[0]!.value).toBeCloseTo((201 ** 2 - 1) / 12, 1);
    expect([view.dimensions[0]!.low, view.dimensions[0]!.high]).toEqual([-98, 98]);
  });

  it('without data is sorted by what each dimension changes', async () => {
    const { view } = await traverse(linear, { range: 1, steps: 2, dimensions: 1 });
    expect(view.dimensions).toMatchObject([{ index: 0, low: -1, high: 1 }]);
    // From −1 to 1 the sample changes by 2 · (1, 0, 2): 20 / 3 on average.
    expect(view.dimensions[0]!.value).toBeCloseTo(20 / 3, 5);
    expect(view.notes.join(' ')).toContain('1 dimension with the lowest change of the decoded sample left out');
  });

  it('answers with many points at once, and refuses others', async () => {
    const { view } = await traverse(linear, { steps: 2 });
    const answer = await views.answer(view.id, { kind: 'decodeAll', z: [[1, 2], [0, -1]] }); // prettier-ignore
    expect(answer.kind).toBe('decoded');
    expect([...decode((answer as { sample: Sample }).sample.values)]).toEqual([1, 2, 4, 0, -1, -1]);
    await expect(views.answer(view.id, { kind: 'decodeAll', z: [[1]] })).rejects.toThrow(
      'linear decodes 1 to 1024 points of 2 finite numbers each; found 1.',
    );
    await expect(views.answer(view.id, { kind: 'decode', z: [1, 2] })).rejects.toThrow('does not answer "decode"');
  });

  it.each([
    [{ around: 'mean' as const }, '"zero" or a point of the latent space, since there is no "data"'],
    [{ data, around: 3 }, 'the number of a row from 0 to 2'],
    [{ data, around: [1] }, 'a point of 2 finite numbers'],
    [{ range: [1, 0] as const }, '[low, high] with low below high'],
    [{ steps: 1 }, 'a whole number from 2'],
  ])('refuses %j', async (options, message) => {
    await expect(traverse(linear, options)).rejects.toThrow(message);
  });

  it('is rows of numbers where a point is given', () => {
    expect(traverse(linear, [1, 0], { steps: 2, from: -1, to: 1 }).arraySync()).toEqual([
      [-1, 0, -2],
      [1, 0, 2],
      [1, -1, 1],
      [1, 1, 3],
    ]);
  });

  it('has a picture and a sentence', async () => {
    const { view } = await traverse(variational, { data, steps: 3 });
    const bundled = bundle(MIME.traversal, view);
    expect(bundled['text/plain']).toMatch(
      /^Latent traversal of linear: 2 latent dimensions moved one at a time around the mean/,
    );
    expect(Buffer.from(bundled['image/png'] as string, 'base64').toString('latin1', 1, 4)).toBe('PNG');
  });
});
