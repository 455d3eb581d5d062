/** What an update hands on to the next, where a step and its optimizer are one program. */
import * as tf from '@tensorflow/tfjs';
import { rateOf, trainedOf, type Part, type Rates } from '../optimizers/parts';
import { checkState, slotsOf } from '../optimizers/state';
import { NonFiniteError, type OptimizerState, type StepDefinition, type StepReport } from '../step';
import { finiteReport } from '../terms';
import type { TensorType } from '../trace/program';
import type { Place } from './residence';

/** Variables that an update may change, by name. */
export function changedBy({ trainable, state, optimizer }: StepDefinition): Readonly<Record<string, tf.Variable>> {
  return { ...state, ...trainedOf(optimizer, trainable) };
}

/** Places of the optimizer's slots, as `slot/…`; zero at first. */
export function slotPlaces<P extends Place>(
  parts: readonly Part<tf.Variable>[],
  create: (type: TensorType) => P,
): ReadonlyMap<string, P> {
  return new Map(slotsOf(parts).map(({ name, shape }) => [`slot/${name}`, create({ shape, dtype: 'float32' })]));
}

/** The optimizer's numbers at update t, counted from 1, by the names of the program's inputs. */
export function scalarsAt(parts: readonly Part<tf.Variable>[], t: number, rates: Rates): Record<string, number> {
  const named = parts.flatMap((part, i) =>
    Object.entries(part.rule.scalars(t, rateOf(part, rates))).map(([name, value]) => [`scalar/${i}/${name}`, value]),
  );
  return Object.fromEntries(named);
}

/** Where slots lie, by the names that {@link slotPlaces} gives them. */
type Slots = ReadonlyMap<string, Place>;

/** The optimizer's state after so many updates; its tensors are the caller's. */
export function stateIn(
  slots: Slots,
  { optimizer }: StepDefinition,
  parts: readonly Part<tf.Variable>[],
  step: number,
): OptimizerState {
  const tensors: Record<string, tf.Tensor> = {};
  for (const { name, shape } of slotsOf(parts))
    tensors[name] = tf.tensor(slots.get(`slot/${name}`)!.read(), [...shape]);
  return { name: optimizer.name, step, tensors };
}

/** @throws when the state is another rule's, or lacks a slot, or has one of another shape; nothing is written then */
export function writeState(
  slots: Slots,
  { optimizer }: StepDefinition,
  parts: readonly Part<tf.Variable>[],
  state: OptimizerState,
): void {
  checkState(state, optimizer.name, parts);
  for (const { name } of slotsOf(parts)) {
    slots.get(`slot/${name}`)!.write(state.tensors[name]!.dataSync() as Float32Array);
  }
}

/** Losses and the gradient's norm by the names of the program's outputs, one list of steps each. */
export type Readings = Readonly<Record<string, ArrayLike<number>>>;

/** What each step reported, and what ended the steps before their end. */
export function reportsOf(readings: Readings): { reports: StepReport[]; failure?: NonFiniteError } {
  const norms = readings['gradientNorm']!;
  const terms = Object.keys(readings).filter((name) => name.startsWith('loss/'));
  const reports: StepReport[] = [];
  for (let i = 0; i < norms.length; i++) {
    const losses = Object.fromEntries(terms.map((name) => [name.slice('loss/'.length), readings[name]![i]!]));
    try {
      reports.push(finiteReport(losses, norms[i]!));
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      return { reports, failure: new NonFiniteError(error.quantity, error.value, losses, reports) };
    }
  }
  return { reports };
}
