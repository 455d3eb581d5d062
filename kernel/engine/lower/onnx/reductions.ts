/** Kernels that reduce axes: sums, means, extremes and where they are. Softmax, which divides by such a sum. */
import { LoweringError } from '../loweringError';
import { range } from '../../ops/range';
import { reduced, type Reduced, type ReductionAttrs } from '../../ops/reductions';
import { sizeOf, wider, type TensorType } from '../../ops/types';
import { as, asFloat, filled, missing } from './elementwise';
import type { Edge, Graph } from './graph';
import { reshaped } from './layout';
import { lowering, type Lowering, type Lowerings, type Operand } from './lowering';

interface Input {
  x: unknown;
}

interface Reduction {
  /** The result where there are no elements at all. Without it, that case is refused. */
  ofNone?: number;
  nodes: (g: Graph, x: Operand, reduced: Reduced) => Edge;
  precision?: string;
}

const ORDER_OF_SUMMATION =
  'sums in float32 in the runtime’s order, tfjs in float64: n terms are within n ulp of the sum of their magnitudes';

export const REDUCTIONS: Lowerings = {
  Sum: reduction({
    ofNone: 0,
    nodes: (g, x, reduced) => weightedSum(g, x, reduced, 1, 'ReduceSum'),
    precision: ORDER_OF_SUMMATION,
  }),
  Mean: reduction({
    ofNone: 0,
    nodes: (g, x, reduced) => weightedSum(g, x, reduced, 1 / reduced.count, 'ReduceMean'),
    precision: ORDER_OF_SUMMATION,
  }),
  Prod: reduction({
    ofNone: 1,
    nodes: plain('ReduceProd'),
    precision: 'multiplies in float32, tfjs in float64: n factors are within n ulp',
  }),
  Max: reduction({ nodes: extreme('ReduceMax') }),
  Min: reduction({ nodes: extreme('ReduceMin') }),
  All: reduction({ nodes: plain('ReduceMin') }),
  Any: reduction({ nodes: plain('ReduceMax') }),
  ArgMax: position('ArgMax', 'ReduceMax'),
  ArgMin: position('ArgMin', 'ReduceMin'),
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
};

function reduction({ ofNone, nodes, precision }: Reduction): Lowering {
  return lowering<Input, ReductionAttrs>({
    nodes(g, { x }, attrs, output) {
      const result = reduced(x, attrs);
      if (result.count === 0) return ofNothing(g, ofNone, output);
      // ONNX reduces no booleans.
      const computed = output.dtype === 'bool' ? 'int32' : output.dtype;
      if (result.count === 1) return reshaped(g, as(g, x, output.dtype), x.shape, result.shape);
      const edge = nodes(g, { ...x, edge: as(g, x, computed), dtype: computed }, result);
      return as(g, { ...output, edge, dtype: computed }, output.dtype);
    },
    ...(precision === undefined ? {} : { precision }),
  });
}

function ofNothing(g: Graph, value: number | undefined, output: TensorType): Edge {
  if (value === undefined) throw new LoweringError('there are no elements to choose from along an empty axis');
  return filled(g, value, output);
}

function plain(type: string): Reduction['nodes'] {
  return (g, x, reduced) => reduce(g, type, x, reduced);
}

function reduce(g: Graph, type: string, { edge, shape: from }: Operand, { axes, shape }: Reduced): Edge {
  return g.op(type, [edge, g.ints(axes)], { keepdims: from.length === shape.length ? 1 : 0 });
}

/** NaN where there is any, which ONNX Runtime passes over unless it comes first. */
function extreme(type: 'ReduceMax' | 'ReduceMin'): Reduction['nodes'] {
  return (g, x, reduced) => {
    const best = reduce(g, type, x, reduced);
    if (x.dtype !== 'float32') return best;
    // Bytes are several times faster than whole numbers, but only the CPU surely reduces them.
    const flags = g.cast(missing(g, x.edge), g.target === 'cpu' ? 'uint8' : 'int32');
    const any = g.cast(reduce(g, 'ReduceMax', { ...x, edge: flags }, reduced), 'bool');
    return g.op('Where', [any, g.scalar(NaN), best]);
  };
}

/**
 * Sum of all elements, each times one weight. On the CPU, sums over leading axes are products with a row of weights:
 * the runtime's matrix product walks memory in order, its own reduction does not (12 × slower on [128, 28, 28, 32]).
 */
function weightedSum(g: Graph, x: Operand, reduced: Reduced, weight: number, type: string): Edge {
  const { axes, shape, count } = reduced;
  const columns = sizeOf(x) / count;
  const leading = axes.every((axis) => axis < axes.length);
  if (g.target !== 'cpu' || x.dtype !== 'float32' || !leading || columns < 2) {
    return reduce(g, type, x, reduced);
  }
  const weights = filled(g, weight, { shape: [1, count], dtype: 'float32' });
  const rows = reshaped(g, x.edge, x.shape, [count, columns]);
  return reshaped(g, g.op('MatMul', [weights, rows]), [1, columns], shape);
}

/** The first position of the largest or smallest element. */
function position(type: 'ArgMax' | 'ArgMin', extreme: 'ReduceMax' | 'ReduceMin'): Lowering {
  return lowering<Input, { axis: number }>({
    nodes(g, { x }, attrs, output) {
      const { axes, count } = reduced(x, attrs);
      const [axis] = axes;
      if (axis === undefined || count === 1) return filled(g, 0, output);
      if (count === 0) throw new LoweringError(`${type} finds no elements along axis ${axis}`);
      const numbers = as(g, x, wider(x.dtype, 'int32'));
      if (g.target !== 'webgpu') {
        // Along the only axis of a tensor, ONNX Runtime's CPU kernel finds NaN.
        const only = x.shape.length === 1;
        const rows = only ? g.reshape(numbers, [1, count]) : numbers;
        const found = g.cast(g.op(type, [rows], { axis: only ? 1 : axis, keepdims: 0 }), 'int32');
        return only ? g.reshape(found, []) : found;
      }
      // This needs no int64. It gives the first position that holds the extreme, or the last one where NaN hides it.
      const best = g.op(extreme, [numbers, g.ints([axis])], { keepdims: 1 });
      const along = x.shape.map((size, i) => (i === axis ? size : 1));
      const positions = g.constant(Int32Array.from(range(0, count)), 'int32', along);
      const candidates = g.op('Where', [g.op('Equal', [numbers, best]), positions, g.scalar(count - 1, 'int32')]);
      return g.op('ReduceMin', [candidates, g.ints([axis])], { keepdims: 0 });
    },
    precision: 'passes over NaN that is not first; on WebGPU, the position is the runtime’s choice where there is any',
  });
}

function softmax(type: 'Softmax' | 'LogSoftmax'): Lowering {
  return lowering<{ logits: unknown }, { dim?: number; axis?: number }>({
    nodes(g, { logits }, { dim, axis = -1 }) {
      const [x, along] = [asFloat(g, logits), dim ?? axis];
      return type === 'LogSoftmax' && g.target === 'webgpu'
        ? logSoftmax(g, x, along)
        : g.op(type, [x], { axis: along });
    },
    precision: 'within a few ulp',
  });
}

/** x − max x − log Σ exp(x − max x), where the operator is lacking. */
function logSoftmax(g: Graph, x: Edge, axis: number): Edge {
  const axes = g.ints([axis]);
  const shifted = g.op('Sub', [x, g.op('ReduceMax', [x, axes], { keepdims: 1 })]);
  const sum = g.op('ReduceSum', [g.op('Exp', [shifted]), axes], { keepdims: 1 });
  return g.op('Sub', [shifted, g.op('Log', [sum])]);
}
