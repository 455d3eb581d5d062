import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream, termGradients, VAE } from '../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('gradients of a term', () => {
  const model = new VAE({ input: 3, latent: 1, hidden: [4], likelihood: 'gaussian', seed: 2 });
  const x = tf.tensor2d(randomStream(1, 'rows').normals(15), [5, 3]);
  const given = { x, ...model.inputs(randomStream(1, 'noise'), 5) };

  it('are its slopes by differences', () => {
    const gradients = termGradients(model, 'reconstruction', given);
    expect(Object.keys(gradients)).toEqual(Object.keys(model.parameters));
    for (const [name, variable] of Object.entries(model.parameters)) {
      const start = variable.clone();
      const direction = tf.randomNormal(variable.shape, 0, 1, 'float32', 7);
      const at = (h: number) => {
        variable.assign(start.add(direction.mul(h)));
        return model.losses(given)['reconstruction']!.dataSync()[0]!;
      };
      const slope = (at(1e-2) - at(-1e-2)) / 2e-2;
      variable.assign(start);
      const expected = gradients[name]!.mul(direction).sum().dataSync()[0]!;
      expect(gradients[name]!.shape).toEqual(variable.shape);
      expect(slope, name).toBeCloseTo(expected, 2);
    }
  });

  it('are zeros for parameters that the term does not reach', () => {
    const gradients = termGradients(model, 'kl', given);
    for (const [name, gradient] of Object.entries(gradients)) {
      const size = gradient.abs().sum().dataSync()[0]!;
      if (name.startsWith('decoder')) expect(size, name).toBe(0);
    }
    expect(gradients['encoder.0.kernel']!.abs().sum().dataSync()[0]).toBeGreaterThan(0);
  });

  it('leave no tensor behind but what they give, and name the terms for a strange one', () => {
    const before = tf.memory().numTensors;
    tf.dispose(termGradients(model, 'kl', given));
    expect(tf.memory().numTensors).toBe(before);
    expect(() => termGradients(model, 'kld', given)).toThrow('no term "kld"; allowed: reconstruction, kl');
  });
});
