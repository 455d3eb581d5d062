import * as tf from '@tensorflow/tfjs';
import { EagerOptimizer } from '../optimizers/eager';
import { trainedOf } from '../optimizers/parts';
import type { OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../step';
import { finiteReport, weightedTotal } from '../terms';

interface Differentiated {
  gradients: Record<string, tf.Tensor>;
  updates: Record<string, tf.Tensor>;
  /** [terms + 2]: every term, the total, the gradient's squared norm. One tensor, so that a step reads once. */
  readings: tf.Tensor1D;
}

/** Runs a step operation by operation on tfjs's active backend, with its gradient tape. */
export class EagerStep implements TrainingStep {
  private readonly optimizer: EagerOptimizer;
  private readonly trained: Readonly<Record<string, tf.Variable>>;

  constructor(private readonly definition: StepDefinition) {
    this.trained = trainedOf(definition.optimizer, definition.trainable);
    this.optimizer = new EagerOptimizer(definition.optimizer, definition.trainable);
  }

  async run(inputs: StepInputs): Promise<StepReport> {
    return this.differentiated(inputs, ({ gradients, updates }, { gradientNorm }) => {
      this.optimizer.apply(gradients, inputs.learningRate, gradientNorm);
      for (const [name, value] of Object.entries(updates)) this.definition.state[name]!.assign(value);
    });
  }

  async rehearse(inputs: StepInputs): Promise<void> {
    await this.differentiated(inputs, () => {});
  }

  optimizerState(): OptimizerState {
    return this.optimizer.state();
  }

  restoreOptimizer(state: OptimizerState): void {
    this.optimizer.restore(state);
  }

  dispose(): void {
    this.optimizer.dispose();
  }

  /** Hands what the tape gives to `apply`, unless it is not finite, and frees it. */
  private async differentiated(
    inputs: StepInputs,
    apply: (results: Differentiated, report: StepReport) => void,
  ): Promise<StepReport> {
    let names: string[] = [];
    const results = tf.tidy(() => {
      const { names: terms, ...differentiated } = this.differentiate(inputs);
      names = terms;
      return differentiated;
    });
    try {
      const report = readReport(names, await results.readings.data());
      apply(results, report);
      return report;
    } finally {
      tf.dispose({ ...results });
    }
  }

  /** Terms, total and gradient at the present weights; nothing is changed. */
  private differentiate({ tensors, weights }: StepInputs): Differentiated & { names: string[] } {
    const { terms } = this.definition;
    let losses: Record<string, tf.Tensor> = {};
    let updates: Record<string, tf.Tensor> = {};
    const { value: total, grads } = tf.variableGrads(() => {
      const result = terms(tensors);
      // Kept, since the tape's scope frees whatever its function does not return.
      losses = keepAll(result.losses);
      updates = keepAll(result.updates ?? {});
      return weightedTotal(losses, weights);
    }, Object.values(this.trained));

    const gradients: Record<string, tf.Tensor> = {};
    for (const [name, variable] of Object.entries(this.trained)) {
      const gradient = grads[variable.name];
      if (gradient) gradients[name] = gradient;
    }
    const squaredNorm = tf.addN(Object.values(gradients).map((gradient) => gradient.square().sum()));
    const readings = tf.stack([...Object.values(losses), total, squaredNorm]) as tf.Tensor1D;
    tf.dispose(losses);
    return { names: Object.keys(losses), gradients, updates, readings };
  }
}

function keepAll(tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.keep(tensor.clone())]));
}

function readReport(names: string[], readings: ArrayLike<number>): StepReport {
  const losses: Record<string, number> = {};
  [...names, 'total'].forEach((name, i) => (losses[name] = readings[i]!));
  const gradientNorm = Math.sqrt(readings[names.length + 1]!);
  return finiteReport(losses, gradientNorm);
}
