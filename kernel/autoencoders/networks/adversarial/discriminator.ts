/** What a discriminator is trained by, and what is trained against it: losses of its logits, in nats or without a unit. */
import type * as tf from '@tensorflow/tfjs';
import { object, takes, tensor } from '../../arguments';
import { MLP } from '../mlp';
import type { MLPOptions } from '../mlp';

/** D of rows: one logit each, [n, in] → [n]. Above 0 it takes the row for real. */
export class Discriminator {
  /** Its weights by their names. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly network: MLP;

  /** @param options.sizes width of the input and of each hidden layer */
  constructor(given: MLPOptions) {
    takes('Discriminator', ['options', given, object('name', 'sizes', 'activation', 'seed')]);
    const { sizes, ...options } = given;
    this.network = new MLP({ ...options, sizes: [...sizes, 1] });
    this.parameters = this.network.parameters;
  }

  /** [n, in] → [n]. */
  logits(rows: tf.Tensor2D): tf.Tensor1D {
    takes('Discriminator.logits', ['rows', rows, tensor(2)]);
    return this.network.apply(rows).flatten();
  }
}

/**
 * The losses of Goodfellow et al. 2014, Generative Adversarial Nets, with $D = \sigma(l)$ for logits l of any shape; means
 * over all of them, in nats. From logits, not from probabilities: $-\log\sigma(l) = \log(1 + e^{-l})$.
 */
export const logistic = {
  /** $-\mathbb E[\log D(\text{real})] - \mathbb E[\log(1 - D(\text{fake}))]$ (equation 1); log 4 at chance. */
  discriminator(real: tf.Tensor, fake: tf.Tensor): tf.Tensor {
    return real.neg().softplus().mean().add(fake.softplus().mean());
  },
  /** $-\mathbb E[\log D(\text{fake})]$: BCE(D(fake), 1), which does not saturate (section 3); log 2 at chance. */
  generator(fake: tf.Tensor): tf.Tensor {
    return fake.neg().softplus().mean();
  },
};

/** The hinge losses (Lim and Ye 2017, Geometric GAN, equations 11 to 15); means over all logits. */
export const hinge = {
  /** $\tfrac12 \mathbb E[\max(0, 1 - D(\text{real}))] + \tfrac12 \mathbb E[\max(0, 1 + D(\text{fake}))]$; 1 at D = 0. */
  discriminator(real: tf.Tensor, fake: tf.Tensor): tf.Tensor {
    return real.neg().add(1).relu().mean().add(fake.add(1).relu().mean()).mul(0.5);
  },
  /** $-\mathbb E[D(\text{fake})]$. */
  generator(fake: tf.Tensor): tf.Tensor {
    return fake.mean().neg();
  },
};

/** The share of logits on the right side of 0, half for real and half for fake ones: ½ at chance. A logit of 0 counts ½. */
export function balancedAccuracy(real: tf.Tensor, fake: tf.Tensor): tf.Tensor {
  takes('balancedAccuracy', ['real', real, tensor()], ['fake', fake, tensor()]);
  return real.sign().mean().sub(fake.sign().mean()).mul(0.25).add(0.5);
}
