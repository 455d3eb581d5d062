import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset, VAE } from '../../../../kernel/autoencoders/index';
import { reconstructions, samples } from '../../../../kernel/session/show/modelViews';
import { decode } from '../../../../kernel/views/encoding';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('views of models of sequences', () => {
  const values = Float32Array.from({ length: 12 }, (_, i) => i / 12);
  const data = Dataset.from({ values, shape: [2, 3, 2] }, { as: 'sequence' });
  const names = ['x0, step 0', 'x1, step 0', 'x0, step 1', 'x1, step 1', 'x0, step 2', 'x1, step 2'];

  it('draw each as a profile, step by step', async () => {
    const model = new VAE({ input: data.shape, latent: 2, hidden: [4] });
    const { view } = await reconstructions(model, data);
    expect(view.sampleShape).toEqual({ kind: 'vector', features: names });
    expect([...decode(view.inputs!)]).toEqual([...values]);
    const drawn = await samples(model, { count: 3 });
    expect(drawn.view.sampleShape).toEqual({ kind: 'vector', features: names });
    expect(drawn.view.methods[0]!.samples.shape).toEqual([3, 6]);
    model.dispose();
  });
});
