/** How a training is steered, beside what it minimises: gradient norm, learning rate, weights, samples a second. */
import { smoothedCurve } from '../smoothing';
import type { SmoothedCurve } from '../smoothing';
import type { NamedCurve } from './stacked';

export interface Steering<C extends NamedCurve = NamedCurve> {
  title: string;
  curves: C[];
  /** Whether it is noise about a course, and so is smoothed. */
  isNoisy: boolean;
  /** Whether its axis begins at 0. */
  fromZero: boolean;
}

/** Learning rates are a thousandth of a weight: on one axis they would be zero. */
export function isRate({ name }: { name: string }): boolean {
  return name.startsWith('learning rate');
}

/** What there is to show beside the terms; nothing where that is the weights alone, which stand beside the terms already. */
export function steeringOf<C extends NamedCurve>(measures: readonly C[], schedules: readonly C[]): Steering<C>[] {
  if (measures.length === 0 && !schedules.some(isRate)) return [];
  const measure = (name: string) => measures.filter((one) => one.name === name);
  // Where groups of weights have their own rates, they stand beside that of the others.
  const scheduled = schedules.filter(isRate);
  const rates = [...measure('learning rate'), ...scheduled.filter(({ name }) => name !== 'learning rate')];
  const weights = schedules.filter((schedule) => schedule.steps.length > 0 && !isRate(schedule));
  const all: Steering<C>[] = [
    { title: 'gradient norm', curves: measure('gradient norm'), isNoisy: true, fromZero: true },
    { title: 'learning rate', curves: rates.length > 0 ? rates : scheduled, isNoisy: false, fromZero: true },
    { title: 'weights of terms', curves: weights, isNoisy: false, fromZero: true },
    { title: 'samples a second', curves: measure('samples per second'), isNoisy: true, fromZero: true },
  ];
  return all.filter(({ curves }) => curves.some(({ steps }) => steps.length > 0));
}

/** Its stretches are all of one length, which their steps tell. */
export function averaged({ steps, values }: NamedCurve, weight: number): SmoothedCurve {
  const size = steps.length > 1 ? steps[1]! - steps[0]! : 1;
  return smoothedCurve({ steps, values }, weight ** Math.max(1, size));
}

export function steeringRange(values: readonly number[], fromZero: boolean): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b), fromZero ? 0 : Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), low);
  return high > low ? [low, high + 0.08 * (high - low)] : [low, low + 1];
}
