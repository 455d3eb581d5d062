import { describe, expect, it } from 'vitest';
import { TrainingHistory } from '../../../../../kernel/autoencoders/index';
import { mean } from '../../data';

const newHistory = (stepsPerEpoch: number, epochs: number) =>
  new TrainingHistory('a model', 'nats per image', stepsPerEpoch, {
    ...{ step: 0, epoch: 1, epochs, before: { steps: 0, epochs: 0 } },
  });

describe('a training history', () => {
  it('holds every term by step, and validation by epoch', () => {
    const history = newHistory(2, 1);
    history.recordStep(1, { kl: 1, total: 3 }, { β: 0.5 }, 10);
    history.recordStep(2, { kl: 2, total: 5 }, { β: 1 }, 10);
    history.recordValidation(2, { kl: 4, total: 6 });
    expect(history.series).toEqual([
      { name: 'kl', split: 'train', steps: [1, 2], values: [1, 2] },
      { name: 'total', split: 'train', steps: [1, 2], values: [3, 5] },
      { name: 'kl', split: 'validation', steps: [2], values: [4] },
      { name: 'total', split: 'validation', steps: [2], values: [6] },
    ]);
    expect(history.schedules).toEqual([{ name: 'β', steps: [1, 2], values: [0.5, 1] }]);
  });

  it('ends with the means of the last whole epoch, each batch by its size', () => {
    const history = newHistory(2, 3);
    for (const [step, loss, samples] of [
      [1, 9, 4],
      [2, 9, 4],
    ] as const) {
      history.recordStep(step, { total: loss }, {}, samples);
    }
    history.endEpoch();
    history.recordStep(3, { total: 1 }, {}, 6);
    history.recordStep(4, { total: 5 }, {}, 2);
    history.recordValidation(4, { total: 2.5 });
    history.endEpoch();
    history.recordStep(5, { total: 100 }, {}, 8);
    history.end('cancelled');
    expect(history.final).toEqual({ train: { total: 2 }, validation: { total: 2.5 } });
  });

  it('ends with the mean of the steps there were when no epoch was whole', () => {
    const history = newHistory(10, 1);
    history.recordStep(1, { total: 1 }, {}, 8);
    history.recordStep(2, { total: 2 }, {}, 8);
    history.end('cancelled');
    expect(history.final.train).toEqual({ total: 1.5 });
  });

  it('tells step, epoch and time', () => {
    const history = newHistory(2, 2);
    expect(history.progress).toMatchObject({
      state: 'running',
      step: 0,
      totalSteps: 4,
      epoch: 1,
      epochs: 2,
      before: { steps: 0, epochs: 0 },
    });
    expect(history.progress.secondsLeft).toBeUndefined();
    history.recordStep(1, { total: 1 }, {}, 1);
    const { secondsElapsed, secondsLeft } = history.progress;
    expect(secondsLeft).toBeCloseTo(3 * secondsElapsed, 9);
    history.recordStep(2, { total: 1 }, {}, 1);
    history.endEpoch();
    expect(history.progress).toMatchObject({ step: 2, epoch: 2 });
    history.end('done');
    expect(history.progress.state).toBe('done');
    expect(history.progress).not.toHaveProperty('secondsLeft');
  });

  it('stays bounded in a long training: points become means over several steps', () => {
    const history = newHistory(1000, 50);
    const values = Array.from({ length: 50_000 }, (_, i) => Math.sin(i / 500) + i / 50_000);
    values.forEach((value, i) => history.recordStep(i + 1, { total: value }, { β: value }, 1));
    history.end('done');
    const [total] = history.series;
    expect(total!.values.length).toBeLessThanOrEqual(4096);
    expect(total!.values.length).toBeGreaterThan(2000);
    expect(total!.steps.at(-1)).toBe(50_000);
    // The first point stands for its steps, and nothing has been lost or counted twice.
    expect(total!.values[0]).toBeCloseTo(mean(values.slice(0, total!.steps[0])), 12);
    const spans = total!.steps.map((step, i) => step - (total!.steps[i - 1] ?? 0));
    const sum = total!.values.reduce((all, value, i) => all + value * spans[i]!, 0);
    expect(sum).toBeCloseTo(
      values.reduce((all, value) => all + value, 0),
      6,
    );
    expect(history.notes).toEqual(['Each point is the mean over up to 16 steps.']);
  });
});
