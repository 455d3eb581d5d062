/** The rules as their papers state them, in float64. */
import { OPTIMIZERS, optimizerSchema } from '../../../../kernel/engine/index';
import type {
  AdamaxConfig,
  AdamConfig,
  AdamWConfig,
  LionConfig,
  RmspropConfig,
  RuleConfig,
  SgdConfig,
} from '../../../../kernel/engine/index';

/** The gradient at w. */
export type Gradient = (w: readonly number[]) => number[];

/** Every rule with its defaults, and Nesterov's momentum. */
export const CONFIGS: readonly (readonly [string, RuleConfig])[] = [
  ...OPTIMIZERS.map((name) => [name, optimizerSchema.parse(name)] as const),
  ['sgd with Nesterov momentum', optimizerSchema.parse({ name: 'sgd', nesterov: true })],
  ['rmsprop with momentum', optimizerSchema.parse({ name: 'rmsprop', alpha: 0.9, momentum: 0.5 })],
  ['rmsprop, centred', optimizerSchema.parse({ name: 'rmsprop', centered: true, epsilon: 1e-3 })],
  ['rmsprop, centred, with momentum', optimizerSchema.parse({ name: 'rmsprop', centered: true, momentum: 0.9 })],
  ['lion with weight decay', optimizerSchema.parse({ name: 'lion', weightDecay: 0.3, beta1: 0.8 })],
  ['adam with other hyperparameters', optimizerSchema.parse({ name: 'adam', beta1: 0.5, beta2: 0.9, epsilon: 0.1 })],
];

/** The weights after so many updates at the learning rate α. */
export function reference(
  config: RuleConfig,
  start: readonly number[],
  gradient: Gradient,
  alpha: number,
  steps: number,
): number[] {
  switch (config.name) {
    case 'adam':
    case 'adamw':
      return adamReference(config, start, gradient, alpha, steps);
    case 'adamax':
      return adamaxReference(config, start, gradient, alpha, steps);
    case 'sgd':
      return sgdReference(config, start, gradient, alpha, steps);
    case 'rmsprop':
      return rmspropReference(config, start, gradient, alpha, steps);
    case 'lion':
      return lionReference(config, start, gradient, alpha, steps);
  }
}

/** Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019, algorithm 2, with η = 1 and the paper's λ as α times ours. */
function adamReference(
  config: AdamConfig | AdamWConfig,
  start: readonly number[],
  gradient: Gradient,
  alpha: number,
  steps: number,
): number[] {
  const { beta1, beta2, epsilon } = config;
  const lambda = config.name === 'adamw' ? alpha * config.weightDecay : 0;
  const theta = [...start];
  const m = start.map(() => 0);
  const v = start.map(() => 0);
  for (let t = 1; t <= steps; t++) {
    gradient(theta).forEach((g, i) => {
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g ** 2;
      const mHat = m[i] / (1 - beta1 ** t);
      const vHat = v[i] / (1 - beta2 ** t);
      theta[i]! -= (alpha * mHat) / (Math.sqrt(vHat) + epsilon) + lambda * theta[i]!;
    });
  }
  return theta;
}

/** Kingma and Ba 2015, algorithm 2. */
function adamaxReference(
  { beta1, beta2 }: AdamaxConfig,
  start: readonly number[],
  gradient: Gradient,
  alpha: number,
  steps: number,
): number[] {
  const theta = [...start];
  const m = start.map(() => 0);
  const u = start.map(() => 0);
  for (let t = 1; t <= steps; t++) {
    gradient(theta).forEach((g, i) => {
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      u[i] = Math.max(beta2 * u[i]!, Math.abs(g));
      theta[i]! -= ((alpha / (1 - beta1 ** t)) * m[i]) / u[i];
    });
  }
  return theta;
}

/**
 * Sutskever et al. 2013: equations 1 and 2, or 3 and 4, whose gradient is taken at θ + μv. That point is what the
 * rule calls w.
 */
function sgdReference(
  { momentum: mu, nesterov }: SgdConfig,
  start: readonly number[],
  gradient: Gradient,
  alpha: number,
  steps: number,
): number[] {
  let theta = [...start];
  let v = start.map(() => 0);
  const ahead = () => theta.map((value, i) => value + mu * v[i]!);
  for (let t = 1; t <= steps; t++) {
    const g = gradient(nesterov ? ahead() : theta);
    v = v.map((velocity, i) => mu * velocity - alpha * g[i]!);
    theta = theta.map((value, i) => value + v[i]!);
  }
  return nesterov ? ahead() : theta;
}

/**
 * Hinton's lecture 6e, slide 29: MeanSquare(w, t) = α MeanSquare(w, t − 1) + (1 − α) g², and the gradient divided by its
 * root; centred as in Graves 2013, equations 38 to 40, and with a momentum of the divided gradient as PyTorch has it.
 */
function rmspropReference(
  { alpha: smoothing, epsilon, momentum, centered }: RmspropConfig,
  start: readonly number[],
  gradient: Gradient,
  alpha: number,
  steps: number,
): number[] {
  const theta = [...start];
  const meanSquare = start.map(() => 0);
  const mean = start.map(() => 0);
  const b = start.map(() => 0);
  for (let t = 1; t <= steps; t++) {
    gradient(theta).forEach((g, i) => {
      meanSquare[i] = smoothing * meanSquare[i]! + (1 - smoothing) * g ** 2;
      mean[i] = smoothing * mean[i]! + (1 - smoothing) * g;
      const variance = centered ? meanSquare[i] - mean[i] ** 2 : meanSquare[i];
      b[i] = momentum * b[i]! + g / (Math.sqrt(variance) + epsilon);
      theta[i]! -= alpha * b[i];
    });
  }
  return theta;
}

/** Chen et al. 2023, algorithm 2, with η as α. */
function lionReference(
  { beta1, beta2, weightDecay }: LionConfig,
  start: readonly number[],
  gradient: Gradient,
  alpha: number,
  steps: number,
): number[] {
  const theta = [...start];
  const m = start.map(() => 0);
  for (let t = 1; t <= steps; t++) {
    gradient(theta).forEach((g, i) => {
      const c = beta1 * m[i]! + (1 - beta1) * g;
      theta[i]! -= alpha * (Math.sign(c) + weightDecay * theta[i]!);
      m[i] = beta2 * m[i]! + (1 - beta2) * g;
    });
  }
  return theta;
}
