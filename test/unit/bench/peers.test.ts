import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../kernel/autoencoders/training/checkpoints/safetensors';
import { verdict } from '../../../kernel/bench/peers/agreement';
import { referenceOf } from '../../../kernel/bench/peers/reference';

describe('what peers are held against', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('is a file from which the losses follow', async () => {
    const { file, losses, parameters } = await referenceOf('a', 2);
    const tensors = decodeSafetensors(file);
    const at = (name: string) => {
      const { values, shape } = tensors[name]!;
      return tf.tensor<tf.Rank.R2>(values, shape as [number, number]);
    };
    const dense = (name: string, x: tf.Tensor2D): tf.Tensor2D =>
      x.matMul(at(`weights/${name}.kernel`)).add(at(`weights/${name}.bias`));
    const loss = tf.tidy(() => {
      const x = at('0/x');
      const [mu, logVar] = tf.split(dense('encoder.1', dense('encoder.0', x).relu()), 2, 1) as [tf.Tensor, tf.Tensor]; // prettier-ignore
      const z = mu.add(logVar.mul(0.5).exp().mul(at('0/epsilon')));
      const p = dense('decoder.1', dense('decoder.0', z as tf.Tensor2D).relu() as tf.Tensor2D).sigmoid();
      const log = x.mul(p.log()).add(tf.sub(1, x).mul(tf.sub(1, p).log()));
      const kl = mu.square().add(logVar.exp()).sub(1).sub(logVar).mul(0.5);
      return kl.sum(1).sub(log.sum(1)).mean().dataSync()[0]!;
    });
    expect(losses[0]! / loss).toBeCloseTo(1, 5);
    expect(losses[1]).toBeLessThan(losses[0]!);
    expect(tensors['1/x']!.shape).toEqual([128, 784]);
    const weights = Object.entries(tensors).filter(([name]) => name.startsWith('weights/'));
    expect(weights.reduce((sum, [, { values }]) => sum + values.length, 0)).toBe(parameters);
  });
});

describe('the verdict on a peer', () => {
  const reference = { losses: [600, 500], parameters: 7 };
  const replay = { losses: [600.03, 500], parameters: 7, flops: null, unlike: [] };

  it('is that it agrees where losses and weights do', () => {
    expect(verdict('a', reference, replay)).toEqual({ line: 'losses within 5.0e-5, 7 parameters', agrees: true });
    expect(verdict('a', reference, { ...replay, flops: 4.2e8 }).line).toContain('0.4200 GFLOP counted (0.4198 listed)');
  });

  it.each([
    [{ losses: [600.1, 500] }, 'losses 600.1, 500, not 600, 500'],
    [{ losses: [600, NaN] }, 'losses 600, NaN, not 600, 500'],
    [{ losses: [600] }, 'losses 600, not 600, 500'],
    [{ parameters: 8 }, '8 parameters, not 7'],
    [{ unlike: ['encoder.0.kernel: deviation 0.1, not 0.05'] }, 'deviation 0.1'],
  ])('is that it differs by %j', (otherwise, fault) => {
    const { line, agrees } = verdict('a', reference, { ...replay, ...otherwise });
    expect(agrees).toBe(false);
    expect(line).toContain(fault);
  });
});
