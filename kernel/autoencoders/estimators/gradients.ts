/** The two unbiased estimators of the gradient of an expectation by the parameters of its distribution. */
import * as tf from '@tensorflow/tfjs';
import { callable, object, takes } from '../arguments';
import { defaultSeed, randomStream } from '../random';

/** The Gaussian by whose parameters a gradient is estimated, and how many draws. */
export interface GradientOptions {
  /** μ and σ of q(z) = N(μ, σ²). */
  mu: number;
  /** σ > 0. */
  sigma: number;
  /** How many estimates. */
  draws: number;
  /** The seed of the draws. Default: the session's seed. */
  seed?: number;
}

/** One estimate for each draw: [draws]. Their mean is the estimator, their variance that of one draw. */
export interface GradientDraws {
  /** By μ: [draws]. */
  mu: Float32Array;
  /** By σ: [draws]. */
  sigma: Float32Array;
}

/**
 * ∇ E_q[f(z)] as E_q[f(z) ∇ log q(z)], the score-function estimator (REINFORCE, Williams 1992): by μ each draw gives
 * (f(z) − b)(z − μ)/σ², by σ (f(z) − b)((z − μ)² − σ²)/σ³. It needs values of f alone, which may be discontinuous.
 *
 * @param f a function of each entry: [draws] → [draws]
 * @param given.baseline b, which changes the variance and not the mean. Default 0
 */
export function scoreFunctionGradients(
  f: (z: tf.Tensor1D) => tf.Tensor1D,
  given: GradientOptions & { baseline?: number },
): GradientDraws {
  takes('scoreFunctionGradients', ['f', f, callable], ['options', given, object('mu', 'sigma', 'draws')]);
  const { baseline = 0, ...options } = given;
  const { mu, sigma } = options;
  return byDraw(options, (epsilon) => {
    const value = f(epsilon.mul<tf.Tensor1D>(sigma).add(mu)).sub<tf.Tensor1D>(baseline);
    return { mu: value.mul(epsilon.div(sigma)), sigma: value.mul(epsilon.square().sub(1).div(sigma)) };
  });
}

/**
 * ∇ E_q[f(z)] as E[∇ f(μ + σε)] for ε ~ N(0, 1), the reparameterised or pathwise estimator (Kingma and Welling 2013,
 * section 2.4): by μ each draw gives f′(z), by σ f′(z)·ε. It needs the derivative of f.
 *
 * @param f a differentiable function of each entry: [draws] → [draws]
 */
export function reparameterizedGradients(f: (z: tf.Tensor1D) => tf.Tensor1D, options: GradientOptions): GradientDraws {
  takes('reparameterizedGradients', ['f', f, callable], ['options', options, object('mu', 'sigma', 'draws')]);
  const { mu, sigma } = options;
  return byDraw(options, (epsilon) => {
    const slope = tf.grad((z) => f(z as tf.Tensor1D).sum())(epsilon.mul(sigma).add(mu)) as tf.Tensor1D;
    return { mu: slope, sigma: slope.mul(epsilon) };
  });
}

function byDraw(
  { sigma, draws, seed = defaultSeed() }: GradientOptions,
  estimates: (epsilon: tf.Tensor1D) => { mu: tf.Tensor1D; sigma: tf.Tensor1D },
): GradientDraws {
  if (!(sigma > 0)) throw new RangeError(`A gradient by draws from N(μ, σ²) needs σ > 0; found ${sigma}.`);
  return tf.tidy(() => {
    const found = estimates(tf.tensor1d(randomStream(seed, 'gradient').normals(draws)));
    return { mu: found.mu.dataSync<'float32'>(), sigma: found.sigma.dataSync<'float32'>() };
  });
}
