import { describe, expect, it } from 'vitest';
import { TrainingHistory } from '../../../../../kernel/autoencoders/index';
import { LastRuns } from '../../../../../kernel/session/show/runs/lastRuns';
import type { Execution } from '../../../../../kernel/session/run/execution';
import { lastRunOf } from '../../../../../kernel/views/index';
import { decode } from '../../../../../kernel/views/encoding';

let executions = 0;
const runOf = (source: string) => ({ id: `run ${++executions}`, message: { source, cellName: 'cell 1' } }) as Execution;

function trained(end: number, { unit = 'nats', steps = 20, beta = 1, terms = ['total'] } = {}): TrainingHistory {
  const place = { step: 0, epoch: 1, epochs: 2, before: { steps: 0, epochs: 0 } };
  const settings = { model: 'VAE', config: { beta }, options: {} };
  const history = new TrainingHistory('VAE', unit, steps / 2, place, { settings, weights: {} });
  for (let step = 1; step <= steps; step++) {
    history.recordStep(step, Object.fromEntries(terms.map((term) => [term, end + steps - step])), {}, 8);
    if (step % (steps / 2) === 0) history.endEpoch();
  }
  history.end('done');
  return history;
}

function train(runs: LastRuns, execution: Execution, history: TrainingHistory) {
  const { last, end } = runs.begin(execution, history);
  end();
  return last;
}

describe('the last run of a cell', () => {
  it('is what the same cell trained before, with what has changed since', () => {
    const runs = new LastRuns();
    expect(train(runs, runOf('a'), trained(100, { beta: 1 }))).toBeUndefined();
    const last = train(runs, runOf('a'), trained(90, { beta: 4 }))!;
    expect(last.note).toBe('Changed since the last run of this cell: beta 1 → 4.');
    expect(last.series.map(({ name, last: end }) => [name, end])).toEqual([['total', 104.5]]);
    expect([...decode(last.series[0]!.means)]).toEqual(Array.from({ length: 20 }, (_, i) => 119 - i));
    expect(train(runs, runOf('a'), trained(80, { beta: 4 }))!.note).toContain('had the same settings');
  });

  it('is none of another cell, and none of another unit', () => {
    const runs = new LastRuns();
    train(runs, runOf('a'), trained(100));
    expect(train(runs, runOf('b'), trained(90))).toBeUndefined();
    expect(train(runs, runOf('a'), trained(90, { unit: 'bits' }))).toBeUndefined();
  });

  it('is, of a cell with several trainings, the one at the same place', () => {
    const runs = new LastRuns();
    const [first, again] = [runOf('a'), runOf('a')];
    for (const end of [100, 200]) train(runs, first, trained(end));
    const ends = [101, 201].map((end) => train(runs, again, trained(end))!.series[0]!.last);
    expect(ends).toEqual([104.5, 204.5]);
  });

  it('stays the last one where a run failed before its training began', () => {
    const runs = new LastRuns();
    train(runs, runOf('a'), trained(100));
    // A run whose training never took a step.
    const place = { step: 0, epoch: 1, epochs: 2, before: { steps: 0, epochs: 0 } };
    train(runs, runOf('a'), new TrainingHistory('VAE', 'nats', 10, place));
    expect(train(runs, runOf('a'), trained(90))!.series[0]!.last).toBe(104.5);
  });

  it('takes 60 kB in the notebook at most, however many terms and steps there were', () => {
    for (const count of [1, 4, 30, 400]) {
      const terms = ['total', ...Array.from({ length: count - 1 }, (_, i) => `term ${i}`)];
      const run = lastRunOf(trained(100, { steps: 4000, terms }))!;
      expect(JSON.stringify(run).length).toBeLessThanOrEqual(60_000);
      expect(run.series[0]!.name).toBe('total');
      // A mean of stretches with their sizes is the mean of all.
      const [means, sizes] = [[...decode(run.series[0]!.means)], [...decode(run.series[0]!.sizes)]];
      const sum = sizes.reduce((all, size) => all + size, 0);
      expect(means.reduce((all, mean, i) => all + mean * sizes[i]!, 0) / sum).toBeCloseTo(100 + 1999.5, 1);
    }
  });
});
