import * as tf from '@tensorflow/tfjs';
import { NonFiniteError, UpdateRestart } from '../../../engine/index';
import type { BatchOfUpdate, StepInputs, StepReport, TrainingStep } from '../../../engine/index';

/** An update by the mean gradient over the samples of several batches. */
export interface Accumulation {
  readonly step: TrainingStep;
  /** Samples of each batch. */
  readonly rows: readonly number[];
  /** What the step is given for a batch; made anew when the update has to begin again. */
  inputs(batch: number): StepInputs;
  /** Between two batches; may throw, to leave the update undone. */
  between(): Promise<void>;
  /** Runs the work of a batch. */
  around<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * One update; its losses are means over the samples of all batches.
 *
 * @throws {NonFiniteError} with the reports of the batches before the one that was not finite; nothing has changed then
 */
export async function updateByAll(accumulation: Accumulation): Promise<StepReport> {
  for (;;) {
    try {
      return await attempt(accumulation);
    } catch (error) {
      if (!(error instanceof UpdateRestart)) throw error;
    }
  }
}

async function attempt({ step, rows, inputs, between, around }: Accumulation): Promise<StepReport> {
  const samples = rows.reduce((sum, count) => sum + count, 0);
  const losses: Record<string, number> = {};
  const done: StepReport[] = [];
  // What a training has left that was ended by force.
  step.abandon();
  try {
    for (const [i, count] of rows.entries()) {
      if (i > 0) await between();
      const of = { share: count / samples, last: i === rows.length - 1 };
      const report = await around(() => runOne(step, inputs(i), of));
      for (const [term, value] of Object.entries(report.losses)) losses[term] = (losses[term] ?? 0) + of.share * value;
      done.push(report);
    }
  } catch (error) {
    step.abandon();
    if (!(error instanceof NonFiniteError)) throw error;
    throw new NonFiniteError(error.quantity, error.value, error.losses, done);
  }
  return { losses, gradientNorm: done.at(-1)!.gradientNorm };
}

async function runOne(step: TrainingStep, inputs: StepInputs, of: BatchOfUpdate): Promise<StepReport> {
  try {
    return await step.run(inputs, of);
  } finally {
    tf.dispose(inputs.tensors);
  }
}
