/** Optimizers as plain data: a rule's name and its hyperparameters. The learning rate is an input of every step. */
import { z } from 'zod';

const fraction = z.number().min(0).lt(1);

const shared = {
  /**
   * c, the most that the Euclidean norm of the gradient g over all trained variables may be: a longer one is shortened
   * to it, $g \leftarrow g \min(1, c / \|g\|)$, before the rule sees it. Pascanu, Mikolov and Bengio 2013, On the
   * difficulty of training recurrent neural networks, algorithm 1. Left out: never.
   */
  clipNorm: z.number().positive().optional(),
};

const moments = {
  /** β₁, of the gradient's exponential moving average. */
  beta1: fraction.default(0.9),
  /** β₂, of the average of its square, or of the decaying maximum of its size. */
  beta2: fraction.default(0.999),
  /** ε, added to what is divided by. */
  epsilon: z.number().positive().default(1e-8),
  ...shared,
};

/** Kingma and Ba 2015, Adam, algorithm 1. */
const adam = z.strictObject({ name: z.literal('adam'), ...moments });

/** Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, algorithm 2. */
const adamw = z.strictObject({
  name: z.literal('adamw'),
  ...moments,
  /** λ as libraries state it: an update takes learning rate · λ of every weight, biases too. */
  weightDecay: z.number().min(0).default(0.01),
});

/**
 * Kingma and Ba 2015, section 7.1, algorithm 2.
 *
 * The paper has no ε; it is added to u, so that a weight whose gradients were all zero stays.
 */
const adamax = z.strictObject({ name: z.literal('adamax'), ...moments });

/** Sutskever et al. 2013, On the importance of initialization and momentum, equations 1 to 4. */
const sgd = z.strictObject({
  name: z.literal('sgd'),
  /** μ; 0 is plain gradient descent. */
  momentum: fraction.default(0.9),
  /** Whether the gradient counts as taken at the point that the momentum leads to. */
  nesterov: z.boolean().default(false),
  ...shared,
});

const options = z.discriminatedUnion('name', [adam, adamw, adamax, sgd]);

export type AdamConfig = Readonly<z.output<typeof adam>>;
export type AdamWConfig = Readonly<z.output<typeof adamw>>;
export type AdamaxConfig = Readonly<z.output<typeof adamax>>;
export type SgdConfig = Readonly<z.output<typeof sgd>>;
export type OptimizerConfig = AdamConfig | AdamWConfig | AdamaxConfig | SgdConfig;
export type OptimizerName = OptimizerConfig['name'];

/** What a user may give: hyperparameters that are left out have their defaults. */
export type OptimizerOptions = z.input<typeof options>;

export const OPTIMIZERS = ['adam', 'adamw', 'adamax', 'sgd'] as const satisfies readonly OptimizerName[];

export const ADAM_DEFAULTS: AdamConfig = adam.parse({ name: 'adam' });

const name = z.enum(OPTIMIZERS);
const names = OPTIMIZERS.map((one) => `"${one}"`).join(', ');

/** A name or {@link OptimizerOptions}; gives the whole {@link OptimizerConfig}. */
export const optimizerSchema = z
  .union([name, z.looseObject({ name })], {
    error: `expected one of ${names}, or an object with such a name, like { name: "sgd", momentum: 0.9 }`,
  })
  .transform((given): unknown => (typeof given === 'string' ? { name: given } : given))
  .pipe(options);
