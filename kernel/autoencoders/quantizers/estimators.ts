/** How the gradient gets from a code to the vector that it stands for, the nearest code having none. */
import * as tf from '@tensorflow/tfjs';
import { takes, tensor, tensorLike } from '../arguments';
import { stopGradient as sg } from '../networks/gradients/stopGradient';
import { normOf } from './codebook';

export const ESTIMATORS = ['straight-through', 'rotation'] as const;
export type Estimator = (typeof ESTIMATORS)[number];

/**
 * The value of q with a gradient to z, by the estimator of this name: both [m, D].
 *
 * @param q without a gradient
 */
export function passThrough(estimator: Estimator, z: tf.Tensor2D, q: tf.Tensor2D): tf.Tensor2D {
  return estimator === 'rotation' ? rotationTrick(z, q) : straightThrough(z, q);
}

/** $z + \mathrm{sg}[q - z]$: the gradient at q is handed to z as it is (Bengio, Léonard and Courville 2013). */
export function straightThrough(z: tf.Tensor2D, q: tf.Tensor2D): tf.Tensor2D {
  takes('straightThrough', ['z', z, tensor(2)], ['q', q, tensorLike(z)]);
  return z.add(sg(() => q.sub(z)));
}

/** Below this norm of ẑ + q̂ the two are taken for opposite: float32 does not hold the plane of the rotation. */
const OPPOSITE = 3e-4;
/** Below this norm a vector is taken for zero, which no rotation takes to another vector. */
const ZERO = 1e-6;

/**
 * The rotation trick (Fifty et al. 2024, section 4.2): q as a rotated and rescaled z,
 *
 * $$q = \mathrm{sg}[\lambda R]\, z, \qquad \lambda = \frac{\|q\|}{\|z\|}, \qquad
 *   R = I - 2 r r^\top + 2 \hat q \hat z^\top, \qquad r = \frac{\hat z + \hat q}{\|\hat z + \hat q\|}$$
 *
 * with λ and R constant, so that the gradient at q comes to z turned by $R^\top$ and scaled by λ: the angle between
 * gradient and code becomes the angle between gradient and z. Opposite vectors have no r; they are reflected, $R = I -
 * 2\hat q \hat q^\top$, which takes $\hat z$ to $\hat q$ too. Where either vector is zero, straight through.
 */
export function rotationTrick(z: tf.Tensor2D, q: tf.Tensor2D): tf.Tensor2D {
  takes('rotationTrick', ['z', z, tensor(2)], ['q', q, tensorLike(z)]);
  const [zNorm, qNorm] = [sg(() => normOf(z)), sg(() => normOf(q))];
  const qHat = sg(() => q.div(tf.maximum(qNorm, ZERO)));
  const r = sg(() => {
    const sum = z.div(tf.maximum(zNorm, ZERO)).add(qHat);
    const norm = normOf(sum);
    return tf.where(columns(norm.less(OPPOSITE), z), tf.zerosLike(sum), sum.div(norm));
  });
  const lambda = sg(() => qNorm.div(tf.maximum(zNorm, ZERO)));
  // R as two reflections, (I − 2q̂q̂ᵀ)(I − 2rrᵀ): orthogonal whatever rounding does to r.
  const rotated = reflected(reflected(z, r), qHat).mul(lambda);
  const zero = sg(() => tf.logicalOr(zNorm.less(ZERO), qNorm.less(ZERO)));
  const turned = tf.where(columns(zero, z), z, rotated) as tf.Tensor2D;
  // The value is q's to the last digits, whatever the rotation has lost.
  return straightThrough(turned, q);
}

/** Rows of z mirrored at the planes whose normals are the rows of u, of norm 1: (I − 2uuᵀ) z. */
function reflected(z: tf.Tensor, u: tf.Tensor): tf.Tensor {
  return z.sub(u.mul(z.mul(u).sum(1, true)).mul(2));
}

/** [m, 1] → the shape of `like` [m, D]. */
function columns(condition: tf.Tensor, like: tf.Tensor2D): tf.Tensor {
  return condition.tile([1, like.shape[1]]);
}
