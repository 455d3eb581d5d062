import type * as tf from '@tensorflow/tfjs';
import { hostTensor, tensorOfRows } from '../../../engine/index';
import type { StepInputs } from '../../../engine/index';
import { randomStream } from '../../random';
import { labelsOf } from '../../samples';
import type { Batch } from '../batches/batches';
import { scheduleValue } from '../schedules/schedules';
import type { Schedule } from '../schedules/schedules';
import { weightsAt } from './evaluate';
import type { Trainable } from './trainable';

/** What schedules make of a step. */
export type Scheduled = Pick<StepInputs, 'weights' | 'learningRate' | 'groupLearningRates'>;

/** What the steps of a training are given: batches, noise by (seed, step), and what schedules make of the step. */
export class GivenToSteps {
  /** @param source the data's name, for messages */
  constructor(
    private readonly model: Trainable,
    private readonly seed: number,
    private readonly source: string,
    private readonly learningRate: Schedule,
  ) {}

  /**
   * What the update that follows `step` updates is given.
   *
   * @param part of an update by several batches, the number of this one; each has noise of its own
   */
  inputs(step: number, batch: Batch, part = 0): StepInputs {
    return { tensors: this.tensors(step, batch, part), ...this.scheduled(step) };
  }

  /** Batch and noise of {@link inputs}, which may be made before the steps before it. */
  tensors(step: number, batch: Batch, part = 0): StepInputs['tensors'] {
    const { model } = this;
    const count = batch.rows.length;
    const y: Record<string, tf.Tensor> = model.classes === null ? {} : { y: this.labels(batch, model.classes) };
    const purpose = part === 0 ? 'noise' : `noise/${part}`;
    const noise = model.inputs(randomStream(this.seed, purpose, step), count, step);
    return { ...noise, ...y, x: valuesOf(batch) };
  }

  scheduled(step: number): Scheduled {
    const { groupRates = {} } = this.model;
    const own = Object.entries(groupRates).map(([group, { schedule }]) => [group, scheduleValue(schedule, step)]);
    return {
      weights: weightsAt(this.model, step),
      learningRate: scheduleValue(this.learningRate, step),
      ...(own.length > 0 && { groupLearningRates: Object.fromEntries(own) as Record<number, number> }),
    };
  }

  private labels({ labels, rows }: Batch, classes: number): tf.Tensor {
    const { name, unknownLabels } = this.model;
    const all = Int32Array.from(rows.keys());
    return labelsOf({ name: this.source, labels }, all, classes, `${name}: fit`, { unknown: unknownLabels });
  }
}

/** [m, d] */
function valuesOf(batch: Batch): tf.Tensor {
  const { table, rows } = batch;
  if (table) return tensorOfRows(table, rows);
  return hostTensor(batch.values, [rows.length, batch.values.length / rows.length]);
}
