/**
 * Activations by name. Their derivatives are right of every order: where a network's gradient is itself part of a loss
 * (a gradient penalty, a Jacobian), tfjs's own sigmoid, tanh and elu give a wrong gradient without saying so, since they
 * keep their result for it as a constant. Here a derivative is a function of x again.
 */
import * as tf from '@tensorflow/tfjs';

export const ACTIVATIONS = ['relu', 'leaky', 'elu', 'gelu', 'silu', 'softplus', 'tanh', 'sigmoid', 'linear'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** The slope of `leaky` below 0 (Maas et al. 2013). */
export const LEAK = 0.01;

type Pointwise = (x: tf.Tensor) => tf.Tensor;

/**
 * A function of each entry, with its derivatives.
 *
 * @param f the function
 * @param slope its derivative, from x and y = f(x)
 * @param bend the derivative of `slope`, by operations whose gradients are right themselves
 */
function pointwise(f: Pointwise, slope: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor, bend: Pointwise): Pointwise {
  /** slope(x), from a known y, so that the first derivative costs no second f. */
  const slopeAt = (x: tf.Tensor, y: tf.Tensor) =>
    withGradient(
      (at) => slope(at, y),
      (at) => bend(at),
    )(x);
  return (x) =>
    tf.customGrad((given, save) => {
      const y = f(given as tf.Tensor);
      (save as (saved: tf.Tensor[]) => void)([given as tf.Tensor, y]);
      return {
        value: y,
        gradFunc: (dy: tf.Tensor, [at, kept]: tf.Tensor[]) => dy.mul(slopeAt(at!, kept!)),
      };
    })(x);
}

/** f with a derivative that is a function of x. */
function withGradient(f: Pointwise, derivative: Pointwise): Pointwise {
  return tf.customGrad((x, save) => {
    (save as (saved: tf.Tensor[]) => void)([x as tf.Tensor]);
    return { value: f(x as tf.Tensor), gradFunc: (dy: tf.Tensor, [at]: tf.Tensor[]) => dy.mul(derivative(at!)) };
  });
}

/** σ(x) = 1 / (1 + e⁻ˣ); σ' = σ (1 − σ), σ'' = σ (1 − σ) (1 − 2σ). */
export const sigmoid = pointwise(
  (x) => x.sigmoid(),
  (_, y) => y.mul(tf.scalar(1).sub(y)),
  (x) => {
    const y = sigmoid(x);
    return y.mul(tf.scalar(1).sub(y)).mul(tf.scalar(1).sub(y.mul(2)));
  },
);

/** tanh x; tanh' = 1 − tanh², tanh'' = −2 tanh (1 − tanh²). */
export const tanh = pointwise(
  (x) => x.tanh(),
  (_, y) => tf.scalar(1).sub(y.square()),
  (x) => {
    const y = tanh(x);
    return y.mul(-2).mul(tf.scalar(1).sub(y.square()));
  },
);

/** x above 0, eˣ − 1 below (Clevert et al. 2016); its slope is 1 + min(y, 0). */
const elu = pointwise(
  (x) => x.elu(),
  (_, y) => y.minimum(0).add(1),
  (x) => x.neg().step().mul(elu(x).minimum(0).add(1)),
);

/** log(1 + eˣ), whose derivative is σ. */
const softplus = withGradient((x) => x.softplus(), sigmoid);

/** φ(x) = exp(−x²/2) / √(2π), whose derivative is −x φ(x). */
const normalDensity: Pointwise = withGradient(
  (x) =>
    x
      .square()
      .mul(-0.5)
      .exp()
      .mul(1 / Math.sqrt(2 * Math.PI)),
  (x) => x.neg().mul(normalDensity(x)),
);

/** Φ(x) = ½ (1 + erf(x/√2)), whose derivative is φ. */
const normalProbability = withGradient((x) => x.mul(Math.SQRT1_2).erf().add(1).mul(0.5), normalDensity);

const FUNCTIONS: Readonly<Record<Activation, Pointwise>> = {
  relu: (x) => x.relu(),
  leaky: (x) => x.leakyRelu(LEAK),
  elu,
  gelu: (x) => x.mul(normalProbability(x)),
  silu: (x) => x.mul(sigmoid(x)),
  softplus,
  tanh,
  sigmoid,
  linear: (x) => x,
};

/**
 * φ(h), of each entry: `relu` max(0, h), `leaky` h above 0 and 0.01 h below, `elu` h above 0 and eʰ − 1 below, `gelu`
 * h Φ(h) with the error function and not its approximation by tanh (Hendrycks and Gimpel 2016), `silu` h σ(h), `softplus`
 * log(1 + eʰ), `tanh`, `sigmoid` σ(h), `linear` h.
 */
export function activate(h: tf.Tensor, activation: Activation): tf.Tensor {
  return FUNCTIONS[activation](h);
}

/** Those that let through about half of their input's power, which He's variance makes up for. */
const RECTIFIERS: ReadonlySet<Activation> = new Set(['relu', 'leaky', 'elu', 'gelu', 'silu']);

export function isRectifier(activation: Activation): boolean {
  return RECTIFIERS.has(activation);
}
