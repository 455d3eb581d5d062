import { describe, expect, it } from 'vitest';
import { lossCurves } from '../../../kernel/views/index';
import { epochOf, epochsDone, placeOf, stepRange, stopped } from '../../../kernel/views/progress';
import type { TrainingProgress } from '../../../kernel/views/types';
import { fallingHistory } from './histories';

const running: TrainingProgress = {
  ...{ state: 'running', step: 41, totalSteps: 100, epoch: 5, epochs: 10, secondsElapsed: 4, secondsLeft: 6 },
};
const goesOn: TrainingProgress = { ...running, before: { steps: 1000, epochs: 7 } };

describe('how far a training is', () => {
  it('is counted by its model', () => {
    expect(placeOf(running)).toEqual({ step: 41, totalSteps: 100, epoch: 5, epochs: 10 });
    expect(placeOf(goesOn)).toEqual({ step: 1041, totalSteps: 1100, epoch: 12, epochs: 17 });
    expect([1, 10, 11].map((step) => epochOf(step, 10, running))).toEqual([1, 1, 2]);
    expect([1001, 1010, 1011].map((step) => epochOf(step, 10, goesOn))).toEqual([8, 8, 9]);
  });

  it('says which epochs are done', () => {
    expect(epochsDone({ ...running, step: 100 })).toBe('10 epochs');
    // Stopped early.
    expect(epochsDone({ ...running, step: 70 })).toBe('7 epochs');
    expect(epochsDone({ ...goesOn, step: 100 })).toBe('epochs 8 to 17');
    expect(epochsDone({ ...goesOn, step: 10 })).toBe('epoch 8');
  });

  it('is drawn from where it is: from the first step of the curves on, by halves of what is left', () => {
    expect(stepRange(running)).toEqual([0, 12.5]);
    expect(stepRange(running, 1, 41)).toEqual([0, 50]);
    expect(stepRange(goesOn, 1001, 1041)).toEqual([1000, 1050]);
    // Gone on with in the middle: of 1000 to 1100 the first 60 steps were drawn elsewhere.
    expect(stepRange({ ...goesOn, step: 63 }, 1061, 1063)).toEqual([1060, 1065]);
    expect(stepRange({ ...goesOn, state: 'done', step: 100 }, 1001, 1100)).toEqual([1000, 1100]);
    // Points that stand for several steps do not begin later.
    expect(stepRange({ ...running, state: 'done', step: 1000, totalSteps: 1000 }, 4, 1000)).toEqual([0, 1000]);
  });

  it('ends where its kernel ended, in words too', () => {
    const history = fallingHistory();
    Object.assign(history.progress, {
      state: 'running',
      step: 30,
      totalSteps: 100,
      epoch: 3,
      epochs: 10,
      secondsLeft: 9,
    });
    const view = lossCurves(history, { id: 'a' });
    const { progress, summary, series } = stopped(view);
    expect(progress).toEqual({ ...history.progress, state: 'stopped', secondsLeft: undefined });
    expect(summary).toContain('stopped in epoch 3 of 10 at step 30 of 100, when its kernel ended; total fell from 500');
    expect(series).toBe(view.series);
    history.series = [];
    expect(stopped(lossCurves(history, { id: 'a' })).summary).toMatch(/when its kernel ended; no step was taken\.$/);
  });
});
