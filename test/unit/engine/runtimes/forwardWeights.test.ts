/** Compiled functions follow the variables that they use, and copy each of them once. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ADAM_DEFAULTS, forward, trainingStep } from '../../../../kernel/engine/index';
import { setRuntime } from '../../../../kernel/engine/runtime';
import { XlaForwardProgram } from '../../../../kernel/engine/runtimes/xla/forwardProgram';
import { Client } from '../../../../kernel/engine/runtimes/pjrt/client';
import { trace } from '../../../../kernel/engine/trace/tracer';
import { useWasm } from '../backends';
import { PLUGIN, sayWithoutPlugin, xlaTestDevice } from '../xlaPlugin';

beforeAll(useWasm);
afterEach(() => setRuntime('eager'));

describe('a compiled function', () => {
  it('copies a variable once, however often it is called, and again when the variable has other values', () => {
    setRuntime('cpu');
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    const scaled = forward(({ x }) => ({ y: x!.mul(w) }));
    const at = (x: number) => [...scaled({ x: tf.tensor1d([x, x, x]) }).y.dataSync()];
    expect(at(2)).toEqual([2, 4, 6]);
    const { dataId } = w;
    const read = vi.spyOn(tf.engine(), 'readSync');
    const readsOf = (id: object) => read.mock.calls.filter(([given]) => given === id).length;
    expect(at(3)).toEqual([3, 6, 9]);
    expect(at(4)).toEqual([4, 8, 12]);
    expect(readsOf(dataId)).toBe(0);
    w.assign(tf.tensor1d([5, 6, 7]));
    expect(at(2)).toEqual([10, 12, 14]);
    expect(at(3)).toEqual([15, 18, 21]);
    expect(readsOf(w.dataId)).toBe(1);
    read.mockRestore();
    scaled.dispose();
  });

  it('sees each step of a training that goes on beside it, and what is assigned in between', async () => {
    setRuntime('cpu');
    const w = tf.variable(tf.scalar(1));
    const doubled = forward(({ x }) => ({ y: x!.mul(w) }));
    const value = () => doubled({ x: tf.scalar(2) }).y.dataSync()[0]!;
    expect(value()).toBe(2);
    const terms = ({ x }: Record<string, tf.Tensor>) => ({ losses: { fit: w.sub(x!).square().sum() } });
    const step = trainingStep({ trainable: { w }, state: {}, terms, optimizer: ADAM_DEFAULTS });
    for (let t = 0; t < 3; t++) {
      await step.run({ tensors: { x: tf.scalar(9) }, weights: {}, learningRate: 0.5 });
      expect(value()).toBeCloseTo(2 * (await w.data())[0]!, 5);
    }
    expect(value()).toBeGreaterThan(3);
    w.assign(tf.scalar(-4));
    expect(value()).toBe(-8);
    step.dispose();
    expect(value()).toBe(-8);
    doubled.dispose();
  });
});

sayWithoutPlugin('weights of compiled functions on XLA');

describe.skipIf(!PLUGIN)('a function compiled by XLA', () => {
  it('uploads a variable once, and again when the variable has other values', async () => {
    const device = await xlaTestDevice();
    const w = tf.variable(tf.tensor1d([1, 2]));
    const x = { shape: [2], dtype: 'float32' } as const;
    const options = { arguments: { x }, variables: { w }, places: false };
    const traced = trace(({ x }) => ({ y: x!.mul(w) }), options);
    const program = new XlaForwardProgram(device, traced);
    const upload = vi.spyOn(Client.prototype, 'upload');
    const at = (n: number) => {
      const given = traced.inputs.map((input) => ({
        value: input.value,
        tensor: input.kind === 'variable' ? input.variable : tf.tensor1d([n, n]),
      }));
      return [...program.run(given)['y']!];
    };
    expect(at(1)).toEqual([1, 2]);
    expect(at(2)).toEqual([2, 4]);
    expect(upload).toHaveBeenCalledTimes(3);
    w.assign(tf.tensor1d([3, 4]));
    expect(at(2)).toEqual([6, 8]);
    expect(at(3)).toEqual([9, 12]);
    expect(upload).toHaveBeenCalledTimes(6);
    upload.mockRestore();
    program.dispose();
  });
});
