/**
 * The rules of optimizers, each as its formula on tensors. What changes from update to update enters as scalars, which
 * are computed in double precision from the whole number of the update.
 */
import type * as tf from '@tensorflow/tfjs';
import type { AdamaxConfig, AdamConfig, AdamWConfig, LionConfig, RmspropConfig, RuleConfig, SgdConfig } from './config';

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

export function ruleOf(config: RuleConfig): Rule {
  switch (config.name) {
    case 'adam':
    case 'adamw':
      return adam(config);
    case 'adamax':
      return adamax(config);
    case 'sgd':
      return sgd(config);
    case 'rmsprop':
      return rmsprop(config);
    case 'lion':
      return lion(config);
  }
}

/** The slot of {@link averaged}. */
export const AVERAGE = 'average';

/**
 * A rule that keeps an average of the weights beside them:
 *
 * $$\bar w_t = \bar w_{t-1} + \rho_t (w_t - \bar w_{t-1}), \qquad \rho_t = \frac{1-d}{1-d^t}$$
 *
 * which is the exponential moving average with Adam's correction for its start (Kingma and Ba 2015, sections 3 and 7.2),
 * $(1-d) \sum_{s=1}^t d^{t-s} w_s / (1-d^t)$, as a recurrence: it begins at w₁, for ρ₁ = 1, and needs no division when
 * it is read.
 */
export function averaged({ slots, scalars, update }: Rule, decay: number): Rule {
  return {
    slots: [...slots, AVERAGE],
    scalars: (t, alpha) => ({ ...scalars(t, alpha), rho: averagingRate(decay, t) }),
    update(w, g, held, numbers) {
      const next = update(w, g, held, numbers);
      const before = held[AVERAGE]!;
      const average = before.add(next.w.sub(before).mul(numbers['rho']!));
      return { w: next.w, slots: { ...next.slots, [AVERAGE]: average } };
    },
  };
}

/** ρ of {@link averaged} at update t = 1, 2, … */
export function averagingRate(decay: number, t: number): number {
  return (1 - decay) / (1 - decay ** t);
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

/**
 * PyTorch's form of Hinton's rule, with a = v − ḡ² where it is centred, and v otherwise:
 *
 * $$v \leftarrow \alpha' v + (1-\alpha') g^2 \qquad \bar g \leftarrow \alpha' \bar g + (1-\alpha') g \qquad
 *   d = \frac{g}{\sqrt a + \epsilon}$$
 * $$w \leftarrow w - \alpha d \quad\text{or, with momentum,}\quad b \leftarrow \mu b + d, \quad
 *   w \leftarrow w - \alpha b$$
 *
 * α′ is the configuration's `alpha`, α the learning rate. By rounding v − ḡ² can be below zero; it then counts as zero.
 */
export function rmsprop({ alpha: smoothing, epsilon, momentum: mu, centered }: RmspropConfig): Rule {
  const slots = ['v', ...(centered ? ['mean'] : []), ...(mu > 0 ? ['momentum'] : [])];
  return {
    slots,
    scalars: (_, alpha) => ({ alpha }),
    update(w, g, held, { alpha }) {
      const next: Record<string, tf.Tensor> = {};
      next['v'] = held['v']!.mul(smoothing).add(g.square().mul(1 - smoothing));
      let a = next['v'];
      if (centered) {
        next['mean'] = held['mean']!.mul(smoothing).add(g.mul(1 - smoothing));
        a = a.sub(next['mean'].square()).relu();
      }
      let d = g.div(a.sqrt().add(epsilon));
      if (mu > 0) d = next['momentum'] = held['momentum']!.mul(mu).add(d);
      return { w: w.sub(d.mul(alpha!)), slots: next };
    },
  };
}

/**
 * $$w \leftarrow w - \alpha \operatorname{sign}(\beta_1 m + (1-\beta_1) g) - \alpha\lambda w \qquad
 *   m \leftarrow \beta_2 m + (1-\beta_2) g$$
 *
 * with the m of before in the first.
 */
export function lion({ beta1, beta2, weightDecay: lambda }: LionConfig): Rule<'m', 'alpha' | 'decay'> {
  return {
    slots: ['m'],
    scalars: (_, alpha) => ({ alpha, decay: alpha * lambda }),
    update(w, g, slots, { alpha, decay }) {
      const step = slots.m
        .mul(beta1)
        .add(g.mul(1 - beta1))
        .sign()
        .mul(alpha);
      const m = slots.m.mul(beta2).add(g.mul(1 - beta2));
      return { w: w.sub(lambda === 0 ? step : step.add(w.mul(decay))), slots: { m } };
    },
  };
}
