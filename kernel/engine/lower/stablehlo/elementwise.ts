/** Kernels that work element by element, with numpy's broadcasting where they have several inputs. */
import { listed } from '../../ops/rule';
import { wider } from '../../ops/types';
import type { Body, Direction, Operand } from './body';
import { lowering, type Lowering, type Lowerings } from './lowering';

interface Unary {
  x: unknown;
}
interface Binary {
  a: unknown;
  b: unknown;
}

/** float32 in, float32 out; whole numbers are taken as float32. */
function real(write: (b: Body, x: Operand) => Operand, precision?: string): Lowering {
  return lowering<Unary>((b, { x }) => write(b, b.as(x, 'float32')), precision);
}

/** Keeps the type of its input. */
function sameType(write: (b: Body, x: Operand) => Operand): Lowering {
  return lowering<Unary>((b, { x }) => write(b, x));
}

/** In the type of the result; of booleans, which are not added or multiplied, as whole numbers. */
function binary(write: (b: Body, x: Operand, y: Operand) => Operand): Lowering {
  return lowering<Binary>((b, { a, b: other }, _, { dtype }) => {
    const computed = wider(dtype, 'int32');
    return b.as(write(b, b.as(a, computed), b.as(other, computed)), dtype);
  });
}

function comparison(direction: Direction): Lowering {
  return lowering<Binary>((b, { a, b: other }) => {
    const common = wider(wider(a.dtype, other.dtype), 'int32');
    return b.compare(direction, b.as(a, common), b.as(other, common));
  });
}

function logical(name: 'and' | 'or'): Lowering {
  return lowering<Binary>((b, { a, b: other }) => b.each(name, b.as(a, 'bool'), b.as(other, 'bool')));
}

const named = (operation: string, precision?: string): Lowering => real((b, x) => b.each(operation, x), precision);
const wholeStays = (operation: string): Lowering =>
  sameType((b, x) => (x.dtype === 'float32' ? b.each(operation, x) : x));
const filledLike = (value: number): Lowering => lowering<Unary>((b, _, __, output) => b.filled(value, output));

export const ELEMENTWISE: Lowerings = {
  // --- two inputs -------------------------------------------------------------------------------------------------
  Add: binary((b, x, y) => b.each('add', x, y)),
  Sub: binary((b, x, y) => b.each('subtract', x, y)),
  Multiply: binary((b, x, y) => b.each('multiply', x, y)),
  RealDiv: lowering<Binary>((b, { a, b: other }) => b.each('divide', b.as(a, 'float32'), b.as(other, 'float32'))),
  FloorDiv: lowering<Binary>((b, { a, b: other }) => {
    const quotient = b.each('divide', b.as(a, 'float32'), b.as(other, 'float32'));
    return b.as(b.each('floor', quotient), 'int32');
  }, 'divides in float32, as tfjs does: exact for quotients below 2²⁴'),
  Mod: binary(floorMod),
  Maximum: binary((b, x, y) => b.each('maximum', x, y)),
  Minimum: binary((b, x, y) => b.each('minimum', x, y)),
  Pow: binary((b, x, y) => b.each('power', x, y)),
  SquaredDifference: binary((b, x, y) => square(b, b.each('subtract', x, y))),
  Atan2: lowering<Binary>((b, { a, b: other }, _, { dtype }) =>
    b.as(b.each('atan2', b.as(a, 'float32'), b.as(other, 'float32')), dtype),
  ),
  Prelu: lowering<{ x: unknown; alpha: unknown }>((b, { x, alpha }) =>
    leaky(b, b.as(x, 'float32'), b.as(alpha, 'float32')),
  ),
  Equal: comparison('EQ'),
  NotEqual: comparison('NE'),
  Greater: comparison('GT'),
  GreaterEqual: comparison('GE'),
  Less: comparison('LT'),
  LessEqual: comparison('LE'),
  BitwiseAnd: lowering<Binary>((b, { a, b: other }) => b.each('and', a, other)),
  LogicalAnd: logical('and'),
  LogicalOr: logical('or'),
  LogicalNot: lowering<Unary>((b, { x }) => b.each('not', b.as(x, 'bool'))),

  // --- several ----------------------------------------------------------------------------------------------------
  AddN: { write: (b, inputs) => [listed(inputs).reduce((sum, x) => b.each('add', sum, x))] },
  Select: lowering<{ condition: unknown; t: unknown; e: unknown }>((b, { condition, t, e }, _, { dtype }) => {
    // A condition of rank 1 chooses whole rows.
    const rows = condition.shape.length === 1 && t.shape.length > 1;
    const chosen = b.as(condition, 'bool');
    const shaped = rows ? b.reshape(chosen, [condition.shape[0]!, ...t.shape.slice(1).map(() => 1)]) : chosen;
    return b.select(shaped, b.as(t, dtype), b.as(e, dtype));
  }),

  // --- powers, exponentials and logarithms ------------------------------------------------------------------------
  Square: sameType(square),
  Sqrt: named('sqrt'),
  Rsqrt: named('rsqrt'),
  Reciprocal: real((b, x) => b.each('divide', b.scalar(1), x)),
  Exp: named('exponential'),
  Expm1: named('exponential_minus_one'),
  Log: named('log'),
  Log1p: named('log_plus_one'),
  Erf: named('chlo.erf'),

  // --- trigonometry -----------------------------------------------------------------------------------------------
  Sin: named('sine'),
  Cos: named('cosine'),
  Tan: named('tan'),
  Asin: named('chlo.asin'),
  Acos: named('chlo.acos'),
  Atan: named('chlo.atan'),
  Sinh: named('chlo.sinh'),
  Cosh: named('chlo.cosh'),
  Tanh: named('tanh'),
  Asinh: named('chlo.asinh'),
  Acosh: named('chlo.acosh'),
  Atanh: named('chlo.atanh'),

  // --- activations ------------------------------------------------------------------------------------------------
  Sigmoid: named('logistic'),
  Softplus: real(softplus),
  Relu: sameType((b, x) => b.each('maximum', x, b.scalar(0, x.dtype))),
  Relu6: sameType((b, x) => between(b, x, 0, 6)),
  LeakyRelu: lowering<Unary, { alpha: number }>((b, { x }, { alpha }) => leaky(b, b.as(x, 'float32'), b.scalar(alpha))),
  Elu: real((b, x) => b.select(b.compare('GE', x, b.scalar(0)), x, b.each('exponential_minus_one', x))),
  Selu: real(selu),
  Step: lowering<Unary, { alpha: number }>((b, { x }, { alpha }) => {
    const one = b.scalar(1, x.dtype);
    const step = b.select(positive(b, x), one, b.scalar(alpha, x.dtype));
    return x.dtype === 'float32' ? b.select(missing(b, x), x, step) : step;
  }),
  ReluGradient: lowering<{ dy: unknown; y: unknown }>((b, { dy, y }) => b.select(positive(b, y), dy, b.scalar(0))),
  EluGrad: lowering<{ dy: unknown; y: unknown }>((b, { dy, y }) => {
    const slope = b.each('add', y, b.scalar(1));
    return b.select(b.compare('GE', y, b.scalar(0)), dy, b.each('multiply', dy, slope));
  }),

  // --- signs, rounding, ranges ------------------------------------------------------------------------------------
  Neg: sameType((b, x) => b.each('negate', x)),
  Abs: sameType((b, x) => b.each('abs', x)),
  Sign: sameType(sign),
  Floor: wholeStays('floor'),
  Ceil: wholeStays('ceil'),
  Round: wholeStays('round_nearest_even'),
  ClipByValue: lowering<Unary, { clipValueMin: number; clipValueMax: number }>(
    (b, { x }, { clipValueMin, clipValueMax }) => between(b, x, clipValueMin, clipValueMax),
  ),
  IsNan: real(missing),
  IsInf: real((b, x) => b.compare('EQ', b.each('abs', x), b.scalar(Infinity))),
  IsFinite: real((b, x) => b.op('is_finite', [x], { ...x, dtype: 'bool' })),

  // --- types ------------------------------------------------------------------------------------------------------
  Cast: lowering<Unary, { dtype: string }>((b, { x }, _, { dtype }) => b.as(x, dtype)),
  Identity: sameType((_, x) => x),
  ZerosLike: filledLike(0),
  OnesLike: filledLike(1),
};

// --- formulas -----------------------------------------------------------------------------------------------------

export function square(b: Body, x: Operand): Operand {
  return b.each('multiply', x, x);
}

/** Whether it is NaN. */
export function missing(b: Body, x: Operand): Operand {
  return b.compare('NE', x, x);
}

function positive(b: Body, x: Operand): Operand {
  return b.compare('GT', x, b.scalar(0, x.dtype));
}

function between(b: Body, x: Operand, low: number, high: number): Operand {
  const { dtype } = x;
  return b.each('minimum', b.each('maximum', x, b.scalar(low, dtype)), b.scalar(high, dtype));
}

/** The remainder that has the divisor's sign. */
function floorMod(b: Body, x: Operand, y: Operand): Operand {
  const zero = b.scalar(0, x.dtype);
  const remainder = b.each('remainder', x, y);
  const opposite = b.each('xor', b.compare('LT', remainder, zero), b.compare('LT', y, zero));
  const moved = b.each('and', opposite, b.compare('NE', remainder, zero));
  return b.select(moved, b.each('add', remainder, y), remainder);
}

/** 1 for x > 0, −1 for x < 0, else 0, as tfjs has it for NaN, too. */
function sign(b: Body, x: Operand): Operand {
  const zero = b.scalar(0, x.dtype);
  const negative = b.select(b.compare('LT', x, zero), b.scalar(-1, x.dtype), zero);
  return b.select(positive(b, x), b.scalar(1, x.dtype), negative);
}

function leaky(b: Body, x: Operand, slope: Operand): Operand {
  return b.select(b.compare('LT', x, b.scalar(0)), b.each('multiply', slope, x), x);
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), which never overflows. */
function softplus(b: Body, x: Operand): Operand {
  const decay = b.each('exponential', b.each('negate', b.each('abs', x)));
  return b.each('add', b.each('maximum', x, b.scalar(0)), b.each('log_plus_one', decay));
}

/** γ elu(x), with α (G. Klambauer et al., “Self-normalizing neural networks”, 2017, equation 2). */
function selu(b: Body, x: Operand): Operand {
  const [alpha, gamma] = [b.scalar(1.67326319217681884765625), b.scalar(1.05070102214813232421875)];
  const below = b.each('multiply', alpha, b.each('exponential_minus_one', x));
  return b.each('multiply', gamma, b.select(b.compare('GE', x, b.scalar(0)), x, below));
}
