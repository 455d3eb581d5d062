/** Normalisation with given statistics, and across neighbouring channels. */
import type { Across, BatchNorm } from '../../ops/normalisation';
import { band } from '../common/matrices';
import type { Edge, Graph } from './graph';
import { lowering, type Lowerings } from './lowering';

const POWERS = 'powers in float32: within 4 ulp of the terms';

export const NORMALISATION: Lowerings = {
  /** (x − mean) · scale / √(variance + ε) + offset (S. Ioffe and C. Szegedy, arXiv:1502.03167). */
  FusedBatchNorm: lowering<BatchNorm, { varianceEpsilon: number | null }>({
    nodes(g, { x, mean, variance, scale, offset }, { varianceEpsilon }) {
      const deviation = g.op('Sqrt', [g.op('Add', [variance.edge, g.scalar(varianceEpsilon ?? 0.001)])]);
      const gain = scale ? g.op('Div', [scale.edge, deviation]) : g.op('Reciprocal', [deviation]);
      // Not as one product and one sum: x · gain − mean · gain cancels where the mean is large.
      const normal = g.op('Mul', [g.op('Sub', [x.edge, mean.edge]), gain]);
      return offset ? g.op('Add', [normal, offset.edge]) : normal;
    },
    precision: 'divides scale and deviation first: within 3 ulp of the terms',
  }),
  /** x · (bias + α Σ x²)^−β, the sum over the channels within the radius (A. Krizhevsky et al., 2012, section 3.3). */
  LRN: lowering<{ x: unknown }, Across>({
    nodes: (g, { x }, across) => {
      const norm = normOf(g, x.edge, x.shape.at(-1)!, across);
      return g.op('Mul', [x.edge, g.op('Pow', [norm, g.scalar(-across.beta)])]);
    },
    precision: POWERS,
  }),
  /** With y = LRN(x): dy · norm^−β − 2αβ x Σ dy · y / norm. */
  LRNGrad: lowering<{ x: unknown; y: unknown; dy: unknown }, Across>({
    nodes(g, { x, y, dy }, across) {
      const { alpha, beta } = across;
      const channels = x.shape.at(-1)!;
      const norm = normOf(g, x.edge, channels, across);
      const direct = g.op('Mul', [dy.edge, g.op('Pow', [norm, g.scalar(-beta)])]);
      const share = g.op('Div', [g.op('Mul', [dy.edge, y.edge]), norm]);
      const around = g.op('Mul', [x.edge, sumAround(g, share, channels, across.depthRadius)]);
      return g.op('Sub', [direct, g.op('Mul', [around, g.scalar(2 * alpha * beta)])]);
    },
    precision: POWERS,
  }),
};

function normOf(g: Graph, x: Edge, channels: number, { depthRadius, bias, alpha }: Across): Edge {
  const sum = sumAround(g, g.op('Mul', [x, x]), channels, depthRadius);
  return g.op('Add', [g.op('Mul', [sum, g.scalar(alpha)]), g.scalar(bias)]);
}

/** Sums over the channels within the radius: a product with a band of ones. */
function sumAround(g: Graph, x: Edge, channels: number, radius: number): Edge {
  return g.op('MatMul', [x, g.constant(band(channels, radius).elements, 'float32', [channels, channels])]);
}
