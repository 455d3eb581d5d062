/** The text of programs; that of each kernel is looked at in `lower/kernels/`, which XLA also runs where there is a plugin. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOWERINGS as ONNX } from '../../../../../kernel/engine/lower/onnx/table';
import { ProgramLoweringError } from '../../../../../kernel/engine/lower/loweringError';
import { stableHlo } from '../../../../../kernel/engine/lower/stablehlo/lower';
import { LOWERINGS } from '../../../../../kernel/engine/lower/stablehlo/table';
import { number } from '../../../../../kernel/engine/lower/stablehlo/text';
import { newValue, type Program, type TensorType } from '../../../../../kernel/engine/trace/program';
import { trace } from '../../../../../kernel/engine/trace/tracer';

beforeAll(() => tf.setBackend('cpu'));

const float = (...shape: number[]): TensorType => ({ shape, dtype: 'float32' });

type Given = Record<string, tf.Tensor>;

function traced(f: (given: Given) => Record<string, tf.Tensor>, types: Record<string, TensorType>): Program {
  return trace((given) => f(given as Given), { arguments: types, variables: {} });
}

describe('a program in StableHLO', () => {
  it('is one function from its inputs to its outputs', () => {
    const program = traced(({ x, w }) => ({ y: tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D).exp() }), {
      x: float(2, 3),
      w: float(3, 4),
    });
    const { text, inputs, outputs } = stableHlo(program);
    expect(text).toBe(`module @program {
  func.func public @main(%arg0: tensor<2x3xf32>, %arg1: tensor<3x4xf32>) -> (tensor<2x4xf32>) {
    %0 = "stablehlo.dot_general"(%arg0, %arg1) {dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
    %1 = "stablehlo.exponential"(%0) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    "func.return"(%1) : (tensor<2x4xf32>) -> ()
  }
}
`);
    expect(inputs).toEqual(program.inputs.map(({ value }) => value));
    expect(outputs).toEqual(['y']);
  });

  it('broadcasts, reduces in a region, and has constants', () => {
    const program = traced(({ x, b }) => ({ y: x!.add(b!).mul(0.5).max(1) }), { x: float(2, 3), b: float(3) });
    const lines = stableHlo(program).text.split('\n').slice(2, -3);
    expect(lines.map((line) => line.trim())).toEqual([
      '%0 = "stablehlo.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>',
      '%1 = "stablehlo.broadcast_in_dim"(%arg1) {broadcast_dimensions = array<i64: 1>} : (tensor<3xf32>) -> tensor<2x3xf32>',
      '%2 = "stablehlo.add"(%arg0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>',
      '%3 = "stablehlo.broadcast_in_dim"(%0) {broadcast_dimensions = array<i64>} : (tensor<f32>) -> tensor<2x3xf32>',
      '%4 = "stablehlo.multiply"(%2, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>',
      '%5 = "stablehlo.constant"() {value = dense<0xFF800000> : tensor<f32>} : () -> tensor<f32>',
      '%9 = "stablehlo.reduce"(%4, %5) ({',
      '^bb0(%6: tensor<f32>, %7: tensor<f32>):',
      '%8 = "stablehlo.maximum"(%6, %7) : (tensor<f32>, tensor<f32>) -> tensor<f32>',
      '"stablehlo.return"(%8) : (tensor<f32>) -> ()',
      '}) {dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>',
      '"func.return"(%9) : (tensor<2xf32>) -> ()',
    ]);
  });

  it('says how exactly it multiplies', () => {
    const program = traced(({ x }) => ({ y: tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D) }), { x: float(3, 3) });
    expect(stableHlo(program, { precision: 'DEFAULT' }).text).toContain('#stablehlo<precision DEFAULT>');
    expect(stableHlo(program, { precision: 'DEFAULT' }).text).not.toContain('HIGHEST');
  });

  it('says which output takes the memory of an input', () => {
    const program = traced(({ x, w }) => ({ total: x!.sum(), next: w!.add(x!) }), { x: float(3), w: float(3) });
    expect(stableHlo(program, { donated: { w: 'next' } }).text).toContain(
      '@main(%arg0: tensor<3xf32>, %arg1: tensor<3xf32> {tf.aliasing_output = 1 : i32})',
    );
    expect(() => stableHlo(program, { donated: { w: 'total' } })).toThrow('w, tensor<3xf32>, for total, tensor<f32>');
    expect(() => stableHlo(program, { donated: { w: 'none' } })).toThrow('no output none');
  });

  it('states a gradient of a convolution as a convolution with a dilated input', () => {
    const program = traced(
      ({ x, w }) => ({ dx: tf.grad((of: tf.Tensor) => tf.conv2d(of as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'))(x!) }),
      { x: float(1, 8, 8, 2), w: float(3, 3, 2, 4) },
    );
    const { text } = stableHlo(program);
    const line = text.split('\n').find((each) => each.includes('convolution'))!;
    expect(line).toContain('#stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>');
    expect(line).toContain('lhs_dilation = array<i64: 2, 2>');
    expect(line).toContain('padding = dense<[[2, 1], [2, 1]]> : tensor<2x2xi64>');
    // XLA's fast convolutions on the processor take no window that turns round itself.
    expect(line).not.toContain('window_reversal');
    expect(text).toMatch(/"stablehlo\.reverse"\(%\w+\) .*dimensions = array<i64: 0, 1>/);
    expect(line).toContain('(tensor<1x4x4x4xf32>, tensor<3x3x2x4xf32>) -> tensor<1x8x8x2xf32>');
  });

  it('shows the operation that cannot be lowered, with its neighbours', () => {
    const [x, y, z] = [newValue(float(2)), newValue(float(2)), newValue(float(2))];
    const program: Program = {
      inputs: [{ kind: 'argument', name: 'x', value: x }],
      constants: [],
      calls: [
        { kernel: 'Exp', inputs: { x }, attrs: {}, outputs: [y] },
        { kernel: 'FFT', inputs: { input: y }, attrs: {}, outputs: [z] },
      ],
      outputs: { z },
    };
    expect(() => stableHlo(program)).toThrow(ProgramLoweringError);
    expect(() => stableHlo(program)).toThrow(/^FFT: it has no StableHLO form here\n.*exp x/s);
  });

  it('refuses the largest of no elements', () => {
    const program = traced(({ x }) => ({ y: x!.max(0) }), { x: float(0, 2) });
    expect(() => stableHlo(program)).toThrow('Max: there are no elements to choose from');
  });
});

describe('the table', () => {
  it('has every kernel that the ONNX table has', () => {
    expect(Object.keys(LOWERINGS).sort()).toEqual(Object.keys(ONNX).sort());
  });
});

describe('a number', () => {
  it.each([
    [1, 'float32', '1.0'],
    [-0, 'float32', '-0.0'],
    [1e-8, 'float32', '9.99999993922529e-9'],
    [1e30, 'float32', '1.0000000150474662e+30'],
    [NaN, 'float32', '0x7FC00000'],
    [Infinity, 'float32', '0x7F800000'],
    [-Infinity, 'float32', '0xFF800000'],
    [-3, 'int32', '-3'],
    [1, 'bool', 'true'],
    [0, 'bool', 'false'],
  ] as const)('%d of %s is written %s', (value, dtype, text) => {
    expect(number(value, dtype)).toBe(text);
  });
});
