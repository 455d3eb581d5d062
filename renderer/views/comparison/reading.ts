/** What the curves of a term say at a place, and in words. */
import { valueAt } from '../../../kernel/views/comparing';
import { count, quantity, reading } from '../../numbers';
import type { Alignment, GroupLine } from '../../../kernel/figures/comparison/data';

export interface GroupReading {
  group: number;
  split: 'train' | 'validation';
  /** The mean over the runs of the group. */
  value: number;
  /** One standard deviation over them; NaN of a single run. */
  deviation: number;
  /** Each run; empty of a single one. */
  runs: number[];
}

/** The groups that have a value there. */
export function readingsAt(lines: readonly GroupLine[], at: number): GroupReading[] {
  return lines.flatMap(({ group, split, curve: { x, mean, deviation }, runs }): GroupReading[] => {
    const value = valueAt({ x, y: mean }, at);
    const each = runs.length > 1 ? runs.map((run) => valueAt(run, at)) : [];
    if (!Number.isFinite(value) && !each.some(Number.isFinite)) return [];
    return [{ group, split, value, deviation: valueAt({ x, y: deviation }, at), runs: each }];
  });
}

/** `239.4 ± 2.1`, or, while some runs continue, `2 of 3 runs: 237.9, 241.1`. */
export function valueText({ value, deviation }: GroupReading): string {
  if (!Number.isFinite(value)) return '–';
  const spread = Number.isFinite(deviation) ? ` ± ${quantity(Number(deviation.toPrecision(2)))}` : '';
  return `${reading(value)}${spread}`;
}

export function runsText({ runs }: GroupReading): string {
  return runs.map((value) => (Number.isFinite(value) ? reading(value) : '–')).join(' · ');
}

/** `step 1,200`, `epoch 3.25`, `12.4 s`. */
export function placeText(at: number, alignment: Alignment): string {
  if (alignment === 'step') return `step ${count(Math.round(at))}`;
  return alignment === 'epoch' ? `epoch ${at.toFixed(2)}` : `${reading(at)} s`;
}

/** All of it as a sentence. */
export function spokenReading(
  term: string,
  place: string,
  groups: readonly string[],
  readings: readonly GroupReading[],
): string {
  if (readings.length === 0) return `${term}, ${place}: no run has a value here.`;
  const parts = readings.map((one) => {
    const name = `${groups[one.group]!}${one.split === 'validation' ? ', validation' : ''}`;
    const each = one.runs.length > 0 ? ` (runs ${runsText(one).replaceAll(' · ', ', ')})` : '';
    return `${name} ${valueText(one)}${each}`;
  });
  return `${term}, ${place}: ${parts.join('; ')}.`;
}
