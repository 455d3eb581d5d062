/** The total as the stack of its terms, each times its weight. */
import { smooth } from '../smoothing';
import type { Stretches } from '../smoothing';
import { quantity } from '../wording';

export interface NamedCurve {
  name: string;
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

export interface StackedTerm {
  name: string;
  train?: { steps: ArrayLike<number>; values: ArrayLike<number>; stretches?: Stretches | undefined } | undefined;
}

/** Terms with what each of them weighs in the total. */
export interface Stackable {
  terms: readonly StackedTerm[];
  /** A number, or the name of a schedule; undefined if it is not known how the total is made of the terms. */
  weights: Readonly<Record<string, number | string>> | undefined;
  schedules: readonly NamedCurve[];
}

/** A term of the total, from where those below it end. */
export interface Layer {
  name: string;
  /** `β · kl` */
  label: string;
  /** Its place among all terms: it has the same colour there. */
  colour: number;
  steps: ArrayLike<number>;
  /** Weighted. */
  values: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/** The terms that the total is made of; none where it is not known how. */
export function stackedTerms({ terms, weights }: Stackable): StackedTerm[] {
  if (weights === undefined) return [];
  return terms.filter(({ name, train }) => name !== 'total' && train && train.steps.length > 0 && weights[name] !== 0);
}

/**
 * Terms above zero stand on each other, those below it hang from it.
 *
 * @param smoothing weight of the moving average
 */
export function layersOf(data: Stackable, smoothing: number): Layer[] {
  const terms = stackedTerms(data);
  const first = terms[0]?.train;
  const steps = first?.stretches?.steps ?? first?.steps ?? [];
  const [up, down] = [new Float64Array(steps.length), new Float64Array(steps.length)];
  return terms.map((term): Layer => {
    const { train, name } = term;
    const measured = train!.stretches?.means ?? train!.values;
    const weight = weightAt(data, name);
    const weighted = Float64Array.from(measured, (value, i) => value * weight(steps[i]!));
    const values = smooth(weighted, smoothing, train!.stretches?.sizes);
    const [low, high] = [new Float64Array(values.length), new Float64Array(values.length)];
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const side = value < 0 ? down : up;
      const ends = [side[i]!, side[i]! + value];
      [low[i], high[i]] = [Math.min(...ends), Math.max(...ends)];
      if (Number.isFinite(value)) side[i] = ends[1]!;
    }
    return { name, label: labelOf(data, name), colour: data.terms.indexOf(term), steps, values, low, high };
  });
}

function weightAt({ weights, schedules }: Stackable, name: string): (step: number) => number {
  const weight = weights?.[name] ?? 1;
  if (typeof weight === 'number') return () => weight;
  const schedule = schedules.find((one) => one.name === weight);
  if (!schedule || schedule.steps.length === 0) return () => 1;
  let at = 0;
  return (step) => {
    // Steps are asked for in their order.
    if (schedule.steps[at]! > step) at = 0;
    while (at + 1 < schedule.steps.length && schedule.steps[at + 1]! <= step) at++;
    return schedule.values[at]!;
  };
}

/** `β · kl`, `0.25 · commitment`, `reconstruction` */
function labelOf({ weights }: Stackable, name: string): string {
  const weight = weights?.[name] ?? 1;
  if (weight === 1) return name;
  return `${typeof weight === 'number' ? quantity(weight) : weight} · ${name}`;
}

/** The heights of a stack, from 0; @param full whether the first twentieth of a training, which is often far off, counts */
export function stackRange(layers: readonly Layer[], full: boolean): [number, number] {
  let [low, high] = [0, 0];
  for (const layer of layers) {
    for (let i = full ? 0 : Math.floor(layer.high.length / 20); i < layer.high.length; i++) {
      if (layer.high[i]! > high) high = layer.high[i]!;
      if (layer.low[i]! < low) low = layer.low[i]!;
    }
  }
  const span = high - low || 1;
  return [low - (low < 0 ? 0.05 * span : 0), high + 0.05 * span];
}
