/** Kernels along axes: sums, means, extremes and where they are; softmax; sums of all elements up to each one. */
import { backend_util, util } from '@tensorflow/tfjs';
import { range } from './range';
import { rule, shared, type ShapeRules } from './rule';
import { float32, wider, type Dtype, type TensorType } from './types';

interface Input {
  x: unknown;
}
type Axis = number | number[] | null;
export interface ReductionAttrs {
  axis?: Axis;
  /** What `Max` calls its axis. */
  reductionIndices?: Axis;
  keepDims?: boolean;
}

/** What a reduction does to a shape. */
export interface Reduced {
  /** The axes that are reduced, counted from the front. */
  readonly axes: readonly number[];
  readonly shape: readonly number[];
  /** How many elements become one. */
  readonly count: number;
}

const atLeastWhole = (dtype: Dtype): Dtype => wider(dtype, 'int32');
const position = rule<Input, { axis: number }>(({ x }, { axis }) => ({
  shape: reduced(x, { axis }).shape,
  dtype: 'int32',
}));
const softmax = rule<{ logits: unknown }>(({ logits }) => float32(logits.shape));
const scan = rule<Input>(({ x }) => ({ shape: x.shape, dtype: atLeastWhole(x.dtype) }));

export const REDUCTIONS: ShapeRules = {
  ...shared(reduction(atLeastWhole), 'Sum', 'Prod'),
  Mean: reduction(() => 'float32'),
  ...shared(
    reduction((x) => x),
    'Max',
    'Min',
  ),
  ...shared(
    reduction(() => 'bool'),
    'All',
    'Any',
  ),
  ...shared(position, 'ArgMax', 'ArgMin'),
  ...shared(softmax, 'Softmax', 'LogSoftmax'),
  ...shared(scan, 'Cumsum', 'Cumprod'),
};

function reduction(dtype: (x: Dtype) => Dtype) {
  return rule<Input, ReductionAttrs>(({ x }, attrs) => ({ shape: reduced(x, attrs).shape, dtype: dtype(x.dtype) }));
}

export function reduced({ shape }: TensorType, { axis, reductionIndices, keepDims }: ReductionAttrs): Reduced {
  const axes = util.parseAxisParam(axis ?? reductionIndices ?? range(0, shape.length), [...shape]);
  const [kept, removed] = backend_util.computeOutAndReduceShapes([...shape], axes);
  return {
    axes,
    shape: keepDims ? backend_util.expandShapeToKeepDim(kept!, axes) : kept!,
    count: util.sizeFromShape(removed!),
  };
}
