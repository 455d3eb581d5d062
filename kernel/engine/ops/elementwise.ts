/** Kernels that work element by element, with numpy's broadcasting where they have several inputs. */
import { listed, rule, shared, supported, type ShapeRules } from './rule';
import { broadcast, float32, wider, type TensorType } from './types';

interface Unary {
  x: unknown;
}
interface Binary {
  a: unknown;
  b: unknown;
}

/** The results are float32, whatever x is. */
const real = rule<Unary>(({ x }) => float32(x.shape));
const sameType = rule<Unary>(({ x }) => x);
const answer = rule<Unary>(({ x }) => ({ shape: x.shape, dtype: 'bool' }));
const widerOfTwo = rule<Binary>(({ a, b }) => ({ shape: broadcast(a, b), dtype: wider(a.dtype, b.dtype) }));
const wholeOfTwo = rule<Binary>(({ a, b }) => ({ shape: broadcast(a, b), dtype: 'int32' }));
const answerOfTwo = rule<Binary>(({ a, b }) => ({ shape: broadcast(a, b), dtype: 'bool' }));

export const ELEMENTWISE: ShapeRules = {
  // --- two inputs -------------------------------------------------------------------------------------------------
  ...shared(widerOfTwo, 'Add', 'Sub', 'Multiply', 'Mod', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference', 'Atan2'),
  RealDiv: rule<Binary>(({ a, b }) => float32(broadcast(a, b))),
  ...shared(wholeOfTwo, 'FloorDiv', 'BitwiseAnd'),
  ...shared(answerOfTwo, 'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'),
  ...shared(answerOfTwo, 'LogicalAnd', 'LogicalOr'),
  Prelu: rule<{ x: unknown; alpha: unknown }>(({ x, alpha }) => float32(broadcast(x, alpha))),

  // --- several ----------------------------------------------------------------------------------------------------
  AddN: (inputs) => [listed(inputs)[0]!],
  Select: rule<{ condition: unknown; t: unknown; e: unknown }>(({ condition, t, e }) => ({
    shape: selectShape(condition, t, e),
    dtype: wider(t.dtype, e.dtype),
  })),

  // --- one input --------------------------------------------------------------------------------------------------
  ...shared(real, 'Sqrt', 'Rsqrt', 'Reciprocal', 'Exp', 'Expm1', 'Log', 'Log1p', 'Erf'),
  ...shared(real, 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan'),
  ...shared(real, 'Sinh', 'Cosh', 'Tanh', 'Asinh', 'Acosh', 'Atanh'),
  ...shared(real, 'Sigmoid', 'Softplus', 'LeakyRelu', 'Elu', 'Selu'),
  ...shared(sameType, 'Square', 'Relu', 'Relu6', 'Step', 'Neg', 'Abs', 'Sign', 'Floor', 'Ceil', 'Round', 'ClipByValue'),
  ...shared(sameType, 'Identity', 'ZerosLike', 'OnesLike'),
  ...shared(answer, 'IsNan', 'IsInf', 'IsFinite', 'LogicalNot'),
  Cast: rule<Unary, { dtype: string }>(({ x }, { dtype }) => ({ shape: x.shape, dtype: supported(dtype) })),

  // --- gradients --------------------------------------------------------------------------------------------------
  EluGrad: rule<{ dy: unknown; y: unknown }>(({ y }) => float32(y.shape)),
  /** Not tfjs's: dy where y > 0, which `lower/fuse.ts` makes of a product with a step. */
  ReluGradient: rule<{ dy: unknown; y: unknown }>(({ y }) => y),
};

/** A condition of rank 1 chooses whole rows. */
function selectShape(condition: TensorType, t: TensorType, e: TensorType): readonly number[] {
  if (condition.shape.length === 1 && t.shape.length > 1) return t.shape;
  return broadcast({ ...t, shape: broadcast(condition, t) }, e);
}
