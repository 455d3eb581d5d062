import * as tf from '@tensorflow/tfjs';
import { EagerOptimizer } from '../optimizers/eager';
import { trainedOf } from '../optimizers/parts';
import type { BatchOfUpdate, OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../step';
import { differentiated, finiteReport, normOf, squaredNorm, weightedTotal } from '../terms';

interface Differentiated {
  gradients: Record<string, tf.Tensor>;
  updates: Record<string, tf.Tensor>;
  /** [terms + 2]: every term, the total, the gradient's squared norm. One tensor, so that a step reads once. */
  readings: tf.Tensor1D;
}

type Gathered = Pick<Differentiated, 'gradients' | 'updates'>;

/** A batch that makes its own update. */
const WHOLE: BatchOfUpdate = { share: 1, last: true };

/** Runs a step operation by operation on tfjs's active backend, with its gradient tape. */
export class EagerStep implements TrainingStep {
  private readonly optimizer: EagerOptimizer;
  private readonly trained: Readonly<Record<string, tf.Variable>>;
  /** What the batches of the update under way gave. */
  private gathered: Gathered | undefined;

  constructor(private readonly definition: StepDefinition) {
    this.trained = trainedOf(definition.optimizer, definition.trainable);
    this.optimizer = new EagerOptimizer(definition.optimizer, definition.trainable);
  }

  async run(inputs: StepInputs, of?: BatchOfUpdate): Promise<StepReport> {
    if (!of) this.abandon();
    return this.differentiated(inputs, of ?? WHOLE, ({ gradients, updates }, { gradientNorm }) => {
      if (of?.last === false) return this.gather({ gradients, updates });
      this.optimizer.apply(gradients, inputs, gradientNorm);
      for (const [name, value] of Object.entries(updates)) this.definition.state[name]!.assign(value);
      this.abandon();
    });
  }

  abandon(): void {
    if (this.gathered) tf.dispose({ ...this.gathered });
    this.gathered = undefined;
  }

  async rehearse(inputs: StepInputs): Promise<number> {
    await this.differentiated(inputs, WHOLE, () => {});
    return 1;
  }

  optimizerState(): OptimizerState {
    return this.optimizer.state();
  }

  restoreOptimizer(state: OptimizerState): void {
    this.optimizer.restore(state);
  }

  dispose(): void {
    this.abandon();
    this.optimizer.dispose();
  }

  /** Hands what the tape gives to `apply`, unless it is not finite, and frees it. */
  private async differentiated(
    inputs: StepInputs,
    of: BatchOfUpdate,
    apply: (results: Differentiated, report: StepReport) => void,
  ): Promise<StepReport> {
    let names: string[] = [];
    const results = tf.tidy(() => {
      const { names: terms, ...differentiated } = this.withGatheredState(() => this.differentiate(inputs, of));
      names = terms;
      return differentiated;
    });
    try {
      const report = await readReport(names, results);
      apply(results, report);
      return report;
    } catch (error) {
      this.abandon();
      throw error;
    } finally {
      tf.dispose({ ...results });
    }
  }

  private gather(results: Gathered): void {
    const kept = { gradients: cloneAll(results.gradients), updates: cloneAll(results.updates) };
    this.abandon();
    this.gathered = kept;
  }

  /** With the state as earlier batches of the update have set it, which nobody else sees. */
  private withGatheredState<T>(work: () => T): T {
    const { state } = this.definition;
    const set = Object.entries(this.gathered?.updates ?? {}).map(([name, value]) => ({
      variable: state[name]!,
      value,
    }));
    const before = set.map(({ variable }) => variable.clone());
    try {
      for (const { variable, value } of set) variable.assign(value);
      return work();
    } finally {
      set.forEach(({ variable }, i) => variable.assign(before[i]!));
    }
  }

  /** Terms, total and gradient, with that of earlier batches of the update, at the present weights; nothing is changed. */
  private differentiate(
    { tensors, weights }: StepInputs,
    { share }: BatchOfUpdate,
  ): Differentiated & { names: string[] } {
    const { terms } = this.definition;
    let losses: Record<string, tf.Tensor> = {};
    let updates: Record<string, tf.Tensor> = {};
    const { value: total, grads } = differentiated(() => {
      const result = terms(tensors);
      // Kept, since the tape's scope frees whatever its function does not return.
      losses = keepAll(result.losses);
      updates = keepAll(result.updates ?? {});
      return weightedTotal(losses, weights);
    }, Object.values(this.trained));

    const gradients: Record<string, tf.Tensor> = {};
    for (const [name, variable] of Object.entries(this.trained)) {
      const gradient = grads[variable.name];
      const shared = gradient && share !== 1 ? gradient.mul(share) : gradient;
      const before = this.gathered?.gradients[name];
      const sum = before && shared ? before.add(shared) : (shared ?? before?.clone());
      if (sum) gradients[name] = sum;
    }
    const norm = squaredNorm(Object.values(gradients));
    const readings = tf.stack([...Object.values(losses), total, norm]) as tf.Tensor1D;
    tf.dispose(losses);
    return { names: Object.keys(losses), gradients, updates, readings };
  }
}

function cloneAll(tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.clone()]));
}

function keepAll(tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.keep(tensor.clone())]));
}

async function readReport(names: string[], { readings, gradients }: Differentiated): Promise<StepReport> {
  const numbers = await readings.data();
  const losses: Record<string, number> = {};
  [...names, 'total'].forEach((name, i) => (losses[name] = numbers[i]!));
  const squared = numbers[names.length + 1]!;
  const isExact = squared > SMALLEST_EXACT && squared < Infinity;
  return finiteReport(losses, isExact ? Math.sqrt(squared) : await readNorm(Object.values(gradients)));
}

/** Below, squares that float32 does not hold may be part of the sum. */
const SMALLEST_EXACT = 1e-24;

async function readNorm(gradients: readonly tf.Tensor[]): Promise<number> {
  const norm = tf.tidy(() => normOf(gradients));
  try {
    return (await norm.data())[0]!;
  } finally {
    norm.dispose();
  }
}
