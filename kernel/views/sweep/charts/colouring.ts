/** The colour of each run by a column: on a scale for numbers, one each for categories. */
import { CATEGORIES_ON_DARK, CATEGORIES_ON_LIGHT } from '../../categories';
import { hexOf, scaleColours, scaleStep, WITHOUT_VALUE } from '../../scatter/colourScale';
import type { Column, Value } from '../data';
import { distinctNumbers, placeOf, scaleOf } from './scale';
import type { ColumnScale } from './scale';
import { RUN_STATES } from '../../types';

type Ground = 'light' | 'dark';

export interface Colouring {
  column: Column;
  scale: ColumnScale;
  /** The colour of a run, by its place. */
  of(run: number): string;
  /** The colour of a value. */
  ofValue(value: Value): string;
  /** The colour of what stands for all runs. */
  neutral: string;
  /** Values with their colours, where they are few; else the legend is the scale. */
  entries: readonly { value: Value; colour: string }[];
}

const NEUTRAL = { light: '#57606a', dark: '#9da7b3' };

/** Distinct numbers that a legend lists. */
const LISTED = 10;

export function colouring(column: Column, ground: Ground): Colouring {
  const scale = scaleOf(column);
  const categories = ground === 'dark' ? CATEGORIES_ON_DARK : CATEGORIES_ON_LIGHT;
  const none = hexOf(WITHOUT_VALUE[ground]);
  const ofValue = (value: Value): string => {
    const place = placeOf(scale, value);
    if (!Number.isFinite(place)) return none;
    if (column.kind === 'state') return categories[RUN_STATES.indexOf(value as never) % categories.length]!;
    if (scale.kind === 'category') return categories[place % categories.length]!;
    return hexOf(scaleColours(ground)[scaleStep(place, [scale.low, scale.high])] ?? WITHOUT_VALUE[ground]);
  };
  const known = new Map<Value, string>();
  const cached = (value: Value) => {
    const colour = known.get(value) ?? ofValue(value);
    known.set(value, colour);
    return colour;
  };
  const numbers = scale.kind === 'category' ? scale.categories : distinctNumbers(column);
  const entries = numbers.length <= LISTED ? numbers.map((value) => ({ value, colour: cached(value) })) : [];
  return {
    column,
    scale,
    of: (run) => cached(column.values[run] ?? null),
    ofValue: cached,
    neutral: NEUTRAL[ground],
    entries,
  };
}
