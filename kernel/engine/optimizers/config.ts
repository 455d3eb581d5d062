/** Optimizers as plain data: a rule's name and its hyperparameters. The learning rate is an input of every step. */
import { z } from 'zod';
import { meant } from '../nearest';

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

/**
 * Hinton 2012, Neural Networks for Machine Learning, lecture 6e, in the form that PyTorch gives it: ε beside the root,
 * momentum and centring as options.
 */
const rmsprop = z.strictObject({
  name: z.literal('rmsprop'),
  /** The decay of the moving average of the gradient's square. The lecture has 0.9, PyTorch 0.99. */
  alpha: fraction.default(0.99),
  /** ε, added to what is divided by. */
  epsilon: z.number().positive().default(1e-8),
  /** μ, of the momentum of the divided gradient; 0: none. */
  momentum: fraction.default(0),
  /** Whether the average square is taken about the average gradient (Graves 2013, equations 38 to 45). */
  centered: z.boolean().default(false),
  ...shared,
});

/**
 * Chen et al. 2023, Symbolic Discovery of Optimization Algorithms, algorithm 2. Every weight moves by the learning rate,
 * up or down: the paper takes one that is 3 to 10 times smaller than Adam's, and as many times the weight decay.
 */
const lion = z.strictObject({
  name: z.literal('lion'),
  /** β₁, of the mixture whose sign is taken. */
  beta1: fraction.default(0.9),
  /** β₂, of the gradient's exponential moving average. */
  beta2: fraction.default(0.99),
  /** λ as libraries state it: an update takes learning rate · λ of every weight, biases too. */
  weightDecay: z.number().min(0).default(0),
  ...shared,
});

const rules = [adam, adamw, adamax, sgd, rmsprop, lion] as const;

/** One rule. */
export type RuleConfig = Readonly<z.output<(typeof rules)[number]>>;
/** The rules by which weights are updated, by name. */
export type OptimizerName = RuleConfig['name'];

export const OPTIMIZERS = rules.map(({ shape }) => shape.name.value);

const name = z.enum(OPTIMIZERS);
const names = OPTIMIZERS.map((one) => `"${one}"`).join(', ');

/** A rule's name, or an object with it and hyperparameters. */
const named = z
  .union([name, z.looseObject({ name })], {
    error: ({ input }) => {
      const word = typeof input === 'object' && input !== null && 'name' in input ? input.name : input;
      const expected = `expected one of ${names}, or an object with such a name, like { name: "sgd", momentum: 0.9 }`;
      return expected + meant(word, OPTIMIZERS);
    },
  })
  .transform((given): unknown => (typeof given === 'string' ? { name: given } : given));

const oneRule = z.discriminatedUnion('name', rules);
// The types of hyperparameters, which the check of the name alone does not say.
const rule: z.ZodType<RuleConfig, OptimizerName | z.input<typeof oneRule>> = named.pipe(oneRule) as never;

/** A number or a schedule; what schedules there are is the library's to know, which reads them. */
export type Rate = number | { readonly schedule: string };

const rate = z.custom<Rate>((given) => typeof given === 'number' || typeof given === 'object', {
  error: 'expected a number or a schedule',
});

/** What is different for some of the parameters. */
const group = z.strictObject({
  /**
   * Names of parameters; `*` stands for any characters: `discriminator.*`, `*.bias`. Or several such, and with `!` before
   * them others that are left out: `['*.bias', '!discriminator.*']`.
   */
  parameters: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).readonly()], {
    error: 'expected a pattern of names, like "encoder.*", or a list of them',
  }),
  /** Their own rule, with its own clipping. Left out: the model's. */
  optimizer: rule.optional(),
  /** A factor of `fit`'s learning rate, whatever its schedule. */
  learningRateScale: z.number().positive().default(1),
  /** Their own learning rate in place of `fit`'s: a number, or a schedule over the steps of the model. */
  learningRate: rate.optional(),
  /** λ of their rule, which has to be one with weight decay. */
  weightDecay: z.number().min(0).optional(),
  /** False: they stay as they are, and cost neither gradient nor memory. */
  trainable: z.boolean().default(true),
});

const whole = {
  /** A parameter is in one group at most; who is in none has the rule as it stands here. */
  groups: z.array(group).min(1).readonly().optional(),
  /**
   * Keeps an average of the weights beside them, for evaluation (Polyak and Juditsky 1992; with an exponential window,
   * as Kingma and Ba 2015, section 7.2, give it): with its correction for the start,
   * $\bar w_t = (1-d) \sum_{s=1}^t d^{t-s} w_s / (1-d^t)$ over all updates. `withAveragedWeights` of a model uses it.
   */
  averageWeights: z
    .strictObject({
      /** d: about 1 / (1 − d) updates count. */
      decay: fraction,
    })
    .optional(),
};

const options = z
  .discriminatedUnion('name', [
    adam.extend(whole),
    adamw.extend(whole),
    adamax.extend(whole),
    sgd.extend(whole),
    rmsprop.extend(whole),
    lion.extend(whole),
  ])
  .superRefine((given, context) => {
    given.groups?.forEach(({ optimizer, weightDecay, trainable, learningRate, learningRateScale }, i) => {
      const problem = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['groups', i, field], message });
      const { name } = optimizer ?? given;
      if (weightDecay !== undefined && name !== 'adamw' && name !== 'lion') {
        problem('weightDecay', `${name} has no weight decay: give the group the optimizer "adamw" or "lion"`);
      }
      const rates = learningRate !== undefined || learningRateScale !== 1;
      if (!trainable && (optimizer || weightDecay !== undefined || rates)) {
        problem('trainable', 'such a group does not train: leave out optimizer, learning rates and weightDecay');
      }
      if (learningRate !== undefined && learningRateScale !== 1) {
        problem('learningRateScale', 'allowed only without "learningRate", which sets the rate itself');
      }
    });
  });

export type AdamConfig = Readonly<z.output<typeof adam>>;
export type AdamWConfig = Readonly<z.output<typeof adamw>>;
export type AdamaxConfig = Readonly<z.output<typeof adamax>>;
export type SgdConfig = Readonly<z.output<typeof sgd>>;
export type RmspropConfig = Readonly<z.output<typeof rmsprop>>;
export type LionConfig = Readonly<z.output<typeof lion>>;
export type GroupConfig = Readonly<z.output<typeof group>>;
/** The rule of the parameters, and what is different for some of them. */
export type OptimizerConfig = RuleConfig & {
  readonly groups?: readonly GroupConfig[] | undefined;
  readonly averageWeights?: { readonly decay: number } | undefined;
};

/** What a user may give: hyperparameters that are left out have their defaults. */
export type OptimizerOptions = z.input<typeof options>;

export const ADAM_DEFAULTS: AdamConfig = adam.parse({ name: 'adam' });

/** A name or {@link OptimizerOptions}; gives the whole {@link OptimizerConfig}. */
export const optimizerSchema = named.pipe(options);
