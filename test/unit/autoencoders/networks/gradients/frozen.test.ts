import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { frozen } from '../../../../../kernel/autoencoders/networks/gradients/frozen';
import { newVariable } from '../../../../../kernel/autoencoders/networks/layers/layers';
import { MLP } from '../../../../../kernel/autoencoders/networks/mlp';
import { trainingStep } from '../../../../../kernel/engine/index';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import { alive } from '../../../engine/backends';
import { leaveKinks } from '../../gradients';

let network: MLP;
let variables: tf.Variable[];

beforeAll(async () => {
  await tf.setBackend('cpu');
  network = new MLP({ name: 'judge', sizes: [3, 4, 2], activation: 'relu', seed: 3 });
  leaveKinks(network.parameters);
  variables = Object.values(network.parameters);
});
afterEach(() => setRuntime('eager'));

const f = (x: tf.Tensor2D) => network.apply(x).square().sum(1) as tf.Tensor1D;
const x = () => tf.tensor2d([0.3, -0.8, 0.5, 1.2, 0.1, -0.4], [2, 3]);

describe('a frozen function', () => {
  it('has the value of the function', () => {
    expect([...frozen(f)(x()).dataSync()]).toEqual([...f(x()).dataSync()]);
  });

  it('has the gradient by x of central differences, for any gradient that comes from above', () => {
    const above = tf.tensor1d([2, -0.5]);
    const loss = (at: tf.Tensor2D) => frozen(f)(at).mul(above).sum().asScalar();
    const gradient = tf
      .grad((at) => loss(at as tf.Tensor2D))(x())
      .dataSync();
    const h = 1e-2;
    gradient.forEach((value, i) => {
      const moved = (by: number) => {
        const entries = Float32Array.from(x().dataSync());
        entries[i]! += by;
        return loss(tf.tensor2d(entries, [2, 3])).dataSync()[0]!;
      };
      expect(value).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 2);
    });
    expect(gradient.some((value) => Math.abs(value) > 0.05)).toBe(true);
  });

  it('lets no gradient through to the variables that it uses, and all of it to those before it', () => {
    const shift = newVariable(new Float32Array(3), [3]);
    const through = (judge: typeof f) =>
      tf.variableGrads(() => judge(x().add(shift)).sum().asScalar(), [shift, ...variables]).grads;
    const [fixed, free] = [through(frozen(f)), through(f)];
    expect([...fixed[shift.name]!.dataSync()]).toEqual([...free[shift.name]!.dataSync()]);
    for (const { name } of variables) {
      expect(free[name]!.abs().sum().dataSync()[0]).toBeGreaterThan(0);
      expect(fixed[name] ?? null).toBeNull();
    }
  });

  it('leaves its variables where they are in a traced step, which moves what is before it as an eager one does', async () => {
    const run = async (runtime: 'eager' | 'cpu') => {
      setRuntime(runtime);
      const start = variables.map((variable) => [...variable.dataSync()]);
      const shift = newVariable(new Float32Array(3), [3]);
      const step = trainingStep({
        trainable: { shift, ...network.parameters },
        state: {},
        terms: ({ x }) => ({ losses: { judged: frozen(f)((x as tf.Tensor2D).add(shift)).mean() } }),
        optimizer: { name: 'sgd', momentum: 0, nesterov: false },
      });
      const tensors = { x: x() };
      await step.run({ tensors, weights: {}, learningRate: 0.1 });
      expect(step.eagerBecause).toBeUndefined();
      expect(variables.map((variable) => [...variable.dataSync()])).toEqual(start);
      return shift.dataSync();
    };
    const [eager, traced] = [await run('eager'), await run('cpu')];
    expect(eager.some((value) => Math.abs(value) > 0.01)).toBe(true);
    traced.forEach((value, i) => expect(value).toBeCloseTo(eager[i]!, 5));
  });

  it('keeps no tensors but its results', () => {
    const start = alive();
    const input = x();
    tf.dispose([input, frozen(f)(input), tf.grad((at) => frozen(f)(at as tf.Tensor2D))(input)]);
    const loss = () => frozen(f)(x()).add(variables[0]!.sum()).sum().asScalar();
    tf.dispose({ ...tf.variableGrads(loss, variables) });
    expect(alive()).toEqual(start);
  });
});
