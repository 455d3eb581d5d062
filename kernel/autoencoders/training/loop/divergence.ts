import type { NonFiniteError } from '../../../engine/index';
import { FileError, reasonOf } from '../../../files/fileError';
import { writeWhole } from '../../../files/writeWhole';
import type { Batch } from '../batches/batches';
import type { TrainingHistory } from '../logs/history';
import { encodeSafetensors } from '../checkpoints/safetensors';
import type { HostTensor } from '../checkpoints/safetensors';
import type { Trainable } from './trainable';

/** A term of the loss became NaN or infinite. The model holds the weights from before that step. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';

  constructor(
    message: string,
    /** The term, or `gradient`. */
    readonly term: string,
    /** The update at which it happened. */
    readonly step: number,
    /** The epoch at which it happened. */
    readonly epoch: number,
    /** The training up to there. */
    readonly history: TrainingHistory,
    /** The samples of that step; {@link Batch.rows} are their rows in the data. */
    readonly batch: Batch,
    /** A safetensors file with the batch: `x` [m, d], `rows` [m] and, where there are labels, `y` [m]. */
    readonly batchFile: string | null,
  ) {
    super(message);
  }
}

export interface FailedStep {
  model: Trainable;
  history: TrainingHistory;
  batch: Batch;
  /** The number of the batch in its epoch, counted from 1. */
  batchNumber: number;
  learningRate: number;
  /** The checkpoint of the training; the batch is written beside it. */
  checkpoint: string | undefined;
}

/** Says what happened, and notes it in the history. The batch is written beside the checkpoint, where there is one. */
export async function divergence(error: NonFiniteError, failed: FailedStep): Promise<DivergenceError> {
  const { quantity, value } = error;
  const { model, history, batch, batchNumber, learningRate, checkpoint } = failed;
  const step = model.position.step + 1;
  const epoch = model.position.epoch + 1;
  const where = `step ${step} (epoch ${epoch}, batch ${batchNumber} of ${history.stepsPerEpoch})`;
  history.broken.push({ quantity, value, step, epoch, batch: batchNumber });
  history.notes.push(`${quantity} was ${value} at ${where}.`);
  const { file, kept } = await keepBatch(checkpoint && `${checkpoint}-diverged-step-${step}.safetensors`, batch);
  return new DivergenceError(
    `${model.name}: ${quantity} is ${value} at ${where}. The step was skipped: the model keeps the weights from ` +
      `before it.${kept} ${advice(batch, learningRate)}`,
    quantity,
    step,
    epoch,
    history,
    batch,
    file,
  );
}

/** Keeps the batch in a file. A full disk does not hide what went wrong with the training. */
async function keepBatch(file: string | undefined, batch: Batch): Promise<{ file: string | null; kept: string }> {
  if (file === undefined) return { file: null, kept: '' };
  try {
    await writeBatch(file, batch);
    return { file, kept: ` Its batch is in ${file}.` };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { file: null, kept: ` Its batch could not be saved to ${file}: ${reasonOf(error)}.` };
  }
}

/** With values beyond this size, the data overflow before any learning rate does. */
const LARGE = 1e3;

/** What to try, the likeliest cause first. */
function advice({ values, rows }: Batch, learningRate: number): string {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const optimizer = `a learning rate below ${learningRate}, or clip the gradient (the model's optimizer: { name: 'adam', clipNorm: 1 })`;
  if (largest > LARGE) {
    const size = Number(largest.toPrecision(2));
    return (
      `The data are on a large scale: up to ${size} in this batch (rows ${rowsText(rows)}). Scale them first, to [0, 1] or to ` +
      `mean 0 and standard deviation 1. If that does not help, try ${optimizer}.`
    );
  }
  return `Try ${optimizer}; or look at the data of the step (rows ${rowsText(rows)}).`;
}

async function writeBatch(file: string, { values, labels, rows }: Batch): Promise<void> {
  const tensors: Record<string, HostTensor> = {
    x: { values, shape: [rows.length, values.length / rows.length] },
    rows: { values: rows, shape: [rows.length] },
  };
  if (labels) tensors['y'] = { values: labels, shape: [labels.length] };
  await writeWhole(file, encodeSafetensors(tensors));
}

function rowsText(rows: Int32Array): string {
  const shown = [...rows.subarray(0, 5)].join(', ');
  return rows.length > 5 ? `${shown}, … of this batch` : `${shown} of this batch`;
}
