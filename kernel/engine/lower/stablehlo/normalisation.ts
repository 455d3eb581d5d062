/** Normalisation with given statistics, and across neighbouring channels. */
import type { Across, BatchNorm } from '../../ops/normalisation';
import { band } from '../common/matrices';
import type { Body, Operand } from './body';
import { square } from './elementwise';
import { alongAxis } from './alongAxes';
import { lowering, type Lowerings } from './lowering';

const POWERS = 'powers in float32: within 4 ulp of the terms';

export const NORMALISATION: Lowerings = {
  /** (x − mean) · scale / √(variance + ε) + offset (S. Ioffe and C. Szegedy, arXiv:1502.03167). */
  FusedBatchNorm: lowering<BatchNorm, { varianceEpsilon: number | null }>(
    (b, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
      const deviation = b.each('sqrt', b.each('add', variance, b.scalar(varianceEpsilon ?? 0.001)));
      const gain = b.each('divide', scale ?? b.scalar(1), deviation);
      // Not as one product and one sum: x · gain − mean · gain cancels where the mean is large.
      const normal = b.each('multiply', b.each('subtract', x, mean), gain);
      return offset ? b.each('add', normal, offset) : normal;
    },
    'divides scale and deviation first: within 3 ulp of the terms',
  ),
  /** x · (bias + α Σ x²)^−β, the sum over the channels within the radius (A. Krizhevsky et al., 2012, section 3.3). */
  LRN: lowering<{ x: unknown }, Across>(
    (b, { x }, across) => b.each('multiply', x, b.each('power', normOf(b, x, across), b.scalar(-across.beta))),
    POWERS,
  ),
  /** With y = LRN(x): dy · norm^−β − 2αβ x Σ dy · y / norm. */
  LRNGrad: lowering<{ x: unknown; y: unknown; dy: unknown }, Across>((b, { x, y, dy }, across) => {
    const { alpha, beta, depthRadius } = across;
    const norm = normOf(b, x, across);
    const direct = b.each('multiply', dy, b.each('power', norm, b.scalar(-beta)));
    const share = b.each('divide', b.each('multiply', dy, y), norm);
    const around = b.each('multiply', x, sumAround(b, share, depthRadius));
    return b.each('subtract', direct, b.each('multiply', around, b.scalar(2 * alpha * beta)));
  }, POWERS),
};

function normOf(b: Body, x: Operand, { depthRadius, bias, alpha }: Across): Operand {
  const sum = sumAround(b, square(b, x), depthRadius);
  return b.each('add', b.each('multiply', sum, b.scalar(alpha)), b.scalar(bias));
}

/** Sums over the channels within the radius: a product with a band of ones. */
function sumAround(b: Body, x: Operand, radius: number): Operand {
  const axis = x.shape.length - 1;
  return alongAxis(b, x, axis, band(x.shape[axis]!, radius));
}
