import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LSTM } from '../../../../../kernel/autoencoders/networks/layers/lstm';
import { randomStream } from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';
import { expectFiniteDifferences } from '../../gradients';

beforeAll(useWasm);

const [n, T, width, units] = [2, 4, 3, 5];
const xs = (): tf.Tensor3D => tf.tensor3d(randomStream(2, 'x').normals(n * T * width), [n, T, width]);
const create = () => new LSTM({ name: 'lstm', in: width, units, seed: 4 });

/** The equations of one time, in float64. */
function states(lstm: LSTM, x: number[][]): number[][] {
  const [W, U, b] = ['kernel', 'recurrentKernel', 'bias'].map((part) => lstm.parameters[`lstm.${part}`]!.dataSync());
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
  let h = new Array<number>(units).fill(0);
  let c = h;
  return x.map((now) => {
    const before = h;
    const gate = (which: number, j: number) => {
      const column = which * units + j;
      const driven = now.reduce((sum, value, i) => sum + value * W![i * 4 * units + column]!, b![column]!);
      return before.reduce((sum, value, i) => sum + value * U![i * 4 * units + column]!, driven);
    };
    c = c.map((value, j) => sigmoid(gate(1, j)) * value + sigmoid(gate(0, j)) * Math.tanh(gate(2, j)));
    h = c.map((value, j) => sigmoid(gate(3, j)) * Math.tanh(value));
    return h;
  });
}

describe('an LSTM', () => {
  it('computes its equations at every time', () => {
    const lstm = create();
    const found = lstm.apply(xs());
    expect(found.shape).toEqual([n, T, units]);
    const expected = (xs().arraySync() as number[][][]).map((x) => states(lstm, x));
    found.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected.flat(2)[i]!, 6));
  });

  it('starts with the bias of the forget gate at 1', () => {
    const bias = [...create().parameters['lstm.bias']!.dataSync()];
    expect(bias).toEqual(bias.map((_, i) => (i >= units && i < 2 * units ? 1 : 0)));
  });

  it('has the gradient that finite differences give, through all times', () => {
    const lstm = create();
    const x = xs();
    expectFiniteDifferences(lstm.parameters, () => lstm.apply(x).square().sum().asScalar(), 0.01);
  });
});
