/** Normalisation with given statistics, and across neighbouring channels. */
import { rule, shared, type ShapeRules } from './rule';
import { float32 } from './types';

export const NORMALISATION: ShapeRules = {
  ...shared(
    rule<{ x: unknown }>(({ x }) => float32(x.shape)),
    'FusedBatchNorm',
    'LRN',
  ),
  LRNGrad: rule<{ dy: unknown }>(({ dy }) => float32(dy.shape)),
};
