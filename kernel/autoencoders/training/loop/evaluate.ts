import * as tf from '@tensorflow/tfjs';
import { hostTensor, ready } from '../../../engine/index';
import { randomStream } from '../../random';
import { labelsOf, rowRanges, rowsOf } from '../../samples';
import type { SampleInput, SampleStream } from '../../samples';
import { isStream } from '../batches/batches';
import type { TrainingData } from '../batches/batches';
import { scheduleValue } from '../schedules/schedules';
import { checkStream, StreamReader } from '../batches/streamReader';
import type { Trainable } from './trainable';

/** The weight of each weighted term in the update that follows `step` updates. */
export function weightsAt(model: Pick<Trainable, 'termWeights'>, step: number): Record<string, number> {
  const weights = Object.entries(model.termWeights).map(([term, { schedule }]) => [
    term,
    scheduleValue(schedule, step),
  ]);
  return Object.fromEntries(weights);
}

/**
 * The loss: the sum of its terms, each times its weight; a term that is not named weighs 1. A `total` among the terms is
 * left out.
 */
export function totalOf(terms: Readonly<Record<string, number>>, weights: Readonly<Record<string, number>>): number {
  const own = Object.entries(terms).filter(([name]) => name !== 'total');
  return own.reduce((sum, [name, value]) => sum + value * (weights[name] ?? 1), 0);
}

/** Means of the terms by their names. */
export interface Scores {
  /** Their sum, at the present weights. */
  total: number;
  [term: string]: number;
}

/**
 * Mean of every term over the data, and `total`, their sum at the present weights; nothing is trained. A stream gives the
 * same as its samples in memory.
 *
 * @param seed of the noise, the same at every call: scores of one model at two times differ by the model alone
 * @param around is handed each chunk's work, to run it between other things
 * @param use is handed what computes with the model's weights, to run it with others
 * @throws {DataError} when a stream's values are outside of what the likelihood is defined for
 */
export async function evaluate(
  model: Trainable,
  data: TrainingData,
  seed: number,
  caller: string,
  around: (work: () => Promise<void>) => Promise<void> = (work) => work(),
  use: <T>(compute: () => T) => T = (compute) => compute(),
): Promise<Scores> {
  await ready();
  const sums: Record<string, number> = {};
  let count = 0;
  let chunk = 0;
  const pieces = isStream(data) ? streamed(model, data, caller) : inMemory(model, data, caller);
  for await (const { rows, tensors } of pieces) {
    await around(async () => {
      const terms = await termsOf(model, tensors, seed, chunk, use);
      for (const [name, value] of Object.entries(terms)) sums[name] = (sums[name] ?? 0) + value * rows;
    });
    count += rows;
    chunk += 1;
  }
  const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count]));
  return { ...means, total: totalOf(means, weightsAt(model, model.position.step)) };
}

interface Piece {
  rows: number;
  /** As `terms` wants them, made within a tidy. */
  tensors: () => PieceTensors;
}

interface PieceTensors extends Record<string, tf.Tensor> {
  x: tf.Tensor2D;
}

const NO_LABELS = { name: '', labels: null };

async function* inMemory(model: Trainable, input: SampleInput, caller: string): AsyncGenerator<Piece> {
  const labelled = input instanceof tf.Tensor || Array.isArray(input) ? NO_LABELS : input;
  for (const [start, end] of rowRanges(input, model.expected(caller))) {
    const tensors = () => withLabels(model, rowsOf(input, start, end), labelled, start, caller);
    yield { rows: end - start, tensors };
  }
}

/** Rows of a piece: as many as {@link rowRanges} takes of data in memory, so that both draw the same noise. */
const PIECE = 1024;

async function* streamed(model: Trainable, stream: SampleStream, caller: string): AsyncGenerator<Piece> {
  checkStream(stream, model.expected(caller));
  const { width, length, name } = stream;
  const reader = new StreamReader(stream, model);
  const room = Math.min(PIECE, length);
  let [values, labels, filled] = [new Float32Array(room * width), new Int32Array(room), 0];
  let labelled = true;
  const piece = (): Piece => {
    const [x, y, rows] = [values.subarray(0, filled * width), labelled ? labels.subarray(0, filled) : null, filled];
    [values, labels, filled] = [new Float32Array(room * width), new Int32Array(room), 0];
    const tensor = () => hostTensor(x, [rows, width]) as tf.Tensor2D;
    return { rows, tensors: () => withLabels(model, tensor(), { name, labels: y }, 0, caller) };
  };
  try {
    for (let chunk = await reader.next(); chunk; chunk = await reader.next()) {
      labelled &&= chunk.labels !== null;
      const rows = chunk.values.length / width;
      for (let at = 0; at < rows;) {
        const count = Math.min(rows - at, room - filled);
        values.set(chunk.values.subarray(at * width, (at + count) * width), filled * width);
        if (chunk.labels) labels.set(chunk.labels.subarray(at, at + count), filled);
        at += count;
        filled += count;
        if (filled === room) yield piece();
      }
    }
    if (filled > 0) yield piece();
  } finally {
    await reader.close();
  }
}

/** Samples `first` … as `terms` wants them. */
function withLabels(
  { classes, unknownLabels: unknown }: Trainable,
  x: tf.Tensor2D,
  labelled: { name: string; labels?: Int32Array | null },
  first: number,
  caller: string,
): PieceTensors {
  if (classes === null) return { x };
  const indices = Int32Array.from({ length: x.shape[0] }, (_, i) => first + i);
  return { x, y: labelsOf(labelled, indices, classes, caller, { unknown }) };
}

async function termsOf(
  model: Trainable,
  tensors: () => PieceTensors,
  seed: number,
  index: number,
  use: <T>(compute: () => T) => T,
): Promise<Record<string, number>> {
  let names: string[] = [];
  const compute = () => {
    const given = tensors();
    const noise = model.inputs(randomStream(seed, 'evaluation', index), given.x.shape[0], model.position.step);
    const terms = model.evaluateTerms({ ...given, ...noise });
    names = Object.keys(terms);
    return tf.stack(Object.values(terms));
  };
  const readings = tf.tidy(() => use(compute));
  const values = await readings.data();
  readings.dispose();
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}
