import { describe, expect, it } from 'vitest';
import { mainTraining } from '../../../../../kernel/session/show/sweeps/sweepInput';
import type { TrainingCurves } from '../../../../../kernel/sweeps/results/index';

function training(model: string, from: number, step: number, more: Partial<TrainingCurves> = {}): TrainingCurves {
  const steps = Array.from({ length: step }, (_, i) => from + i + 1);
  return {
    ...{ index: 1, model, title: model, unit: 'nats', state: 'done', stepsPerEpoch: 5, step, totalSteps: step },
    ...{ epochs: step / 5, before: { steps: from, epochs: from / 5 }, seconds: 1, schedules: [] },
    series: [{ name: 'total', split: 'train', steps, values: steps.map((one) => 1 / one) }],
    ...more,
  };
}

const stepsOf = (one: TrainingCurves | undefined) => one!.series.map(({ steps }) => [steps.at(0), steps.at(-1)]);

describe('the curves of a run', () => {
  it('are those of all trainings that go on with one another', () => {
    const [slow, then] = [training('VAE', 0, 20), training('VAE', 20, 10, { totalSteps: 15, state: 'running' })];
    const whole = mainTraining([slow, training('Flow', 0, 90), then])!;
    expect(whole).toMatchObject({ before: { steps: 0 }, step: 30, totalSteps: 35, state: 'running' });
    expect(stepsOf(whole)).toEqual([[1, 30]]);
    expect(whole.series[0]!.values).toEqual(Array.from({ length: 30 }, (_, i) => 1 / (i + 1)));
  });

  it('are those of the longest training, the last of equals, where they are of several models', () => {
    expect(stepsOf(mainTraining([training('VAE', 0, 20), training('VAE', 0, 10)]))).toEqual([[1, 20]]);
    const last = training('VAE', 0, 20);
    expect(mainTraining([training('VAE', 0, 20), last])).toBe(last);
    // Epochs of other lengths have no common axis.
    const other = training('VAE', 20, 30, { stepsPerEpoch: 3 });
    expect(mainTraining([training('VAE', 0, 20), other])).toBe(other);
    expect(mainTraining([])).toBeUndefined();
  });
});
