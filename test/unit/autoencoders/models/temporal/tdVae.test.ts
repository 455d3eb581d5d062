import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { estimate, randomStream, TDVAE } from '../../../../../kernel/autoencoders/index';
import { timePairs, oneHot } from '../../../../../kernel/autoencoders/models/temporal/timePairs';
import { drawn } from '../../../../../kernel/autoencoders/noise';
import { alive, useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { expectFiniteDifferences, leaveKinks } from '../../gradients';

beforeAll(useWasm);

const [n, T, d] = [5, 6, 4];
const data = binarySamples(n, T * d);
const config = { input: T * d, frames: T, hidden: [8], belief: 5, gates: 6, latent: 2, layers: 2, seed: 2 };
const rows = () => tf.tensor2d(data.values, [n, T * d]);
const valueOf = (tensor: tf.Tensor) => tensor.dataSync()[0]!;

let model: TDVAE;
beforeEach(() => {
  model = new TDVAE(config);
});

describe('the bound of a TD-VAE', () => {
  it('has terms whose mean is minus the mean log-weight', () => {
    const repeats = 3000;
    const x = rows().slice([0, 0], [1, T * d]).tile([repeats, 1]); // prettier-ignore
    const tensors = { x, ...model.inputs(randomStream(1, 'noise'), repeats) };
    const weights = estimate(model.logWeights(tensors).dataSync());
    const total = Object.values(model.losses(tensors)).reduce((sum, term) => sum + valueOf(term), 0);
    expect(Math.abs(total + weights.value)).toBeLessThan(4 * weights.standardError);
  });

  it('has the gradient that finite differences give', () => {
    const small = new TDVAE({ ...config, input: 3 * d, frames: 3, jumps: [1, 2], belief: 3, gates: 3 });
    leaveKinks(small.parameters);
    const x = rows().slice([0, 0], [n, 3 * d]); // prettier-ignore
    const tensors = { x, ...small.inputs(randomStream(4, 'noise'), n) };
    expectFiniteDifferences(small.parameters, () => tf.addN(Object.values(small.losses(tensors))).asScalar(), 0.01);
  });

  /** Gradient of the mean log-weight by every value of the frames, for one pair of times: [n, T, d]. */
  function influence(from: number, to: number): number[][][] {
    const { epsilon1, epsilon2 } = model.inputs(randomStream(3, 'noise'), n) as Record<string, tf.Tensor2D>;
    const times = {
      from: oneHot(new Array<number>(n).fill(from), T + 1),
      to: oneHot(new Array<number>(n).fill(to), T + 1),
    };
    const gradient = tf.grad((x) => model.logWeights({ x, epsilon1: epsilon1!, epsilon2: epsilon2!, ...times }).mean());
    return gradient(rows()).reshape([n, T, d]).arraySync() as number[][][];
  }

  it('looks at the frames up to t₂, and at none after', () => {
    const sequences = influence(2, 4);
    const byTime = Array.from({ length: T }, (_, t) => Math.hypot(...sequences.flatMap((frames) => frames[t]!)));
    for (const size of byTime.slice(0, 4)) expect(size).toBeGreaterThan(0);
    expect(byTime.slice(4)).toEqual([0, 0]);
  });

  it('has a smoother that sees b₂ beside z₂', () => {
    const kernel = model.parameters['smoother.2.signal.kernel']!;
    const [state, belief] = [4, 5];
    expect(kernel.shape).toEqual([state + 2 * belief, config.gates]);
    const tensors = { x: rows(), ...model.inputs(randomStream(4, 'noise'), n) };
    const { grads } = tf.variableGrads(
      () => tf.addN(Object.values(model.losses(tensors))).asScalar(),
      [kernel as tf.Variable],
    );
    const ofB2 = grads[kernel.name]!.slice([state + belief, 0])
      .abs()
      .min();
    expect(valueOf(ofB2)).toBeGreaterThan(0);
  });

  it('tells the transition how far it jumps only where that is asked for', () => {
    const told = new TDVAE({ ...config, conditionOnJump: true });
    expect(told.parameters['transition.2.signal.kernel']!.shape).toEqual([4 + 4, 6]);
    expect(Object.keys(told.inputs(randomStream(1, 'noise'), 2))).toContain('jump');
    expect(Object.keys(model.inputs(randomStream(1, 'noise'), 2))).not.toContain('jump');
  });
});

describe('pairs of times', () => {
  it('have jumps of the range, each as often, and starts that leave room for them', () => {
    const count = 8000;
    const pairs = drawn({ ...timePairs(count, T, [1, 4]) }, randomStream(1, 'noise'));
    const indexOf = (selection: tf.Tensor2D) => [...selection.argMax(1).dataSync()];
    const [from, to, jump] = [indexOf(pairs.from), indexOf(pairs.to), indexOf(pairs.jump)];
    expect(pairs.from.sum(1).dataSync()).toEqual(new Float32Array(count).fill(1));
    const seen = new Map<string, number>();
    from.forEach((start, i) => {
      expect(to[i]! - start).toBe(jump[i]! + 1);
      expect(to[i]).toBeLessThanOrEqual(T);
      seen.set(`${start} ${to[i]}`, (seen.get(`${start} ${to[i]}`) ?? 0) + 1);
    });
    for (let j = 1; j <= 4; j++) {
      const starts = T - j + 1;
      const p = 1 / (4 * starts);
      for (let start = 0; start < starts; start++) {
        const off = Math.abs(seen.get(`${start} ${start + j}`)! - count * p);
        expect(off).toBeLessThan(4 * Math.sqrt(count * p * (1 - p)));
      }
    }
  });
});

describe('beliefs and roll-outs', () => {
  const changedAfter = (frames: number) => {
    const changed = Array.from({ length: n }, (_, i) => [...data.values.subarray(i * T * d, (i + 1) * T * d)]);
    return changed.map((row) => row.map((value, j) => (j < frames * d ? value : 1 - value)));
  };

  it('depend on the frames seen alone', () => {
    expect(model.beliefs(data).shape).toEqual([n, T, 5]);
    const [now, changed] = [model.beliefs(data), model.beliefs(changedAfter(3))].map((b) => b.slice([0, 0], [-1, 3]));
    expect(now!.dataSync()).toEqual(changed!.dataSync());
    const options = { from: 3, steps: 2, seed: 1 };
    expect(model.rollout(data, options).shape).toEqual([n, 2 * d]);
    expect(model.rollout(data, options).dataSync()).toEqual(model.rollout(changedAfter(3), options).dataSync());
    expect(model.rollout(data, options).dataSync()).not.toEqual(model.rollout(changedAfter(2), options).dataSync());
  });

  it('from before the first frame are samples', () => {
    expect(model.sample(3, { seed: 4 }).shape).toEqual([3, T * d]);
    expect(model.sample(3, { seed: 4 }).dataSync()).toEqual(model.sample(3, { seed: 4 }).dataSync());
  });

  it('say what is wrong with their options', () => {
    expect(() => model.rollout(data, { from: 7, steps: 1 })).toThrow('starts from 0 to 6 frames; found from: 7');
    expect(() => model.rollout(data, { from: 1, steps: 0 })).toThrow('at least 1; found 0');
    expect(() => model.rollout(data, { from: 1, steps: 1, jump: 2 })).toThrow('only with conditionOnJump');
    const told = new TDVAE({ ...config, conditionOnJump: true });
    expect(() => told.rollout(data, { from: 1, steps: 1, jump: 5 })).toThrow('jumps from 1 to 4; found 5');
    expect(() => new TDVAE({ ...config, frames: 5 })).toThrow('"frames" is 5, expected a divisor of 24');
    expect(() => new TDVAE({ ...config, jumps: [1, 9] })).toThrow('jumps of at most 6');
  });

  it('leave no tensors behind', () => {
    tf.dispose(model.rollout(data, { from: 3, steps: 2 }));
    const before = alive();
    tf.dispose([model.beliefs(data), model.rollout(data, { from: 3, steps: 2 }), model.sample(2)]);
    expect(alive()).toEqual(before);
  });

  it('are the same after saving and loading', async () => {
    const folder = path.join(mkdtempSync(path.join(tmpdir(), 'latentlab-')), 'model');
    await model.save(folder);
    const loaded = await TDVAE.load(folder);
    const options = { from: 3, steps: 2, seed: 1 };
    expect(loaded.rollout(data, options).dataSync()).toEqual(model.rollout(data, options).dataSync());
  });
});
