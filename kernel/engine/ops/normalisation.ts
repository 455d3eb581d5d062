/** Normalisation with given statistics, and across neighbouring channels. */
import { rule, shared, type ShapeRules } from './rule';
import { float32 } from './types';

/** Each of the statistics is [C], a scalar, or has the shape of x. */
export interface BatchNorm {
  x: unknown;
  mean: unknown;
  variance: unknown;
  scale?: unknown;
  offset?: unknown;
}

export interface Across {
  /** Channels to either side. */
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

export const NORMALISATION: ShapeRules = {
  ...shared(
    rule<{ x: unknown }>(({ x }) => float32(x.shape)),
    'FusedBatchNorm',
    'LRN',
  ),
  LRNGrad: rule<{ dy: unknown }>(({ dy }) => float32(dy.shape)),
};
