import * as tf from '@tensorflow/tfjs';
import { randomStream } from '../random';
import { labelsOf, rowRanges, rowsOf } from '../samples';
import type { SampleInput } from '../samples';
import { scheduleValue } from './schedules';
import type { Trainable } from './trainable';

/** The weight of each weighted term in the update that follows `step` updates. */
export function weightsAt(model: Trainable, step: number): Record<string, number> {
  const weights = Object.entries(model.termWeights).map(([term, { schedule }]) => [
    term,
    scheduleValue(schedule, step),
  ]);
  return Object.fromEntries(weights);
}

/**
 * Mean of every term over the data, and `total`, their sum at the present weights; nothing is trained.
 *
 * @param seed of the noise, the same at every call: scores of one model at two times differ by the model alone
 * @param around is handed each chunk's work, to run it between other things
 */
export async function evaluate(
  model: Trainable,
  input: SampleInput,
  seed: number,
  caller: string,
  around: (work: () => Promise<void>) => Promise<void> = (work) => work(),
): Promise<Record<string, number>> {
  const ranges = rowRanges(input, model.expected(caller));
  const count = ranges.at(-1)![1];
  const means: Record<string, number> = {};
  for (const [chunk, [start, end]] of ranges.entries()) {
    await around(async () => {
      const terms = await termsOf(model, () => chunkOf(model, input, start, end, caller), seed, chunk);
      for (const [name, value] of Object.entries(terms)) {
        means[name] = (means[name] ?? 0) + (value * (end - start)) / count;
      }
    });
  }
  const weights = weightsAt(model, model.position.step);
  const total = Object.entries(means).reduce((sum, [name, value]) => sum + value * (weights[name] ?? 1), 0);
  return { ...means, total };
}

const NO_LABELS = { name: '', labels: null };

interface Chunk extends Record<string, tf.Tensor> {
  x: tf.Tensor2D;
}

/** Samples start … end − 1 as `terms` wants them. */
function chunkOf(model: Trainable, input: SampleInput, start: number, end: number, caller: string): Chunk {
  const x = rowsOf(input, start, end);
  if (model.classes === null) return { x };
  const labelled = input instanceof tf.Tensor || Array.isArray(input) ? NO_LABELS : input;
  const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
  return { x, y: labelsOf(labelled, indices, model.classes, caller) };
}

async function termsOf(
  model: Trainable,
  chunk: () => Chunk,
  seed: number,
  index: number,
): Promise<Record<string, number>> {
  let names: string[] = [];
  const readings = tf.tidy(() => {
    const tensors = chunk();
    const noise = model.noise(randomStream(seed, 'evaluation', index), tensors.x.shape[0]);
    const terms = model.evaluateTerms({ ...tensors, ...noise });
    names = Object.keys(terms);
    return tf.stack(Object.values(terms));
  });
  const values = await readings.data();
  readings.dispose();
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}
