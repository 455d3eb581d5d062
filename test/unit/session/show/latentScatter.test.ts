/** A latent scatter from model and data, without a kernel. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset } from '../../../../kernel/autoencoders/index';
import { connectSession } from '../../../../kernel/session/current';
import type { Session } from '../../../../kernel/session/session';
import type { LatentModel } from '../../../../kernel/session/show/latentScatter/model';
import { LiveViews } from '../../../../kernel/session/show/liveViews';
import { latentScatter } from '../../../../kernel/session/show/modelViews';

beforeAll(async () => {
  await tf.setBackend('cpu');
  const views = new LiveViews(() => undefined);
  connectSession({ views } as Session, { name: 'cpu' } as unknown as Parameters<typeof connectSession>[1]);
});

describe('a latent scatter', () => {
  const data = Dataset.from([
    [1, 2, 3],
    [4, 5, 6],
    [0, 1, 2],
  ]);
  const model = (scale: number[]) =>
    ({
      name: 'scaled',
      inputShape: data.shape,
      latentDimensions: 3,
      encode: (rows: Dataset) => rows.tensor().mul(scale),
      decode: (z: tf.Tensor) => z,
    }) as unknown as LatentModel;

  it.each([
    [[1, 1, 1], 16, 'Latent space of scaled: 3 points in 3 dimensions.'],
    [[1, 1, NaN], 16, '3 points with coordinates that are not finite'],
    [[1, NaN, 1], 0, '3 points with coordinates that are not finite'],
    [[NaN, 1, 1], 0, '3 points with coordinates that are not finite'],
  ])('of latents times %j has %i decoded samples in its grid, and says “%s”', async (scale, samples, text) => {
    const { view } = await latentScatter(model(scale), data, { grid: 4 });
    expect(view.grid?.samples.shape[0] ?? 0).toBe(samples);
    expect(view.summary).toContain(text);
  });
});
