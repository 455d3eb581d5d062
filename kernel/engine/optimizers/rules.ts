/**
 * The rules of optimizers, each as its formula on tensors. What changes from update to update enters as scalars, which
 * are computed in double precision from the whole number of the update.
 */
import type * as tf from '@tensorflow/tfjs';
import type { AdamaxConfig, AdamConfig, AdamWConfig, OptimizerConfig, SgdConfig } from './config';

/** The rule for one variable. */
export interface Rule<Slot extends string = string, Scalar extends string = string> {
  /** What it remembers from update to update: tensors of the variable's shape, zero at first. */
  readonly slots: readonly Slot[];
  /** The numbers of update t = 1, 2, … at the learning rate α. */
  scalars(t: number, alpha: number): Record<Scalar, number>;
  /** The new weights and slots from the weights w, their gradient g, the slots and the scalars. */
  update(
    w: tf.Tensor,
    g: tf.Tensor,
    slots: Readonly<Record<Slot, tf.Tensor>>,
    scalars: Readonly<Record<Scalar, tf.Tensor | number>>,
  ): { w: tf.Tensor; slots: Record<Slot, tf.Tensor> };
}

/** The factor for a gradient of this norm: min(1, c / norm), or 1 where the rule does not clip. */
export function clipFactor({ clipNorm = Infinity }: OptimizerConfig, gradientNorm: number): number {
  return gradientNorm > clipNorm ? clipNorm / gradientNorm : 1;
}

export function ruleOf(config: OptimizerConfig): Rule {
  switch (config.name) {
    case 'adam':
    case 'adamw':
      return adam(config);
    case 'adamax':
      return adamax(config);
    case 'sgd':
      return sgd(config);
  }
}

/**
 * Adam and AdamW, in the form that the end of Adam's section 2 gives:
 *
 * $$m \leftarrow \beta_1 m + (1-\beta_1) g \qquad v \leftarrow \beta_2 v + (1-\beta_2) g^2$$
 * $$w \leftarrow w - \alpha_t \frac{m}{\sqrt v + \hat\epsilon} - \alpha\lambda w, \qquad
 *   \alpha_t = \alpha \frac{\sqrt{1-\beta_2^t}}{1-\beta_1^t}, \quad \hat\epsilon = \epsilon \sqrt{1-\beta_2^t}$$
 *
 * which equals algorithm 1, where ε is added to the root of the corrected v. Adam has λ = 0.
 */
export function adam(config: AdamConfig | AdamWConfig): Rule<'m' | 'v', 'alphaT' | 'epsilonHat' | 'decay'> {
  const { beta1, beta2, epsilon } = config;
  const lambda = config.name === 'adamw' ? config.weightDecay : 0;
  return {
    slots: ['m', 'v'],
    scalars(t, alpha) {
      const root = Math.sqrt(1 - beta2 ** t);
      return { alphaT: (alpha * root) / (1 - beta1 ** t), epsilonHat: epsilon * root, decay: alpha * lambda };
    },
    update(w, g, slots, { alphaT, epsilonHat, decay }) {
      const m = slots.m.mul(beta1).add(g.mul(1 - beta1));
      const v = slots.v.mul(beta2).add(g.square().mul(1 - beta2));
      const step = m.div(v.sqrt().add(epsilonHat)).mul(alphaT);
      return { w: w.sub(lambda === 0 ? step : step.add(w.mul(decay))), slots: { m, v } };
    },
  };
}

/**
 * $$m \leftarrow \beta_1 m + (1-\beta_1) g \qquad u \leftarrow \max(\beta_2 u, |g|) \qquad
 *   w \leftarrow w - \frac{\alpha}{1-\beta_1^t} \frac{m}{u + \epsilon}$$
 */
export function adamax({ beta1, beta2, epsilon }: AdamaxConfig): Rule<'m' | 'u', 'alphaT'> {
  return {
    slots: ['m', 'u'],
    scalars: (t, alpha) => ({ alphaT: alpha / (1 - beta1 ** t) }),
    update(w, g, slots, { alphaT }) {
      const m = slots.m.mul(beta1).add(g.mul(1 - beta1));
      const u = slots.u.mul(beta2).maximum(g.abs());
      return { w: w.sub(m.div(u.add(epsilon)).mul(alphaT)), slots: { m, u } };
    },
  };
}

/**
 * Gradient descent with a momentum b in the gradient's unit, so that a change of α counts at once; the paper's velocity
 * is v = −αb. The second form is Nesterov's, with w the paper's θ + μv, where it takes the gradient:
 *
 * $$b \leftarrow \mu b + g \qquad w \leftarrow w - \alpha b \quad\text{or}\quad w \leftarrow w - \alpha (\mu b + g)$$
 */
export function sgd({ momentum: mu, nesterov }: SgdConfig): Rule<'momentum', 'alpha'> {
  return {
    slots: ['momentum'],
    scalars: (_, alpha) => ({ alpha }),
    update(w, g, slots, { alpha }) {
      const b = slots.momentum.mul(mu).add(g);
      return { w: w.sub((nesterov ? b.mul(mu).add(g) : b).mul(alpha)), slots: { momentum: b } };
    },
  };
}
