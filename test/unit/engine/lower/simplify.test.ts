import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { simplified } from '../../../../kernel/engine/lower/simplify';
import { CompiledProgram } from '../../../../kernel/engine/runtimes/onnx/compute';
import { sizeOf, type Program } from '../../../../kernel/engine/trace/program';
import { trace } from '../../../../kernel/engine/trace/tracer';

type Tensors = Record<string, tf.Tensor>;
type Function = (tensors: Tensors) => Tensors;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const SHAPES = { x: [4, 6], w: [6, 3], b: [3], image: [2, 5, 5, 2], filter: [3, 3, 2, 4], c: [4] };

/** Inputs of those shapes, some negative, none at a kink. */
function inputs(): Tensors {
  const entries = Object.entries(SHAPES).map(([name, shape], k) => {
    const size = shape.reduce((a, b) => a * b);
    return [
      name,
      tf.tensor(
        Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + k) + 0.01),
        shape,
      ),
    ];
  });
  return Object.fromEntries(entries) as Tensors;
}

function programOf(f: Function): Program {
  const types = Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => [name, { shape, dtype: 'float32' as const }]),
  );
  return trace(f, { arguments: types, variables: {} });
}

const kernels = (program: Program): string[] => simplified(program).calls.map(({ kernel }) => kernel);

/** The function with its gradients by every input that it has one for. */
function withGradients(f: (tensors: Tensors) => tf.Tensor, names: string[]): Function {
  return (tensors) => {
    const given = names.map((name) => tensors[name]!);
    const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) =>
      f({ ...tensors, ...Object.fromEntries(names.map((name, i) => [name, args[i]!])) }).asScalar(),
    )(given);
    return { value, ...Object.fromEntries(names.map((name, i) => [`d${name}`, grads[i]!])) };
  };
}

const dense = ({ x, w, b }: Tensors) => x!.matMul(w!).add(b!);
const convolved = ({ image, filter, c }: Tensors) =>
  tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same').add(c!);

const FUNCTIONS: Record<string, Function> = {
  'a mean of squares': withGradients(({ x }) => x!.square().sum(1).mean(), ['x']),
  'a dense layer with a rectifier': withGradients((t) => dense(t).relu().square().mean(), ['x', 'w', 'b']),
  'two uses of what was rectified': withGradients(
    (t) => tf.add(dense(t).relu(), dense(t)).square().sum(),
    ['x', 'w', 'b'],
  ),
  'a rectifier whose input is used': withGradients(
    (t) => {
      const h = dense(t);
      return h.relu().mul(h).sum();
    },
    ['x', 'w', 'b'],
  ),
  'a convolution with a rectifier': withGradients((t) => convolved(t).relu().square().mean(), ['image', 'filter', 'c']),
  'a product along an axis': withGradients(({ x }) => tf.prod(x!, 0).sum(), ['x']),
  'a bias that is a row of the batch': withGradients(
    ({ x }) =>
      x!
        .add(x!.slice([0, 0], [1, 6]).flatten())
        .relu()
        .sum(),
    ['x'],
  ),
  'constants in many places': ({ x }) => ({
    scaled: x!
      .mul(tf.ones([4, 6]))
      .mul(3)
      .add(tf.fill([4, 6], 2)),
    column: tf
      .ones([4, 1])
      .mul(2)
      .add(tf.zeros([4, 6]))
      .neg()
      .exp(),
    reshaped: tf.fill([24], 5).reshape([4, 6]).sub(x!),
    alone: tf.fill([2, 3], 0.5).square(),
  }),
  'a leaky step, which is no rectifier': ({ x }) => ({ y: x!.mul(x!.step(0.1)) }),
};

describe('a simplified program', () => {
  it.each(Object.entries(FUNCTIONS))('computes the same: %s', async (_, f) => {
    const program = programOf(f);
    const given = inputs();
    const expected = f(given);
    const compiled = new CompiledProgram(program);
    const results = compiled.run(program.inputs.map(({ name }) => given[name]!.dataSync() as Float32Array));
    compiled.dispose();
    for (const [name, tensor] of Object.entries(expected)) {
      const values = await tensor.data();
      results[name]!.forEach((value, i) => expect(Math.abs(value - values[i]!), name).toBeLessThan(1e-5));
    }
  });

  it('keeps the gradient of a mean one number until it meets the data', () => {
    const { calls } = simplified(programOf(FUNCTIONS['a mean of squares']!));
    const whole = calls.filter(({ outputs }) => sizeOf(outputs[0]!) === 24).map(({ kernel }) => kernel);
    // x² forwards, 2x and its product with the one number backwards.
    expect(whole).toEqual(['Square', 'Cast', 'Multiply', 'Multiply']);
  });

  it('has a dense layer as one kernel, and its rectifier’s gradient as one', () => {
    expect(kernels(programOf(FUNCTIONS['a dense layer with a rectifier']!))).toEqual(
      expect.arrayContaining(['_FusedMatMul', 'ReluGradient']),
    );
    for (const kernel of ['Relu', 'Step']) {
      expect(kernels(programOf(FUNCTIONS['a dense layer with a rectifier']!))).not.toContain(kernel);
    }
  });

  it('has a convolution with bias and rectifier as one kernel', () => {
    const found = kernels(programOf(FUNCTIONS['a convolution with a rectifier']!));
    expect(found).toContain('FusedConv2D');
    expect(found).not.toContain('Relu');
  });

  it('leaves a rectifier alone whose input somebody else needs', () => {
    expect(kernels(programOf(FUNCTIONS['a rectifier whose input is used']!))).toContain('Relu');
  });
});
