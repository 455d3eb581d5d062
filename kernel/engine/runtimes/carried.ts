/** What an update hands on to the next, where a step and its optimizer are one program. */
import * as tf from '@tensorflow/tfjs';
import { rateOf, trainedOf, type Part, type Rates } from '../optimizers/parts';
import { checkState, slotsOf } from '../optimizers/state';
import { NonFiniteError, type OptimizerState, type StepDefinition, type StepReport } from '../step';
import { finiteReport } from '../terms';
import { elementsOf, type Dtype, type Elements, type TensorType } from '../trace/program';
import { Residence, type Place } from './residence';

/** Variables that an update may change, by name. */
export function changedBy({ trainable, state, optimizer }: StepDefinition): Readonly<Record<string, tf.Variable>> {
  return { ...state, ...trainedOf(optimizer, trainable) };
}

/** Types of these, and of the optimizer's slots as `slot/…`. */
export function carriedTypes(
  definition: StepDefinition,
  parts: readonly Part<tf.Variable>[],
): Readonly<Record<string, TensorType>> {
  const held = Object.entries(changedBy(definition)).map(([name, { shape, dtype }]): [string, TensorType] => [
    name,
    { shape, dtype: dtype as Dtype },
  ]);
  const slots = slotsOf(parts).map(({ name, shape }): [string, TensorType] => [
    `slot/${name}`,
    { shape, dtype: 'float32' },
  ]);
  return Object.fromEntries([...held, ...slots]);
}

/** The optimizer's numbers at update t, counted from 1, by the names of the program's inputs. */
export function scalarsAt(parts: readonly Part<tf.Variable>[], t: number, rates: Rates): Record<string, number> {
  const named = parts.flatMap((part, i) =>
    Object.entries(part.rule.scalars(t, rateOf(part, rates))).map(([name, value]) => [`scalar/${i}/${name}`, value]),
  );
  return Object.fromEntries(named);
}

/** Where slots lie, by the names that {@link carriedTypes} gives them. */
export interface SlotStore {
  /** A copy. */
  read(name: string): Elements;
  write(name: string, elements: Elements): void;
}

/** The optimizer's state after so many updates; its tensors are the caller's. */
export function stateIn(
  store: SlotStore,
  { optimizer }: StepDefinition,
  parts: readonly Part<tf.Variable>[],
  step: number,
): OptimizerState {
  const tensors: Record<string, tf.Tensor> = {};
  for (const { name, shape } of slotsOf(parts)) tensors[name] = tf.tensor(store.read(`slot/${name}`), [...shape]);
  return { name: optimizer.name, step, tensors };
}

/** @throws when the state is another rule's, or lacks a slot, or has one of another shape; nothing is written then */
export function writeState(
  store: SlotStore,
  { optimizer }: StepDefinition,
  parts: readonly Part<tf.Variable>[],
  state: OptimizerState,
): void {
  checkState(state, optimizer.name, parts);
  for (const { name } of slotsOf(parts)) {
    store.write(`slot/${name}`, state.tensors[name]!.dataSync() as Float32Array);
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

/** Variables that a program reads and nothing in it changes: what they hold when a step begins. */
export class Captured {
  private readonly held = new Map<string, CapturedVariable>();

  add(name: string, variable: tf.Variable): void {
    if (!this.held.has(name)) this.held.set(name, new CapturedVariable(variable));
  }

  bringIn(): void {
    for (const { residence } of this.held.values()) residence.bringIn();
  }

  get(name: string): { readonly elements: Elements; readonly changes: number } | undefined {
    return this.held.get(name);
  }
}

class CapturedVariable implements Place {
  readonly elements: Elements;
  readonly residence: Residence;
  /** How often the elements have been written. */
  changes = 0;

  constructor(variable: tf.Variable) {
    this.elements = elementsOf(variable.dtype as Dtype, variable.size);
    this.residence = new Residence(variable, this);
  }

  read(): Elements {
    return this.elements.slice();
  }

  write(values: Elements): void {
    this.elements.set(values);
    this.changes += 1;
  }
}
