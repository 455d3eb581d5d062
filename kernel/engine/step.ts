/**
 * What a training step is, whoever computes it.
 *
 * A step is stated once and run many times. All that changes from step to step (the batch, noise, the weights of the
 * terms, the learning rate) is an input of {@link TrainingStep.run}, so that a runtime may compile the step: nothing
 * random, and no counter, may be made inside {@link StepDefinition.terms}.
 */
import type * as tf from '@tensorflow/tfjs';
import type { OptimizerConfig, OptimizerName } from './optimizers/config';

export interface StepDefinition {
  /** What the gradient trains, by name, but for what groups of the optimizer freeze. */
  readonly trainable: Readonly<Record<string, tf.Variable>>;
  /** What {@link StepTerms.updates} sets, by name: moving averages, for example. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /** The loss as named terms. Pure: the same tensors and variables give the same terms. */
  terms(tensors: Readonly<Record<string, tf.Tensor>>): StepTerms;
  readonly optimizer: OptimizerConfig;
}

export interface StepTerms {
  /** Scalars by name; the loss is their weighted sum. */
  losses: Record<string, tf.Tensor>;
  /** New values of {@link StepDefinition.state}, set once the step is known to be finite. */
  updates?: Record<string, tf.Tensor>;
}

export interface StepInputs {
  /** Batch and noise, handed to {@link StepDefinition.terms}; the caller disposes them. */
  tensors: Readonly<Record<string, tf.Tensor>>;
  /** Weight of each term; a term that is not named weighs 1. */
  weights: Readonly<Record<string, number>>;
  learningRate: number;
  /** Learning rates of the groups that have their own, by their index in the configuration. */
  groupLearningRates?: Readonly<Record<number, number>>;
}

/** A batch of an update by several: its gradient is added to that of the others, and the last one makes the update. */
export interface BatchOfUpdate {
  /** What its gradient, and with it the terms' weights, count for; those of an update add up to 1. */
  readonly share: number;
  readonly last: boolean;
}

export interface StepReport {
  /** Every term, unweighted, and `total`, their weighted sum. */
  losses: Record<string, number>;
  /**
   * Euclidean norm of the gradient over all variables that are trained, before it is clipped; of an update by several
   * batches that of the gradients added so far.
   */
  gradientNorm: number;
}

/** What an optimizer knows beside the weights. The tensors belong to whoever asked for them. */
export interface OptimizerState {
  /** The rule that it belongs to: of groups with other rules, that of all other variables. */
  name: OptimizerName;
  /** Updates done. */
  step: number;
  /**
   * By variable and slot: `<variable>/m` and `/v` of Adam and AdamW, `/m` and `/u` of Adamax, `/momentum` of SGD, `/v`,
   * `/mean` and `/momentum` of RMSprop, `/m` of Lion; `/average` of all that average the weights.
   */
  tensors: Record<string, tf.Tensor>;
}

export interface TrainingStep {
  /**
   * One update of all variables.
   *
   * @param of left out: the batch makes its own update, and one under way is abandoned. Else it is one of several:
   *   nothing that can be seen changes before the last, while each batch finds the state as the one before it has set
   *   it
   * @throws {NonFiniteError} when a term or the gradient is NaN or infinite; no variable has changed then, and the
   *   update under way is abandoned
   * @throws {UpdateRestart} when an update by several batches has to begin again with its first
   */
  run(inputs: StepInputs, of?: BatchOfUpdate): Promise<StepReport>;
  /** Forgets the batches of an update that has not had its last. */
  abandon(): void;
  /**
   * For runtimes that are best given several steps at once: how many, and how. All are of one shape, and happen in order.
   *
   * @throws {NonFiniteError} with the reports of the steps before it
   */
  readonly series?: { readonly length: number; run(inputs: readonly StepInputs[]): Promise<StepReport[]> };
  /**
   * Computes steps, all with these inputs, and changes nothing, as for a race between runtimes: as many as the runtime
   * would take at once.
   *
   * @returns how many
   */
  rehearse(inputs: StepInputs): Promise<number>;
  /** Why steps run operation by operation on a device that could run them as one graph. */
  readonly eagerBecause?: string | undefined;
  optimizerState(): OptimizerState;
  restoreOptimizer(state: OptimizerState): void;
  /** Frees the optimizer's state; the variables stay. */
  dispose(): void;
}

/** The runtime has changed within an update by several batches: all of them have to be given again. */
export class UpdateRestart extends Error {
  override readonly name = 'UpdateRestart';
}

/** A term of the loss, or the gradient, was NaN or infinite; the step has not been applied. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';

  constructor(
    /** The term's name, or `gradient`. */
    readonly quantity: string,
    readonly value: number,
    readonly losses: Readonly<Record<string, number>>,
    /** Steps of the same series, or batches of the same update, that were done before it. */
    readonly done: readonly StepReport[] = [],
  ) {
    super(`${quantity} is ${value}`);
  }
}
