/** The trainings of this process, counted in the order of their beginning. */
import type { TrainingRun } from '../../autoencoders/index';

interface Counted {
  run: TrainingRun;
  index: number;
}

let begun = 0;
const underWay: Counted[] = [];

export function begin(run: TrainingRun): number {
  underWay.push({ run, index: ++begun });
  return begun;
}

export function end(run: TrainingRun): void {
  const at = underWay.findIndex((one) => one.run === run);
  if (at >= 0) underWay.splice(at, 1);
}

/** Whether a training is under way. */
export function isTraining(): boolean {
  return underWay.length > 0;
}

/** Where the training that began last is now: its number, its model's step and epoch; nulls outside of one. */
export function place(): { training: number | null; step: number | null; epoch: number | null } {
  const last = underWay.at(-1);
  if (!last) return { training: null, step: null, epoch: null };
  const { before, step, totalSteps, epochs } = last.run.history.progress;
  const done = totalSteps > 0 ? (step / totalSteps) * epochs : 0;
  return { training: last.index, step: before.steps + step, epoch: before.epochs + done };
}
