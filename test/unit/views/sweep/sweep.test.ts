import { describe, expect, it, vi } from 'vitest';
import { bundle } from '../../../../kernel/views/bundle';
import { decode } from '../../../../kernel/views/encoding';
import { canvasLibrary } from '../../../../kernel/views/png/canvas';
import { curveChart } from '../../../../kernel/views/sweep/charts/curveChart';
import { colouring } from '../../../../kernel/views/sweep/charts/colouring';
import { usualChoices } from '../../../../kernel/views/sweep/charts/choices';
import { frontChart } from '../../../../kernel/views/sweep/charts/frontChart';
import { metricChart } from '../../../../kernel/views/sweep/charts/metricChart';
import { parallelAxis } from '../../../../kernel/views/sweep/charts/parallel';
import { scaleOf } from '../../../../kernel/views/sweep/charts/scale';
import { sweepChange } from '../../../../kernel/views/sweep/change';
import { onGrid } from '../../../../kernel/views/sweep/curves';
import { changedData, columnOf, sweepData } from '../../../../kernel/views/sweep/data';
import type { Column, Value } from '../../../../kernel/views/sweep/data';
import { settingsOf, varying } from '../../../../kernel/views/sweep/settings';
import { bestRuns, encodeSweep, plainSweep } from '../../../../kernel/views/sweep/sweep';
import type { SweepInput } from '../../../../kernel/views/sweep/sweep';
import { MIME } from '../../../../kernel/views/types';
import { BETAS, SEEDS, sweepInput, sweepView, thousandRuns } from '../../../renderer/support/sweepViews';

const column = (values: Value[], kind: Column['kind'] = 'parameter'): Column => ({
  name: 'x',
  kind,
  better: null,
  values,
});
const median = (values: number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** The first eight runs; one has failed. */
const few = () =>
  sweepInput().runs.slice(0, 8).map((run) => (run.number === 3 ? { ...run, state: 'failed' as const, metrics: {}, curves: [] } : run)); // prettier-ignore

describe('a sweep as plain data', () => {
  it('is what its runs were, to the precision of float32', () => {
    const input = sweepInput();
    const data = sweepData(encodeSweep(plainSweep(input)), decode);
    input.runs.forEach((run, i) => {
      expect(columnOf(data, 'beta')!.values[i]).toBe(run.parameters['beta']);
      expect(columnOf(data, 'seed')!.values[i]).toBe(run.seed);
      expect(columnOf(data, 'hidden')!.values[i]).toBe('[400,200]');
      const elbo = columnOf(data, 'elbo')!.values[i] as number;
      expect(Math.abs(elbo / run.metrics['elbo']! - 1)).toBeLessThan(1e-6);
    });
    expect(varying(data).map(({ name }) => name)).toEqual(['beta']);
  });

  it('says in a sentence how many runs there are and which one is best', () => {
    const input = sweepInput();
    const best = input.runs.reduce((most, run) => (run.metrics['elbo']! > most.metrics['elbo']! ? run : most));
    const { summary } = plainSweep(input);
    const setting = `beta ${String(best.parameters['beta'])}, seed ${best.seed}`;
    expect(summary).toMatch(/^40 runs: 40 done\. Highest elbo: −\d+\.\d+ in run \d+ \(/);
    expect(summary).toContain(`in run ${best.number} (${setting}).`);
  });

  it('takes less than 300 kB with its picture, of a thousand runs too', () => {
    for (const view of [sweepView(), thousandRuns()]) {
      const bundled = bundle(MIME.sweep, view);
      expect(bundled['image/png']).toBeTruthy();
      expect(JSON.stringify(bundled).length).toBeLessThan(300_000);
    }
  });

  it.each([
    ['39 done, 1 failed', sweepView('some'), 'The 10 best of 40 runs, highest elbo first'],
    ['1000 done', thousandRuns(), 'The 10 best of 1,000 runs, highest elbo first'],
    [
      '7 done, 1 failed',
      encodeSweep(plainSweep({ ...sweepInput('few'), runs: few() })),
      '8 runs, highest elbo first; 1 without a value left out',
    ],
  ])('says in its picture of %s which of them the table has, and what the view says of all', (states, view, head) => {
    const context = canvasLibrary().createCanvas(1, 1).getContext('2d');
    const drawn = vi.spyOn(Object.getPrototypeOf(context) as typeof context, 'fillText');
    const bundled = bundle(MIME.sweep, view);
    const texts = drawn.mock.calls.map(([text]) => text);
    drawn.mockRestore();
    expect(bundled['image/png']).toBeTruthy();
    expect(texts).toContain(head);
    const below = texts.slice(texts.indexOf(head)).join(' ');
    expect(below).toContain(`${states}. Highest elbo`);
    expect(below).toContain('their quartiles.');
  });

  it('tells what has changed, and nothing where nothing has', () => {
    const state = (values: number, isDone: boolean) =>
      plainSweep(
        sweepInput('live', (run) => {
          if (run.number === 40)
            return { ...run, state: 'waiting', metrics: {}, curves: [], notebook: false, lastStep: 0 };
          if (run.number !== 7) return run;
          const curves = run.curves.map((curve) => ({
            ...curve,
            steps: Array.from(curve.steps).slice(0, values),
            values: Array.from(curve.values).slice(0, values),
          }));
          return {
            ...run,
            state: isDone ? 'done' : 'running',
            metrics: isDone ? run.metrics : {},
            notebook: isDone,
            curves,
          };
        }),
      );
    const [one, two, end] = [state(20, false), state(30, false), state(60, true)];
    expect(sweepChange(one, state(20, false), 1)).toBeNull();
    const change = sweepChange(one, two, 1)!;
    expect(change.runs.map(({ run }) => run)).toEqual([6]);
    expect(JSON.stringify(change).length).toBeLessThan(JSON.stringify(encodeSweep(two)).length / 10);
    const ended = sweepChange(two, end, 2)!;
    // The changes bring a reader to where the whole view would.
    const known = sweepData(encodeSweep(one), decode);
    const told = changedData(known, [...change.runs, ...ended.runs], decode);
    const whole = sweepData(encodeSweep(end), decode);
    expect(told.columns).toEqual(whole.columns);
    expect(told.states).toEqual(whole.states);
    expect(told.notebooks).toEqual(whole.notebooks);
    told.curves.forEach(({ values }, i) =>
      expect([...Array.from(values)]).toEqual(Array.from(whole.curves[i]!.values)),
    );
    // Only the whole view can bring another column.
    const more = plainSweep(sweepInput('live', (run) => ({ ...run, metrics: { ...run.metrics, mig: 0.3 } })));
    expect(sweepChange(one, more, 1)).toBeUndefined();
  });

  it('has its curves as means over strides, on straight lines where a stride has no value', () => {
    const [steps, values] = [
      [1, 2, 3, 4, 20, 30],
      [1, 3, 5, null, 10, 20],
    ];
    const grid = onGrid({ name: 'total', split: 'train', steps, values }, 5, 8);
    expect(grid[0]).toBe(3);
    // Between (4, none) there is nothing known; between 20 and 30 the middle is 15.
    expect(grid[1]).toBeNaN();
    expect([grid[3], grid[4], grid[5]]).toEqual([10, 15, 20]);
    expect([grid[6], grid[7]]).toEqual([NaN, NaN]);
  });

  it('ranks runs by metrics whose way is known', () => {
    const sweep = plainSweep(sweepInput());
    const [first] = bestRuns(sweep);
    const elbos = sweep.metrics.find(({ name }) => name === 'elbo')!.values;
    expect(first).toEqual({ run: elbos.indexOf(Math.max(...elbos)), metric: 'elbo' });
  });
});

describe('a sweep whose metrics say little', () => {
  const withMetrics = (metrics: (run: number) => Record<string, number | null>, named: SweepInput['metrics'] = []) =>
    plainSweep({ ...sweepInput('little', (run) => ({ ...run, metrics: metrics(run.number) })), metrics: named });
  const elbo = { name: 'elbo', better: 'higher' } as const;

  it('says that no value is finite, and not that nothing was measured', () => {
    expect(withMetrics(() => ({})).summary).toBe('40 runs: 40 done. Nothing has been measured yet.');
    const none = withMetrics(() => ({ elbo: NaN, mig: null }), [elbo]);
    expect(none.summary).toBe('40 runs: 40 done. No value that was reported is finite.');
    expect(encodeSweep(none).noneFinite).toBe(true);
    // A reader who knows the view from before hears of it.
    expect(
      sweepChange(
        withMetrics(() => ({}), [elbo]),
        withMetrics(() => ({ elbo: NaN }), [elbo]),
        1,
      ),
    ).toBeUndefined();
  });

  it('says which metric has no finite value where others have', () => {
    const some = withMetrics((run) => ({ elbo: NaN, loss: run }), [elbo]);
    expect(some.summary).toMatch(/Lowest loss: 1 in run 1/);
    expect(some.notes).toEqual(['No value of elbo is finite.']);
    expect(withMetrics((run) => ({ loss: run }), [elbo]).notes).toEqual([]);
  });

  it('keeps metrics called as other columns are, as results.parquet calls them', () => {
    const sweep = withMetrics(
      (run) => ({ seconds: 1000 - run, beta: run, seed: -run }),
      [{ name: 'seconds', better: null }],
    );
    const data = sweepData(encodeSweep(sweep), decode);
    expect(columnOf(data, 'metrics.seconds')!.values[0]).toBe(999);
    expect(columnOf(data, 'metrics.beta')!.values[3]).toBe(4);
    expect(columnOf(data, 'metrics.seed')!.values[3]).toBe(-4);
    expect(columnOf(data, 'seconds')!.values[0]).toBeLessThan(40);
    expect(columnOf(data, 'beta')!.values[0]).toBe(BETAS[0]);
    expect(sweep.metric).toBe('metrics.seconds');
    expect(sweep.summary).toContain('Lowest metrics.seconds: 960 in run 40');
    const parameters = { state: 'solid', seconds: 3 };
    const named = plainSweep(sweepInput('named', (run) => ({ ...run, parameters })));
    expect(named.parameters.map(({ name }) => name)).toEqual(['parameters.state', 'parameters.seconds', 'seed']);
  });

  it('has no best run by a metric whose way nobody knows, and says so', () => {
    const sweep = withMetrics((run) => ({ spread: (run * 7) % 40 }));
    expect(sweep.summary).toBe(
      '40 runs: 40 done. It is not known whether lower or higher spread is better; its values go from 0 to 39.',
    );
    const view = encodeSweep(sweep);
    expect(usualChoices(view, sweepData(view, decode)).better).toBeNull();
    // The reader may choose either way, also where no kernel is there to be asked for a picture.
    expect(bestRuns(sweep).map(({ run }) => sweep.metrics[0]!.values[run])).toEqual([0, 39]);
    const context = canvasLibrary().createCanvas(1, 1).getContext('2d');
    const drawn = vi.spyOn(Object.getPrototypeOf(context) as typeof context, 'fillText');
    bundle(MIME.sweep, view);
    const texts = drawn.mock.calls.map(([text]) => text);
    drawn.mockRestore();
    expect(texts).toContain('The first 10 of 40 runs');
    expect(texts).not.toContain('Pareto front');
  });

  it('has no front of a metric whose way nobody knows', () => {
    const data = sweepData(encodeSweep(withMetrics((run) => ({ spread: run, loss: run }))), decode);
    const [x, y] = [columnOf(data, 'spread')!, columnOf(data, 'loss')!];
    const runs = [0, 1, 2];
    const colours = colouring(columnOf(data, 'beta')!, 'light');
    const { chart, front } = frontChart(data, runs, { x, y, wayX: x.better, wayY: y.better, colours });
    expect([x.better, y.better, front, chart.lines, chart.points.length]).toEqual([null, 'lower', [], [], 3]);
  });
});

describe('axes of columns', () => {
  it.each<[string, Value[], 'linear' | 'log' | 'category']>([
    ['powers of two', [0.25, 0.5, 1, 2, 4, 8, 16, 32], 'log'],
    ['decades', [1e-4, 1e-3, 1e-2], 'log'],
    ['whole numbers', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 'linear'],
    ['with a zero', [0, 1, 10, 100], 'linear'],
    ['equal ratios within a decade', [1, 2, 4, 8], 'log'],
    ['unequal ones within a decade', [1, 2, 3, 5, 8], 'linear'],
    ['many drawn by their logarithms', Array.from({ length: 300 }, (_, i) => 10 ** (-4 + (4 * i) / 299)), 'log'],
    ['many drawn evenly', Array.from({ length: 300 }, (_, i) => 0.01 + i), 'linear'],
    ['words', ['adam', 'sgd', null], 'category'],
    ['yes and no', [true, false], 'category'],
  ])('%s', (_, values, kind) => {
    expect(scaleOf(column(values)).kind).toBe(kind);
  });

  it('place values between foot and head, and nothing where there is none', () => {
    const { shares, ticks } = parallelAxis(column([1, 10, 100, null, 1000]));
    [0, 1 / 3, 2 / 3].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 10));
    expect([shares[3], shares[4]]).toEqual([NaN, 1]);
    expect(ticks.map(({ text }) => text)).toEqual(['1', '10', '100', '1000']);
  });

  it('colour what is higher otherwise, and what has no value in grey', () => {
    const { of, entries } = colouring(column([1, 10, 100, null]), 'light');
    expect(new Set([of(0), of(1), of(2), of(3)]).size).toBe(4);
    expect(entries.map(({ value }) => value)).toEqual([1, 10, 100]);
    expect(of(3)).toBe('#a8acb2');
  });
});

describe('panels', () => {
  const data = sweepData(encodeSweep(plainSweep(sweepInput())), decode);
  const all = Array.from({ length: data.count }, (_, i) => i);
  const colours = colouring(columnOf(data, 'beta')!, 'light');

  it('group runs that differ in their seeds alone', () => {
    const settings = settingsOf(varying(data), all);
    expect(settings.map(({ values }) => values[0])).toEqual(BETAS);
    expect(settings.every(({ runs }) => runs.length === SEEDS.length)).toBe(true);
  });

  it('draw the median of each setting and the quartiles about it', () => {
    const curve = data.curves.find(({ name, split }) => name === 'kl' && split === 'validation')!;
    const chart = curveChart(data, all, { curve, by: 'step', each: false, settings: varying(data), colours });
    expect(chart.lines.map(({ name }) => name)).toEqual(BETAS.map((beta) => `beta ${beta}`));
    const [line, band] = [chart.lines[3]!, chart.bands[3]!];
    const rows = [15, 16, 17, 18, 19].map((run) =>
      Array.from(curve.values).slice(run * curve.points, (run + 1) * curve.points),
    );
    Array.from(line.y).forEach((value, i) => {
      const point = Math.round(Number(line.x[i]) / curve.stride) - 1;
      const ones = rows.map((row) => row[point]!).sort((a, b) => a - b);
      expect(value).toBe(median(ones));
      // The quartiles of five numbers are the second and the fourth.
      expect([band.low[i], band.high[i]]).toEqual([ones[1], ones[3]]);
    });
    const byEpoch = curveChart(data, all, { curve, by: 'epoch', each: true, settings: varying(data), colours });
    expect(byEpoch.lines).toHaveLength(BETAS.length + data.count);
    expect(byEpoch.x.range[1]).toBeCloseTo((1200 / 120) * 1.01, 1);
  });

  it('draw a metric against a parameter with bars from quartile to quartile', () => {
    const [beta, elbo] = [columnOf(data, 'beta')!, columnOf(data, 'elbo')!];
    const { bars, lines, points, x } = metricChart(all, beta, elbo, colours);
    expect(points).toHaveLength(40);
    expect(bars).toHaveLength(BETAS.length);
    bars.forEach(({ x: at, low, middle, high }, i) => {
      expect(10 ** at).toBeCloseTo(BETAS[i]!, 10);
      const ones = (elbo.values.slice(5 * i, 5 * i + 5) as number[]).sort((a, b) => a - b);
      expect([low, middle, high]).toEqual([ones[1], ones[2], ones[3]]);
    });
    expect(Array.from(lines[0]!.y)).toEqual(bars.map(({ middle }) => middle));
    expect(x.ticks(x.range, 12).map(({ text }) => text)).toEqual(BETAS.map(String));
  });
});
