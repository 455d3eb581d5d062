/** What the library's own objects are to somebody who looks at variables. */
import { inspect, types } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { Dataset, Model, TrainingHistory } from '../../autoencoders/index';
import { isBeingTrained } from '../../autoencoders/training/loop/fit';
import type { ModelState } from '../../protocol';
import { tensorFacts } from './numbers';
import { isInstance, ownProperty, property, prototypeOf } from './safely';

/** What a model of the library keeps for itself. */
const INNER_FIELDS = new Set(
  [
    'compiledFunctions networkDraws startedStep stated evaluateTerms conditioning givenClass termUnit source',
    'support missing unknownLabels',
  ].flatMap((line) => line.split(' ')),
);

export const isModel = (value: unknown): boolean => isInstance(value, Model.prototype);
export const isDataset = (value: unknown): value is Dataset => isInstance(value, Dataset.prototype);
export const isHistory = (value: unknown): value is TrainingHistory => isInstance(value, TrainingHistory.prototype);

export function isInnerField(owner: object, key: string): boolean {
  return isModel(owner) && INNER_FIELDS.has(key);
}

/** Tells classes of the library, whose code may run for a look, from those that cells derive from them. */
export class LibraryClasses {
  private readonly prototypes: ReadonlySet<unknown>;
  /** Lines of what does not change. */
  private readonly lines = new WeakMap<object, string>();

  /** @param namespace what cells import as `latentlab` */
  constructor(namespace: object) {
    const classes = Object.values(namespace).filter((value) => typeof value === 'function');
    this.prototypes = new Set(classes.map((value) => ownProperty(value as object, 'prototype')?.value).filter(Boolean));
  }

  /** How the library itself prints a value, without its class: `784 → 400 → 2 · Bernoulli · …`. */
  line(value: object): string | undefined {
    if (types.isProxy(value) || !this.prototypes.has(prototypeOf(value))) return undefined;
    const known = this.lines.get(value);
    if (known !== undefined) return known;
    const text = this.printed(value);
    if (isDataset(value)) this.lines.set(value, text ?? '');
    return text;
  }

  private printed(value: object): string | undefined {
    if (ownProperty(value, inspect.custom) || typeof property(value, inspect.custom) !== 'function') return undefined;
    try {
      const text = inspect(value, { depth: 0, breakLength: Infinity, compact: true });
      const [, ...facts] = text.split('  ');
      return facts.length > 0 && !text.includes('\n') ? facts.join('  ') : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Parameters and training of the library's models and of tfjs's; undefined for what is not a model. */
export function modelState(value: object): (ModelState & { bytes: number }) | undefined {
  if (isModel(value)) {
    const { count, bytes } = sizesOf([property(value, 'parameters'), property(value, 'state')]);
    const position = property(value, 'position');
    const number = (key: string) => Number(property(position, key) ?? 0);
    return {
      parameters: sizesOf([property(value, 'parameters')]).count,
      bytes: count === 0 ? 0 : bytes,
      steps: number('step'),
      epochs: number('epoch'),
      training: isBeingTrained(value),
    };
  }
  const prototype = prototypeOf(value);
  if (prototype !== tf.Sequential.prototype && prototype !== tf.LayersModel.prototype) return undefined;
  try {
    const weights = (value as tf.LayersModel).weights.map((weight) => weight.read());
    const parameters = weights.reduce((sum, { size }) => sum + size, 0);
    const training = property(value, 'isTraining') === true;
    return { parameters, bytes: 4 * parameters, steps: 0, epochs: 0, training };
  } catch {
    // One that has no input as yet has no weights.
    return { parameters: 0, bytes: 0, steps: 0, epochs: 0, training: false };
  }
}

/** Numbers of all tensors in records of them. */
function sizesOf(records: readonly unknown[]): { count: number; bytes: number } {
  const tensors = records.flatMap((record) => Object.values((record ?? {}) as object).map(tensorFacts));
  const alive = tensors.filter((facts) => facts !== undefined && !facts.disposed);
  return {
    count: alive.reduce((sum, facts) => sum + facts!.size, 0),
    bytes: alive.reduce((sum, facts) => sum + facts!.bytes, 0),
  };
}
