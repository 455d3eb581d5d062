/** Vectors at the nearest codes of a codebook that follows them by moving averages. */
import type * as tf from '@tensorflow/tfjs';
import { named } from '../../engine/index';
import { stopGradient as sg } from '../networks/gradients/stopGradient';
import type { Averages, EMACodebook } from './emaCodebook';
import { straightThrough } from './estimators';

/** What a codebook makes of m vectors. */
export interface NearestCodes {
  /** The vectors: [m, D]. */
  zE: tf.Tensor2D;
  /** What a decoder sees, with the gradient straight through to the vectors: [m, D]. */
  quantized: tf.Tensor2D;
  /** int32 [m]. */
  k: tf.Tensor1D;
  /** The codes themselves: [m, D], without a gradient. */
  e: tf.Tensor2D;
  /** ‖z_e − sg[e]‖², summed over D, mean over the vectors. */
  distance: tf.Tensor;
  /** New values of the codebook; see {@link EMACodebook.update}. */
  updated(picks: tf.Tensor1D): Averages<tf.Tensor>;
}

/** @param zE [m, D] */
export function nearestCodes(codebook: EMACodebook, zE: tf.Tensor2D): NearestCodes {
  return named('codebook', () => nearest(codebook, zE));
}

function nearest(codebook: EMACodebook, zE: tf.Tensor2D): NearestCodes {
  const k = sg(() => codebook.nearest(zE));
  const e = sg(() => codebook.lookup(k));
  return {
    zE,
    quantized: straightThrough(zE, e),
    k,
    e,
    distance: zE.sub(e).square().sum(1).mean(),
    updated: (picks) => codebook.update(zE, k, picks),
  };
}
