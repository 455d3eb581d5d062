/** Two metrics of each run, and those runs that no other run beats in both. */
import type { Column, SweepData } from '../data';
import { numbersOf } from '../data';
import { paretoFront } from '../pareto';
import { columnAxis } from './chart';
import type { Chart } from './chart';
import type { Better } from '../../types';
import type { Colouring } from './colouring';
import { placesOf, scaleOf } from './scale';

export interface FrontChoices {
  x: Column;
  y: Column;
  /** Which way is better; null if that is not known: then there is no front. */
  wayX: Better;
  wayY: Better;
  colours: Colouring;
}

/** @returns the chart, and the runs of the front from the best x to the worst */
export function frontChart(
  data: SweepData,
  runs: readonly number[],
  choices: FrontChoices,
): { chart: Chart; front: number[] } {
  const { x, y, wayX, wayY, colours } = choices;
  const [across, up] = [scaleOf(x), scaleOf(y)];
  const [placesX, placesY] = [placesOf(across, x), placesOf(up, y)];
  const shown = runs.filter((run) => Number.isFinite(placesX[run]) && Number.isFinite(placesY[run]));
  const front =
    wayX === null || wayY === null ? [] : paretoFront(numbersOf(x), numbersOf(y), sign(wayX), sign(wayY), shown);
  const chart: Chart = {
    x: columnAxis(
      x,
      across,
      shown.map((run) => placesX[run]!),
    ),
    y: columnAxis(
      y,
      up,
      shown.map((run) => placesY[run]!),
    ),
    ...{ bands: [], bars: [] },
    lines:
      front.length > 0 && wayX !== null
        ? [{ ...stairs(front, placesX, placesY, wayX), name: 'front', colour: colours.neutral, width: 1.6 }]
        : [],
    points: shown.map((run) => ({ run, x: placesX[run]!, y: placesY[run]!, colour: colours.of(run) })),
    labels: front.map((run) => ({ x: placesX[run]!, y: placesY[run]!, text: String(data.numbers[run]!) })),
    ...(shown.length === 0 && { empty: `No visible run has both ${x.name} and ${y.name}.` }),
  };
  return { chart, front };
}

const sign = (way: 'lower' | 'higher') => (way === 'lower' ? -1 : 1);

/** What is reached is bounded by corners: between two runs of the front nothing better than both is known. */
function stairs(front: readonly number[], x: Float64Array, y: Float64Array, wayX: 'lower' | 'higher') {
  const order = wayX === 'lower' ? front : [...front].reverse();
  const [xs, ys]: [number[], number[]] = [[], []];
  for (const [i, run] of order.entries()) {
    const before = order[i - 1];
    if (before !== undefined) {
      const isCornerAhead = wayX === 'lower';
      xs.push(isCornerAhead ? x[run]! : x[before]!);
      ys.push(isCornerAhead ? y[before]! : y[run]!);
    }
    xs.push(x[run]!);
    ys.push(y[run]!);
  }
  return { x: xs, y: ys };
}
