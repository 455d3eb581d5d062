/** A metric against a parameter: each run, and the median with the half of the runs about it at each value. */
import type { Column } from '../data';
import { settingsOf } from '../settings';
import { quartiles } from '../statistics';
import { columnAxis } from './chart';
import type { Chart, ErrorBar } from './chart';
import type { Colouring } from './colouring';
import { placesOf, scaleOf } from './scale';

/** Distinct values over which a line is drawn. */
const GRID = 40;
/** Distinct values of the colour that divide the runs into series. */
const SERIES = 8;

export function metricChart(runs: readonly number[], x: Column, y: Column, colours: Colouring): Chart {
  const [across, up] = [scaleOf(x), scaleOf(y)];
  const [placesX, placesY] = [placesOf(across, x), placesOf(up, y)];
  const shown = runs.filter((run) => Number.isFinite(placesX[run]) && Number.isFinite(placesY[run]));
  const isGrid = new Set(shown.map((run) => x.values[run])).size <= GRID && x.kind !== 'metric';
  const bars: ErrorBar[] = [];
  const lines = !isGrid
    ? []
    : seriesOf(shown, x, colours).map(({ name, runs: ones, colour }) => {
        const own = settingsOf([x], ones)
          .map(({ runs: at }) => ({ x: placesX[at[0]!]!, ...quartiles(at.map((run) => placesY[run]!)) }))
          .sort((a, b) => a.x - b.x);
        for (const { x: at, low, median, high, count } of own)
          if (count > 1) bars.push({ x: at, low, middle: median, high, colour });
        return { name, x: own.map((one) => one.x), y: own.map(({ median }) => median), colour, width: 1.8 };
      });
  return {
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
    ...{ bands: [], lines, bars, labels: [] },
    points: shown.map((run) => ({ run, x: placesX[run]!, y: placesY[run]!, colour: colours.of(run) })),
    ...(shown.length === 0 && { empty: emptyText(x, y) }),
  };
}

/** The colours divide the runs where they are few and of another parameter. */
function seriesOf(runs: readonly number[], x: Column, colours: Colouring) {
  const { column } = colours;
  const parts = settingsOf([column], runs);
  const divides = column.kind === 'parameter' && column.name !== x.name && parts.length <= SERIES;
  if (!divides) return [{ name: 'median', runs, colour: colours.neutral }];
  return parts.map(({ values, runs: ones }) => ({
    ...{ name: `median, ${column.name} ${String(values[0])}`, runs: ones, colour: colours.of(ones[0]!) },
  }));
}

function emptyText(x: Column, y: Column): string {
  const none = [x, y].find((column) => column.values.every((value) => value === null));
  return none ? `No run has a value of ${none.name} yet.` : `No visible run has both ${x.name} and ${y.name}.`;
}
