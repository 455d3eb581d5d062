import { describe, expect, it } from 'vitest';
import { changeOf, encodeLossCurves, plainLossCurves } from '../../../kernel/views/index';
import type { LossCurvesChange, LossCurvesView, LossHistory } from '../../../kernel/views/index';
import { changed } from '../../../kernel/views/lossCurvesChange';
import { commonStart, joined } from '../../../kernel/views/tails';

/** A training of this many steps: noise, a term that breaks now and then, validation every hundredth step. */
function training(steps: number): LossHistory {
  const noise = (step: number, seed: number) => ((step * 7919 + seed * 104729) % 1000) / 100;
  const all = Array.from({ length: steps }, (_, i) => i + 1);
  const checked = all.filter((step) => step % 100 === 0);
  const series = (name: string, values: number[]) => ({ name, split: 'train' as const, steps: all, values });
  return {
    title: 'VAE, 2 latents',
    unit: 'nats per image',
    stepsPerEpoch: 100,
    series: [
      series('total', all.map((step) => 100 + noise(step, 1))), // prettier-ignore
      series('kl', all.map((step) => (step % 997 === 0 ? NaN : noise(step, 2)))), // prettier-ignore
      ...(checked.length > 0
        ? [{ name: 'total', split: 'validation' as const, steps: checked, values: checked.map(() => 101) }]
        : []),
    ],
    schedules: [{ name: 'β', steps: all, values: all.map((step) => Math.min(1, step / 400)) }],
    progress: { state: 'running', step: steps, totalSteps: 12_000, epoch: 1, epochs: 120, secondsElapsed: steps / 100 },
    notes: [],
  };
}

const plain = (steps: number) => plainLossCurves(training(steps), { id: 'v' });

/** What is sent of a training from one step to another, ten steps at a time: changes, or the whole where needed. */
function* told(from: number, to: number): Generator<LossCurvesView | LossCurvesChange> {
  let [state, revision] = [plain(from), 0];
  for (let step = from + 10; step <= to; step += 10) {
    const next = plain(step);
    revision++;
    yield changeOf(state, next, revision) ?? { ...encodeLossCurves(next), revision };
    state = next;
  }
}

describe('what is new of a training', () => {
  it('makes the whole view from the state before, at every length', () => {
    let view: LossCurvesView = { ...encodeLossCurves(plain(10)), revision: 0 };
    let steps = 10;
    for (const news of told(10, 6000)) {
      steps += 10;
      view = 'version' in news ? news : changed(view, news);
      if (steps % 250 === 0) expect(view).toEqual({ ...encodeLossCurves(plain(steps)), revision: view.revision });
    }
    expect(view.progress.step).toBe(6000);
  });

  it('is a twentieth of the whole at most, counted over a long training', () => {
    let bytes = 0;
    let states = 0;
    for (const news of told(9000, 12_000)) {
      bytes += JSON.stringify(news).length;
      states++;
    }
    const whole = JSON.stringify(encodeLossCurves(plain(12_000))).length;
    expect(whole).toBeGreaterThan(60_000);
    expect(bytes / states).toBeLessThan(whole / 20);
  });

  it('cannot tell of a curve that was not there: the whole does', () => {
    expect(changeOf(plain(90), plain(100), 1)).toBeUndefined();
    expect(changeOf(plain(100), plain(110), 1)).toBeDefined();
  });

  it('leaves out the curves that are as they were', () => {
    const change = changeOf(plain(110), plain(120), 1)!;
    expect(change.series.map(({ name, split }) => `${name} ${split}`)).toEqual(['total train', 'kl train']);
  });

  it('is refused by a state that it does not follow', () => {
    const view = { ...encodeLossCurves(plain(110)), revision: 4 };
    const change = changeOf(plain(110), plain(120), 6)!;
    expect(() => changed(view, change)).toThrow('state 6 does not follow state 4');
    expect(() => changed(encodeLossCurves(plain(110)), change)).toThrow('state 6 does not follow state undefined');
  });
});

describe('the end of an array', () => {
  it('begins where it differs, and NaN is NaN', () => {
    expect(commonStart(Float32Array.of(1, NaN, 3, 4), Float32Array.of(1, NaN, 3, 5, 6))).toBe(3);
    expect(commonStart(Float32Array.of(1, 2), Float32Array.of(1, 2))).toBe(2);
    expect(commonStart(new Float32Array(), Float32Array.of(1))).toBe(0);
  });

  it('is put behind what is kept', () => {
    expect([...joined(Float32Array.of(1, 2, 3), 2, Float32Array.of(7, 8))]).toEqual([1, 2, 7, 8]);
    expect([...joined(Int32Array.of(1), 0, new Int32Array())]).toEqual([]);
    expect(() => joined(Float32Array.of(1), 2, Float32Array.of(3))).toThrow('2 elements are to be kept of 1');
    expect(() => joined(Float32Array.of(1), 1, Int32Array.of(3))).toThrow('another type');
  });
});
