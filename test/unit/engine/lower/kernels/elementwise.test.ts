import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { booleans, DTYPES, expectSame, normal, random, whole } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1e-8,
  -1e-8,
  3e-4,
  20,
  -20,
  90,
  -90,
  1e6,
  -1e6,
  1e30,
  Infinity,
  -Infinity,
  NaN,
];

const SHAPES = [[], [5], [2, 3], [0, 2], [2, 1, 3], [2, 1, 2, 3], [1, 2, 1, 2, 2], [2, 1, 2, 1, 2, 2]];

/** Those that the runtime computes as exactly as tfjs does: one rounding, or none. */
const EXACT: Record<string, Unary> = {
  Square: tf.square,
  Sqrt: tf.sqrt,
  Reciprocal: tf.reciprocal,
  Relu: tf.relu,
  Relu6: tf.relu6,
  LeakyRelu: (x) => tf.leakyRelu(x, 0.3),
  Neg: tf.neg,
  Abs: tf.abs,
  Sign: tf.sign,
  Floor: tf.floor,
  Ceil: tf.ceil,
  Round: tf.round,
  Step: (x) => tf.step(x, 0.25),
  ClipByValue: (x) => tf.clipByValue(x, -0.75, 2),
  IsNan: tf.isNaN,
  IsInf: tf.isInf,
  IsFinite: tf.isFinite,
  ZerosLike: tf.zerosLike,
  OnesLike: tf.onesLike,
};

/** Approximations of a few ulp. */
const APPROXIMATE: Record<string, Unary> = {
  Rsqrt: tf.rsqrt,
  Exp: tf.exp,
  Expm1: tf.expm1,
  Log: tf.log,
  Log1p: tf.log1p,
  Erf: tf.erf,
  Sin: tf.sin,
  Cos: tf.cos,
  Tan: tf.tan,
  Asin: tf.asin,
  Acos: tf.acos,
  Atan: tf.atan,
  Sinh: tf.sinh,
  Cosh: tf.cosh,
  Tanh: tf.tanh,
  Asinh: tf.asinh,
  Acosh: tf.acosh,
  Atanh: tf.atanh,
  Sigmoid: tf.sigmoid,
  Softplus: tf.softplus,
  Elu: tf.elu,
  Selu: tf.selu,
};

describe.each(Object.entries({ ...EXACT, ...APPROXIMATE }))('%s', (kernel, f) => {
  const tolerance = kernel in EXACT ? {} : { relative: 1e-6, absolute: 5e-7 };

  it.each(SHAPES.map((shape) => ({ shape })))('maps each number of $shape', ({ shape }) => {
    expectSame(kernel, () => f(normal(shape).mul(2)), tolerance);
  });

  it('maps large, small, infinite numbers and NaN', () => {
    expectSame(kernel, () => f(tf.tensor1d(SPECIAL)), tolerance);
  });
});

// The others take float32 alone, or keep their results in whole numbers on tfjs's cpu backend.
describe.each([
  'Square',
  'Relu',
  'Relu6',
  'Neg',
  'Abs',
  'Sign',
  'Round',
  'Step',
  'ClipByValue',
  'ZerosLike',
  'OnesLike',
])('%s', (kernel) => {
  it('maps whole numbers', () => {
    expectSame(kernel, () => EXACT[kernel]!(whole([2, 5], -7, 8)));
  });
});

describe('Cast', () => {
  it.each(DTYPES.flatMap((from) => DTYPES.map((to) => ({ from, to }))))('takes $from to $to', ({ from, to }) => {
    expectSame('Cast', () => tf.cast(random([3, 4], from), to));
  });

  it('truncates towards zero', () => {
    expectSame('Cast', () => tf.cast(tf.tensor1d([1.9, -1.9, 0.5, -0.5]), 'int32'));
  });
});

const ARITHMETIC: Record<string, Binary> = {
  Add: tf.add,
  Sub: tf.sub,
  Multiply: tf.mul,
  RealDiv: tf.div,
  FloorDiv: tf.floorDiv,
  Mod: tf.mod,
  Maximum: tf.maximum,
  Minimum: tf.minimum,
  Pow: tf.pow,
  SquaredDifference: tf.squaredDifference,
  Atan2: tf.atan2,
};
const COMPARISONS: Record<string, Binary> = {
  Equal: tf.equal,
  NotEqual: tf.notEqual,
  Greater: tf.greater,
  GreaterEqual: tf.greaterEqual,
  Less: tf.less,
  LessEqual: tf.lessEqual,
};
const BROADCASTS = [
  { a: [], b: [] },
  { a: [3], b: [] },
  { a: [2, 3], b: [3] },
  { a: [2, 1], b: [1, 3] },
  { a: [2, 3, 1], b: [4] },
  { a: [0, 3], b: [1, 3] },
  { a: [2, 1, 2, 1, 2], b: [1, 2, 2, 1, 1] },
  { a: [1, 2, 1, 2, 1, 2], b: [2, 1, 2] },
];

describe.each(Object.entries({ ...ARITHMETIC, ...COMPARISONS }))('%s', (kernel, f) => {
  const tolerance = kernel === 'Pow' || kernel === 'Atan2' ? { relative: 1e-6, absolute: 5e-7 } : {};

  it.each(BROADCASTS)('broadcasts $a with $b', ({ a, b }) => {
    const base = (shape: number[]) => (kernel === 'Pow' ? normal(shape).abs() : normal(shape));
    expectSame(kernel, () => f(base(a), normal(b, 5)), tolerance);
  });

  // Whole numbers that tf.div is given go to FloorDiv.
  it('takes numbers of other types', () => {
    const positive = () => whole([2, 3], 1, 5, 9);
    expectSame(kernel, () => f(normal([2, 3]), positive()), tolerance);
    if (kernel !== 'RealDiv') expectSame(kernel, () => f(whole([2, 3], -4, 5), positive()), tolerance);
  });
});

describe.each(Object.entries({ Add: tf.add, Sub: tf.sub, Multiply: tf.mul, ...COMPARISONS }))('%s', (kernel, f) => {
  it('takes infinities', () => {
    const [a, b] = [tf.tensor1d([Infinity, -Infinity, 1, 0, 2]), tf.tensor1d([1, -Infinity, Infinity, 3, -Infinity])];
    expectSame(kernel, () => f(a, b));
  });

  it('takes booleans', () => {
    expectSame(kernel, () => f(booleans([2, 3]), whole([2, 3], -1, 2)));
  });
});

describe('Mod', () => {
  it('has the sign of the divisor', () => {
    const [a, b] = [tf.tensor1d([5, -5, 5, -5, 6]), tf.tensor1d([3, 3, -3, -3, 3])];
    expectSame('Mod', () => tf.mod(a, b));
    expectSame('Mod', () => tf.mod(a.toInt(), b.toInt()));
    expectSame('FloorDiv', () => tf.floorDiv(a.toInt(), b.toInt()));
  });
});

describe('logic', () => {
  it.each(BROADCASTS)('broadcasts $a with $b', ({ a, b }) => {
    expectSame('LogicalAnd', () => tf.logicalAnd(booleans(a), booleans(b, 5)));
    expectSame('LogicalOr', () => tf.logicalOr(booleans(a), booleans(b, 5)));
    expectSame('LogicalNot', () => tf.logicalNot(booleans(a)));
  });
});

describe('Select', () => {
  it.each(DTYPES)('chooses %s element by element, or whole rows', (dtype) => {
    const [t, e] = [() => random([3, 2], dtype), () => random([3, 2], dtype)];
    expectSame('Select', () => tf.where(booleans([3, 2]), t(), e()));
    expectSame('Select', () => tf.where(booleans([3, 1]), t(), e()));
    expectSame('Select', () => tf.where(booleans([3]), random([3], dtype), random([3], dtype)));
  });
});

describe('AddN', () => {
  it('adds one tensor or several', () => {
    expectSame('AddN', () => tf.addN([normal([2, 3]), normal([2, 3], 2), normal([2, 3], 4)]), { absolute: 5e-7 });
    expectSame('AddN', () => tf.addN([whole([4], -3, 4)]));
  });
});

describe('slopes', () => {
  it('Prelu has its own for each channel', () => {
    expectSame('Prelu', () => tf.prelu(normal([2, 3, 4]), normal([4], 5)));
    expectSame('Prelu', () => tf.prelu(normal([2, 3, 4]), normal([3, 1], 5)));
  });

  it('EluGrad is that of elu', () => {
    expectSame('EluGrad', () => tf.grad((x: tf.Tensor) => tf.elu(x))(normal([3, 4])), { relative: 1e-6 });
  });
});
