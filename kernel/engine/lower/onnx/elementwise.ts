/** Kernels that work element by element, with numpy's broadcasting where they have two inputs. */
import { listed } from '../../ops/rule';
import { wider, type Dtype, type TensorType } from '../../ops/types';
import { float, type Edge, type Graph } from './graph';
import { lowering, type Lowering, type Lowerings, type Operand } from './lowering';

interface Unary {
  x: unknown;
}
interface Binary {
  a: unknown;
  b: unknown;
}

/** float32 in, float32 out; int32 is taken as float32. */
function unary(nodes: (g: Graph, x: Edge) => Edge, precision?: string): Lowering {
  return lowering<Unary>({
    nodes: (g, { x }) => nodes(g, asFloat(g, x)),
    ...(precision === undefined ? {} : { precision }),
  });
}

/** Keeps the type of its input. */
function sameType(nodes: (g: Graph, x: Edge, dtype: Dtype) => Edge): Lowering {
  return lowering<Unary>({ nodes: (g, { x }) => nodes(g, x.edge, x.dtype) });
}

function binary(nodes: (g: Graph, a: Edge, b: Edge, dtype: Dtype) => Edge, precision?: string): Lowering {
  return lowering<Binary>({
    nodes: (g, { a, b }, _, { dtype }) => nodes(g, as(g, a, dtype), as(g, b, dtype), dtype),
    ...(precision === undefined ? {} : { precision }),
  });
}

function comparison(nodes: (g: Graph, a: Edge, b: Edge) => Edge): Lowering {
  return lowering<Binary>({
    nodes(g, { a, b }) {
      const common = wider(wider(a.dtype, b.dtype), 'int32');
      return nodes(g, as(g, a, common), as(g, b, common));
    },
  });
}

function logical(combine: (g: Graph, a: Edge, b: Edge) => Edge): Lowering {
  return lowering<Binary>({
    nodes: (g, { a, b }) => combine(g, as(g, a, 'bool'), as(g, b, 'bool')),
  });
}

const simple = (type: string): Lowering => unary((g, x) => g.op(type, [x]));

export const ELEMENTWISE: Lowerings = {
  // --- two inputs -------------------------------------------------------------------------------------------------
  Add: binary((g, a, b, dtype) => arithmetic(g, 'Add', a, b, dtype)),
  Sub: binary((g, a, b, dtype) => arithmetic(g, 'Sub', a, b, dtype)),
  Multiply: binary((g, a, b, dtype) => arithmetic(g, 'Mul', a, b, dtype)),
  RealDiv: lowering<Binary>({
    nodes: (g, { a, b }) => g.op('Div', [asFloat(g, a), asFloat(g, b)]),
  }),
  FloorDiv: lowering<Binary>({
    nodes: (g, { a, b }) => g.cast(g.op('Floor', [g.op('Div', [asFloat(g, a), asFloat(g, b)])]), 'int32'),
    precision: 'divides in float32, as tfjs does: exact for quotients below 2²⁴',
  }),
  Mod: binary((g, a, b, dtype) => floorMod(g, a, b, dtype)),
  Maximum: binary((g, a, b) => g.op('Max', [a, b])),
  Minimum: binary((g, a, b) => g.op('Min', [a, b])),
  Pow: binary((g, a, b) => g.op('Pow', [a, b])),
  SquaredDifference: binary((g, a, b) => {
    const difference = g.op('Sub', [a, b]);
    return g.op('Mul', [difference, difference]);
  }),
  Atan2: lowering<Binary>({
    nodes(g, { a, b }, _, { dtype }) {
      const angle = atan2(g, asFloat(g, a), asFloat(g, b));
      return dtype === 'float32' ? angle : g.cast(angle, dtype);
    },
    precision: 'from atan of the quotient: within 2 ulp',
  }),
  Prelu: lowering<{ x: unknown; alpha: unknown }>({
    nodes: (g, { x, alpha }) => g.op('PRelu', [asFloat(g, x), asFloat(g, alpha)]),
  }),
  Equal: comparison((g, a, b) => g.op('Equal', [a, b])),
  NotEqual: comparison((g, a, b) => g.op('Not', [g.op('Equal', [a, b])])),
  Greater: comparison((g, a, b) => g.op('Greater', [a, b])),
  GreaterEqual: comparison((g, a, b) => g.op('GreaterOrEqual', [a, b])),
  Less: comparison((g, a, b) => g.op('Less', [a, b])),
  LessEqual: comparison((g, a, b) => g.op('LessOrEqual', [a, b])),
  BitwiseAnd: lowering<Binary>({
    nodes: (g, { a, b }) => g.op('BitwiseAnd', [a.edge, b.edge]),
  }),
  LogicalAnd: logical((g, a, b) => g.op('And', [a, b])),
  LogicalOr: logical(either),
  LogicalNot: lowering<Unary>({
    nodes: (g, { x }) => g.op('Not', [as(g, x, 'bool')]),
  }),

  // --- several ----------------------------------------------------------------------------------------------------
  AddN: {
    nodes: (g, inputs) => {
      const [first, ...others] = listed(inputs).map(({ edge }) => edge);
      return [others.reduce((sum, edge) => g.op('Add', [sum, edge]), first!)];
    },
  },
  Select: lowering<{ condition: unknown; t: unknown; e: unknown }>({
    nodes(g, { condition, t, e }, _, { dtype }) {
      // A condition of rank 1 chooses whole rows.
      const rows = condition.shape.length === 1 && t.shape.length > 1;
      const chosen = as(g, condition, 'bool');
      const shaped = rows ? g.reshape(chosen, [condition.shape[0]!, ...t.shape.slice(1).map(() => 1)]) : chosen;
      if (dtype !== 'bool') return g.op('Where', [shaped, as(g, t, dtype), as(g, e, dtype)]);
      // ONNX Runtime does not choose between booleans.
      const chosenTrue = g.op('And', [shaped, t.edge]);
      return either(g, chosenTrue, g.op('And', [g.op('Not', [shaped]), e.edge]));
    },
  }),

  // --- powers, exponentials and logarithms ------------------------------------------------------------------------
  Square: sameType((g, x) => g.op('Mul', [x, x])),
  Sqrt: simple('Sqrt'),
  Rsqrt: unary((g, x) => g.op('Reciprocal', [g.op('Sqrt', [x])]), 'two roundings'),
  Reciprocal: simple('Reciprocal'),
  Exp: simple('Exp'),
  Expm1: unary(expm1, 'by parts: sinh-based below ½, within 4 ulp'),
  Log: simple('Log'),
  Log1p: unary(log1p, 'Kahan’s correction: within 4 ulp'),
  Erf: simple('Erf'),

  // --- trigonometry -----------------------------------------------------------------------------------------------
  Sin: simple('Sin'),
  Cos: simple('Cos'),
  Tan: simple('Tan'),
  Asin: simple('Asin'),
  Acos: simple('Acos'),
  Atan: simple('Atan'),
  Sinh: simple('Sinh'),
  Cosh: simple('Cosh'),
  Tanh: simple('Tanh'),
  Asinh: simple('Asinh'),
  Acosh: simple('Acosh'),
  Atanh: simple('Atanh'),

  // --- activations ------------------------------------------------------------------------------------------------
  Sigmoid: simple('Sigmoid'),
  Softplus: unary(softplus, 'max(x, 0) − log σ(|x|): exact to float32 in absolute terms, not relative ones'),
  Relu: sameType((g, x, dtype) => (dtype === 'float32' ? g.op('Relu', [x]) : g.op('Max', [x, g.scalar(0, dtype)]))),
  Relu6: sameType((g, x, dtype) => g.op('Clip', [x, g.scalar(0, dtype), g.scalar(6, dtype)])),
  LeakyRelu: lowering<Unary, { alpha: number }>({
    nodes: (g, { x }, { alpha }) => g.op('LeakyRelu', [asFloat(g, x)], { alpha: float(alpha) }),
  }),
  Elu: simple('Elu'),
  ReluGradient: lowering<{ dy: unknown; y: unknown }>({
    nodes: (g, { dy, y }) => g.op('Mul', [dy.edge, positive(g, y.edge)]),
    precision: 'for a y between 0 and 3e-39, which float32 hardly holds, the slope is below 1',
  }),
  EluGrad: lowering<{ dy: unknown; y: unknown }>({
    nodes: (g, { dy, y }) =>
      g.op('Where', [
        g.op('GreaterOrEqual', [y.edge, g.scalar(0)]),
        dy.edge,
        g.op('Mul', [dy.edge, g.op('Add', [y.edge, g.scalar(1)])]),
      ]),
  }),
  Selu: unary(selu),
  Step: lowering<Unary, { alpha: number }>({
    nodes(g, { x }, { alpha }) {
      const positive = g.op('Greater', [x.edge, g.scalar(0, x.dtype)]);
      const step = g.op('Where', [positive, g.scalar(1, x.dtype), constantOf(g, alpha, x.dtype)]);
      if (x.dtype !== 'float32') return step;
      return g.op('Where', [missing(g, x.edge), x.edge, step]);
    },
  }),

  // --- signs, rounding, ranges ------------------------------------------------------------------------------------
  Neg: sameType((g, x, dtype) => negative(g, x, dtype)),
  Abs: sameType((g, x, dtype) => (dtype === 'float32' ? g.op('Abs', [x]) : g.op('Max', [x, negative(g, x, dtype)]))),
  Sign: sameType(sign),
  Floor: sameType((g, x, dtype) => rounded(g, 'Floor', x, dtype)),
  Ceil: sameType((g, x, dtype) => rounded(g, 'Ceil', x, dtype)),
  Round: sameType((g, x, dtype) => round(g, x, dtype)),
  ClipByValue: lowering<Unary, { clipValueMin: number; clipValueMax: number }>({
    nodes: (g, { x }, { clipValueMin, clipValueMax }) =>
      g.op('Min', [g.op('Max', [x.edge, constantOf(g, clipValueMin, x.dtype)]), constantOf(g, clipValueMax, x.dtype)]),
  }),
  IsNan: lowering<Unary>({
    nodes: (g, { x }) => missing(g, asFloat(g, x)),
  }),
  IsInf: lowering<Unary>({
    nodes: (g, { x }) => infinite(g, asFloat(g, x)),
  }),
  IsFinite: lowering<Unary>({
    nodes: (g, { x }) => g.op('Less', [g.op('Abs', [asFloat(g, x)]), g.scalar(Infinity)]),
  }),

  // --- types ------------------------------------------------------------------------------------------------------
  Cast: lowering<Unary, { dtype: string }>({
    nodes: (g, { x }, _, { dtype }) => as(g, x, dtype),
  }),
  Identity: sameType((_, x) => x),
  ZerosLike: filledLike(0),
  OnesLike: filledLike(1),
};

// --- shapes and types ---------------------------------------------------------------------------------------------

/** The operand in another type. Float to int32 truncates towards zero; anything but 0 is true. */
export function as(g: Graph, x: Operand, dtype: Dtype): Edge {
  return x.dtype === dtype ? x.edge : g.cast(x.edge, dtype);
}

export function asFloat(g: Graph, x: Operand): Edge {
  return as(g, x, 'float32');
}

function filledLike(value: number): Lowering {
  return lowering<Unary>({
    nodes: (g, _, __, output) => filled(g, value, output),
  });
}

/** A tensor of one value. */
export function filled(g: Graph, value: number, { shape, dtype }: TensorType): Edge {
  const scalar = constantOf(g, value, dtype);
  return shape.length === 0 ? scalar : g.op('Expand', [scalar, g.ints(shape)]);
}

/** A scalar; infinite bounds of whole numbers are the largest and smallest of them. */
export function constantOf(g: Graph, value: number, dtype: Dtype): Edge {
  if (dtype !== 'int32') return g.scalar(value, dtype);
  return g.scalar(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value)), dtype);
}

// --- formulas -----------------------------------------------------------------------------------------------------

/** Sums and products; booleans, which ONNX does not add, as whole numbers. */
function arithmetic(g: Graph, type: string, a: Edge, b: Edge, dtype: Dtype): Edge {
  if (dtype !== 'bool') return g.op(type, [a, b]);
  return g.cast(g.op(type, [g.cast(a, 'int32'), g.cast(b, 'int32')]), 'bool');
}

/** 1 where x > 0, else 0, in one pass: a very steep ramp. */
function positive(g: Graph, x: Edge): Edge {
  if (g.target === 'cpu') return g.op('HardSigmoid', [x], { alpha: float(3e38), beta: float(0) });
  return g.cast(g.op('Greater', [x, g.scalar(0)]), 'float32');
}

/** The remainder that has the divisor's sign. */
function floorMod(g: Graph, a: Edge, b: Edge, dtype: Dtype): Edge {
  if (g.target !== 'webgpu') {
    if (dtype === 'int32') return g.op('Mod', [a, b]);
    // fmod, moved into the divisor's range.
    const remainder = g.op('Mod', [a, b], { fmod: 1 });
    const zero = g.scalar(0);
    const opposite = g.op('Less', [g.op('Mul', [g.op('Sign', [remainder]), g.op('Sign', [b])]), zero]);
    return g.op('Where', [opposite, g.op('Add', [remainder, b]), remainder]);
  }
  const [x, y] = dtype === 'int32' ? [g.cast(a, 'float32'), g.cast(b, 'float32')] : [a, b];
  const remainder = g.op('Sub', [x, g.op('Mul', [y, g.op('Floor', [g.op('Div', [x, y])])])]);
  return dtype === 'int32' ? g.cast(remainder, 'int32') : remainder;
}

/** 1 for x > 0, −1 for x < 0, else 0, as tfjs has it for NaN, too. */
function sign(g: Graph, x: Edge, dtype: Dtype): Edge {
  const zero = g.scalar(0, dtype);
  const negative = g.op('Where', [g.op('Less', [x, zero]), g.scalar(-1, dtype), zero]);
  return g.op('Where', [g.op('Greater', [x, zero]), g.scalar(1, dtype), negative]);
}

function rounded(g: Graph, type: 'Floor' | 'Ceil', x: Edge, dtype: Dtype): Edge {
  return dtype === 'float32' ? g.op(type, [x]) : x;
}

/** Half to even, as ONNX and tfjs have it. */
function round(g: Graph, x: Edge, dtype: Dtype): Edge {
  if (dtype !== 'float32') return x;
  if (g.target !== 'webgpu') return g.op('Round', [x]);
  // Adding and subtracting 1.5·2²³ rounds in float32; what is larger is whole already.
  const magic = g.scalar(12582912);
  const near = g.op('Sub', [g.op('Add', [x, magic]), magic]);
  return g.op('Where', [g.op('Less', [g.op('Abs', [x]), g.scalar(4194304)]), near, x]);
}

/** Whether either is true; of the two, WebGPU has only “and”. */
function either(g: Graph, a: Edge, b: Edge): Edge {
  if (g.target !== 'webgpu') return g.op('Or', [a, b]);
  return g.op('Not', [g.op('And', [g.op('Not', [a]), g.op('Not', [b])])]);
}

/** −x; WebGPU negates no whole numbers. */
function negative(g: Graph, x: Edge, dtype: Dtype): Edge {
  return dtype === 'float32' || g.target !== 'webgpu' ? g.op('Neg', [x]) : g.op('Sub', [g.scalar(0, dtype), x]);
}

/** Whether it is NaN. WebGPU lacks the operator, and its compilers may take a comparison of a value with itself for true. */
export function missing(g: Graph, x: Edge): Edge {
  if (g.target !== 'webgpu') return g.op('IsNaN', [x]);
  return g.op('Not', [g.op('LessOrEqual', [g.op('Abs', [x]), g.scalar(Infinity)])]);
}

const SELU = { alpha: float(1.67326319217681884765625), gamma: float(1.05070102214813232421875) };

/** γ elu(x), with α (G. Klambauer et al., “Self-normalizing neural networks”, 2017, equation 2). */
function selu(g: Graph, x: Edge): Edge {
  if (g.target !== 'webgpu') return g.op('Selu', [x], SELU);
  return g.op('Mul', [g.op('Elu', [x], { alpha: SELU.alpha }), g.scalar(SELU.gamma.float)]);
}

function infinite(g: Graph, x: Edge): Edge {
  return g.op('Equal', [g.op('Abs', [x]), g.scalar(Infinity)]);
}

/** log(1 + eˣ) = max(x, 0) − log σ(|x|), which never overflows and is four times as fast as ONNX Runtime's own. */
function softplus(g: Graph, x: Edge): Edge {
  return g.op('Sub', [g.op('Relu', [x]), g.op('Log', [g.op('Sigmoid', [g.op('Abs', [x])])])]);
}

/** log u · x / (u − 1) with u = 1 + x, which mends the rounding of u (Goldberg 1991, theorem 4). */
function log1p(g: Graph, x: Edge): Edge {
  const one = g.scalar(1);
  const u = g.op('Add', [x, one]);
  const corrected = g.op('Div', [g.op('Mul', [g.op('Log', [u]), x]), g.op('Sub', [u, one])]);
  const large = either(g, g.op('Greater', [g.op('Abs', [x]), g.scalar(2 ** 24)]), g.op('Equal', [u, g.scalar(0)]));
  const plain = g.op('Where', [large, g.op('Log', [u]), corrected]);
  return g.op('Where', [g.op('Equal', [u, one]), x, plain]);
}

/** eˣ − 1; near 0 as 2 sinh(x/2) e^(x/2). */
function expm1(g: Graph, x: Edge): Edge {
  const half = g.op('Mul', [x, g.scalar(0.5)]);
  const near = g.op('Mul', [g.op('Mul', [g.scalar(2), sinhSmall(g, half)]), g.op('Exp', [half])]);
  const far = g.op('Sub', [g.op('Exp', [x]), g.scalar(1)]);
  return g.op('Where', [g.op('Less', [g.op('Abs', [x]), g.scalar(0.5)]), near, far]);
}

/** sinh for |x| ≤ ¼ by its series, exact in float32: x (1 + x²/6 (1 + x²/20 (1 + x²/42))). */
function sinhSmall(g: Graph, x: Edge): Edge {
  const square = g.op('Mul', [x, x]);
  const nest = (inner: Edge, divisor: number) =>
    g.op('Add', [g.scalar(1), g.op('Mul', [g.op('Mul', [square, g.scalar(1 / divisor)]), inner])]);
  return g.op('Mul', [x, nest(nest(nest(g.scalar(1), 42), 20), 6)]);
}

/** The angle of the point (b, a), in (−π, π]. */
function atan2(g: Graph, a: Edge, b: Edge): Edge {
  const zero = g.scalar(0);
  const plain = g.op('Atan', [g.op('Div', [a, b])]);
  const turn = g.op('Where', [g.op('Less', [a, zero]), g.scalar(-Math.PI), g.scalar(Math.PI)]);
  const angle = g.op('Where', [g.op('Less', [b, zero]), g.op('Add', [plain, turn]), plain]);
  const atOrigin = g.op('And', [g.op('Equal', [a, zero]), g.op('Equal', [b, zero])]);
  return g.op('Where', [atOrigin, zero, angle]);
}
