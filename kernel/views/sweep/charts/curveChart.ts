/** The course of a term in many runs: the median of each setting over its seeds, and the half of them about it. */
import { linearTicks } from '../../ticks';
import type { Column, DataCurve, SweepData } from '../data';
import { placeIn } from '../data';
import { settingName, settingsOf } from '../settings';
import { quartiles } from '../statistics';
import { rangeOf } from './chart';
import type { Chart, ChartBand, ChartLine } from './chart';
import type { Colouring } from './colouring';

export interface CurveChoices {
  curve: DataCurve;
  by: 'step' | 'epoch';
  /** Whether each run is drawn, and not only its setting. */
  each: boolean;
  /** What runs of one setting agree in. */
  settings: readonly Column[];
  colours: Colouring;
}

/** More settings than these are thin lines without bands. */
export const MANY = 24;
/** The first part of a training, which may be left out of the range of an axis. */
const BEGINNING = 0.05;

export function curveChart(data: SweepData, runs: readonly number[], choices: CurveChoices): Chart {
  const { curve, by, each, settings, colours } = choices;
  const present = runs.filter((run) => placeIn(curve.runs, run) >= 0);
  const groups = settingsOf(settings, present);
  const isMany = groups.length > MANY;
  const bands: ChartBand[] = [];
  const lines: ChartLine[] = [];
  for (const { values, runs: ones } of groups) {
    const name = settingName(settings, values) || 'all runs';
    const colour = colours.of(ones[0]!);
    if (each && ones.length > 1) {
      for (const run of ones)
        lines.push({
          ...runLine(data, curve, run, by),
          name: `run ${data.numbers[run]!}`,
          colour: `${colours.of(run)}90`,
          width: 0.8,
        });
    }
    const { line, band } = medianOf(data, curve, ones, by);
    if (ones.length > 1 && !isMany) bands.push({ ...band, name: `spread ${name}`, colour });
    lines.push({ ...line, name, colour, width: isMany ? 1 : 1.8 });
  }
  const shown = [
    ...lines,
    ...bands.flatMap(({ x, low, high }) => [
      { x, y: low },
      { x, y: high },
    ]),
  ];
  const title = `${curve.split} ${curve.name}`;
  return {
    x: {
      title: by === 'step' ? 'optimizer step' : 'epoch',
      range: [0, Math.max(...lines.map(({ x }) => Number(x[x.length - 1] ?? 0)), 0) * 1.01 || 1],
      ticks: (range, count) => linearTicks(...range, count, { whole: by === 'step' }),
    },
    y: { title, range: rangeOf(laterValues(shown)), ticks: (range, count) => linearTicks(...range, count) },
    ...{ bands, lines, bars: [], points: [], labels: [] },
    ...(lines.length === 0 && { empty: `No run has a curve of ${title} yet.` }),
  };
}

/** One run's own curve, without places where it has no value. */
export function runLine({ stepsPerEpoch }: SweepData, curve: DataCurve, run: number, by: 'step' | 'epoch') {
  const row = placeIn(curve.runs, run);
  const unit = by === 'epoch' && stepsPerEpoch[run]! > 0 ? stepsPerEpoch[run]! : 1;
  const [x, y]: [number[], number[]] = [[], []];
  for (let point = 0; row >= 0 && point < curve.points; point++) {
    const value = curve.values[row * curve.points + point]!;
    if (!Number.isFinite(value)) continue;
    x.push(((point + 1) * curve.stride) / unit);
    y.push(value);
  }
  return { x, y };
}

/**
 * At each place of the grid, over the runs that have a value there. The runs of a setting are in step: where their epochs have
 * as many steps, the grid is one in epochs too.
 */
function medianOf(data: SweepData, curve: DataCurve, runs: readonly number[], by: 'step' | 'epoch') {
  const unit = by === 'epoch' && data.stepsPerEpoch[runs[0]!]! > 0 ? data.stepsPerEpoch[runs[0]!]! : 1;
  const rows = runs.map((run) => placeIn(curve.runs, run));
  const [x, median, low, high]: number[][] = [[], [], [], []];
  for (let point = 0; point < curve.points; point++) {
    const found = quartiles(rows.map((row) => curve.values[row * curve.points + point]!));
    if (found.count === 0) continue;
    x!.push(((point + 1) * curve.stride) / unit);
    median!.push(found.median);
    low!.push(found.low);
    high!.push(found.high);
  }
  return { line: { x: x!, y: median! }, band: { x: x!, low: low!, high: high! } };
}

function* laterValues(lines: readonly { x: ArrayLike<number>; y: ArrayLike<number> }[]): Generator<number> {
  for (const { y } of lines) for (let i = Math.ceil(y.length * BEGINNING); i < y.length; i++) yield y[i]!;
}
