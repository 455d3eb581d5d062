import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { RULES } from '../../../../../kernel/engine/ops/table';
import { excerpt } from '../../../../../kernel/engine/trace/print/excerpt';
import { literal, operationName, settings } from '../../../../../kernel/engine/trace/print/operation';
import { programText } from '../../../../../kernel/engine/trace/print/programText';
import { newValue, type Call, type Program, type Value } from '../../../../../kernel/engine/trace/program';
import { trace } from '../../../../../kernel/engine/trace/tracer';

beforeAll(() => tf.setBackend('cpu'));

const float = (...shape: number[]): Value => newValue({ shape, dtype: 'float32' });

/** x · w + b and its row sums, with a mask: every kind of constant, several outputs, names that are taken. */
function stated(): Program {
  const w = tf.variable(tf.zeros([3, 4]));
  const [x, a, kernel, half, ones, table, wide] = [
    float(2, 3),
    float(2),
    float(3, 4),
    float(),
    float(2, 4),
    float(4),
    float(2, 5),
  ] as [Value, Value, Value, Value, Value, Value, Value];
  const [three, halved] = [newValue({ shape: [], dtype: 'int32' }), float(2, 4)];
  const [product, sum, scaled] = [float(2, 4), float(2, 4), float(2, 4)] as [Value, Value, Value];
  const whole = { shape: [2, 2], dtype: 'int32' } as const;
  const [top, where, cubed] = [float(2, 2), newValue(whole), newValue(whole)];
  const calls: Call[] = [
    {
      kernel: 'BatchMatMul',
      inputs: { a: x, b: kernel },
      attrs: { transposeA: false, transposeB: true },
      outputs: [product],
      place: 'cell 1:4:9',
    },
    { kernel: 'Add', inputs: { a: product, b: table }, attrs: {}, outputs: [sum], place: 'cell 1:5:3' },
    { kernel: 'Multiply', inputs: { a: sum, b: ones }, attrs: {}, outputs: [scaled] },
    { kernel: 'Sub', inputs: { a: scaled, b: half }, attrs: {}, outputs: [halved] },
    { kernel: 'TopK', inputs: { x: halved }, attrs: { k: 2, sorted: true }, outputs: [top, where] },
    { kernel: 'Pow', inputs: { a: where, b: three }, attrs: {}, outputs: [cubed] },
  ];
  const program: Program = {
    inputs: [
      { kind: 'argument', name: 'tensor/x', value: x },
      { kind: 'argument', name: 'a', value: a },
      { kind: 'variable', name: 'dense.kernel', value: kernel, variable: w },
    ],
    constants: [
      { value: half, elements: Float32Array.of(0.1) },
      { value: ones, elements: new Float32Array(8).fill(1) },
      { value: three, elements: Int32Array.of(3) },
      { value: table, elements: Float32Array.of(1, -0.5, 2.5e-8, 3) },
      { value: wide, elements: Float32Array.from({ length: 10 }, (_, i) => i) },
    ],
    calls,
    outputs: { top, cubed },
  };
  w.dispose();
  return program;
}

describe('a printed program', () => {
  it('says what it is given, an operation a line, and what it yields', () => {
    expect(programText(stated())).toBe(
      [
        'inputs',
        '  x:f32[2,3]',
        '  a:f32[2]',
        'variables',
        '  dense.kernel:f32[3,4]',
        'constants',
        '  b:f32[4] = [1,-0.5,2.5e-8,3]',
        '  c:f32[2,5]',
        'operations',
        '  d:f32[2,4] = matMul[transposeB=true] x dense.kernel  // cell 1:4:9',
        '  e:f32[2,4] = add d b                                 // cell 1:5:3',
        '  f:f32[2,4] = mul e 1:f32[2,4]',
        '  g:f32[2,4] = sub f 0.1',
        '  h:f32[2,2] i:i32[2,2] = topk[k=2 sorted=true] g',
        '  j:i32[2,2] = pow i 3:i32[]',
        'outputs',
        '  top = h:f32[2,2]',
        '  cubed = j:i32[2,2]',
      ].join('\n'),
    );
  });

  it('has its own headings where the kinds of inputs are given, and none for what is absent', () => {
    const text = programText(
      { ...stated(), constants: [] },
      { all: ['noise', 'rows'], of: ({ name }) => (name === 'a' ? 'noise' : name === 'tensor/x' ? 'rows' : '') },
    );
    expect(text.split('\n').slice(0, 5)).toEqual(['noise', '  a:f32[2]', 'rows', '  x:f32[2,3]', 'operations']);
  });

  it('keeps two inputs apart that would have one name', () => {
    const program = stated();
    const twin = { kind: 'argument', name: 'x', value: float(7) } as const;
    const text = programText({ ...program, inputs: [...program.inputs, twin] });
    expect(text).toContain('  tensor/x:f32[2,3]\n');
    expect(text).toContain('  x:f32[7]\n');
    expect(text).toContain('matMul[transposeB=true] tensor/x dense.kernel');
  });

  it('is complete, however long, with a name of its own for each value', () => {
    const long = trace(({ x }) => ({ y: Array.from({ length: 800 }).reduce<tf.Tensor>((y) => y.exp(), x!) }), {
      arguments: { x: { shape: [2], dtype: 'float32' } },
      variables: {},
    });
    const made = [...programText(long).matchAll(/^ {2}(\w+):f32\[2\] = exp (\w+)$/gm)];
    expect(made).toHaveLength(800);
    expect(new Set(made.map(([, name]) => name)).size).toBe(800);
    expect(made.slice(1).every(([, , given], i) => given === made[i]![1])).toBe(true);
    expect(made.slice(0, 28).map(([, name]) => name)).toEqual([...'abcdefghijklmnopqrstuvwyz', 'aa', 'ab', 'ac']);
  });
});

describe('an excerpt', () => {
  const chain = (length: number): Program =>
    trace(({ x }) => ({ y: Array.from({ length }).reduce<tf.Tensor>((y) => y.exp(), x!) }), {
      arguments: { x: { shape: [2], dtype: 'float32' } },
      variables: {},
    });

  it('shows an operation, marked, with three on either side', () => {
    const program = chain(9);
    expect(excerpt(program, program.calls[4]!).split('\n')).toEqual([
      '    … 1 operation before',
      '    b:f32[2] = exp a',
      '    c:f32[2] = exp b',
      '    d:f32[2] = exp c',
      '  > e:f32[2] = exp d:f32[2]',
      '    f:f32[2] = exp e',
      '    g:f32[2] = exp f',
      '    h:f32[2] = exp g',
      '    … 1 operation after',
    ]);
  });

  it('ends where the program does', () => {
    const program = chain(2);
    expect(excerpt(program, program.calls[0]!).split('\n')).toEqual([
      '  > a:f32[2] = exp x:f32[2]',
      '    b:f32[2] = exp a',
    ]);
  });

  it('shows a call that would have been the next', () => {
    const program = chain(5);
    const [x] = program.calls.at(-1)!.outputs;
    const next: Call = { kernel: 'Unique', inputs: { x: x! }, attrs: { axis: 0 }, outputs: [] };
    expect(excerpt(program, next).split('\n')).toEqual([
      '    … 2 operations before',
      '    c:f32[2] = exp b',
      '    d:f32[2] = exp c',
      '    e:f32[2] = exp d',
      '  > unique[axis=0] e:f32[2]',
    ]);
  });

  it('stays short in a long program', () => {
    const program = chain(3000);
    expect(excerpt(program, program.calls[1500]!).split('\n')).toHaveLength(9);
  });
});

describe('an operation', () => {
  it('is called as its function in tfjs, but for gradients and what no function runs by itself', () => {
    const functions = (name: string): unknown =>
      name.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], tf);
    const nameless = Object.keys(RULES).filter((kernel) => typeof functions(operationName(kernel)) !== 'function');
    expect(nameless.filter((kernel) => !/Grad|Backprop/.test(kernel))).toEqual(['Identity']);
    expect(['LRNGrad', 'Conv2DBackpropFilter'].map(operationName)).toEqual(['LRNGrad', 'conv2DBackpropFilter']);
  });

  it('tells the settings that are on', () => {
    expect(settings({ transposeA: false, activation: 'linear', dataFormat: 'NHWC', dilations: [1, 1] })).toBe('');
    expect(settings({ strides: [2, 1], pad: 'same', bias: undefined, alpha: -0, beta: null })).toBe(
      '[strides=[2,1] pad=same alpha=-0]',
    );
    expect(settings({ perm: Array.from({ length: 20 }, (_, i) => i) })).toBe(
      '[perm=[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,… 20 in all]]',
    );
    expect(settings({ pad: { top: 1 } })).toBe('[pad={"top":1}]');
  });

  it.each([
    [Math.fround(0.1), 'float32', '0.1'],
    [Math.fround(1 / 3), 'float32', '0.33333334'],
    [Math.fround(Math.log(2 * Math.PI)), 'float32', '1.837877'],
    [16777217 - 1, 'float32', '16777216'],
    [-0, 'float32', '-0'],
    [Infinity, 'float32', 'Infinity'],
    [NaN, 'float32', 'NaN'],
    [-7, 'int32', '-7'],
    [1, 'bool', 'true'],
  ] as const)('writes %d of %s as %s, which is that number again', (value, dtype, text) => {
    expect(literal(value, dtype)).toBe(text);
    if (dtype === 'float32') expect(Math.fround(Number(text))).toBe(value);
  });
});
