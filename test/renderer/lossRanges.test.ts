import { describe, expect, it } from 'vitest';
import { arrange } from '../../kernel/figures/panel/arrangement';
import { nonFiniteRuns } from '../../kernel/figures/training/curves';
import type { Term } from '../../kernel/figures/training/curves';
import { canBeLog, shownSteps, valueRange } from '../../kernel/figures/training/ranges';
import { progressText } from '../../kernel/views/progress';
import { decodeCurves, supersedes } from '../../renderer/views/lossCurves/curves';
import { history, lossView } from './support/sampleViews';
import { lossCurves } from '../../kernel/views/lossCurves';

function term(values: number[]): Term {
  const steps = Float32Array.from(values, (_, i) => i + 1);
  const train = { steps, values: Float32Array.from(values), stretches: undefined, last: values.at(-1)! };
  return { name: 'total', train, validation: undefined };
}

const falling = Array.from({ length: 200 }, (_, i) => 10 + (i < 5 ? 1000 - i : Math.sin(i)));

describe('the range of a loss axis', () => {
  it('leaves the first steps out when they alone would take most of the height, and says so', () => {
    const { range, clipped } = valueRange(term(falling), false, false);
    expect(range[1]).toBeLessThan(12);
    expect(clipped).toBe(true);
  });

  it('holds every value when the whole range is asked for', () => {
    const { range, clipped } = valueRange(term(falling), true, false);
    expect(range[1]).toBeGreaterThan(1010);
    expect(clipped).toBe(false);
  });

  it('holds every value of a curve without outliers', () => {
    const { range, clipped } = valueRange(term([1, 2, 3, 4, 5]), false, false);
    expect(range[0]).toBeLessThan(1);
    expect(range[1]).toBeGreaterThan(5);
    expect(clipped).toBe(false);
  });

  it('is in powers of ten on a logarithmic axis, which needs positive values', () => {
    const { range } = valueRange(term([1, 10, 100]), true, true);
    expect(range[0]).toBeCloseTo(-0.1, 6);
    expect(range[1]).toBeCloseTo(2.1, 6);
    expect(canBeLog(term([1, 0.1, NaN]))).toBe(true);
    expect(canBeLog(term([1, 0]))).toBe(false);
    expect(canBeLog(term([NaN]))).toBe(false);
  });
});

describe('the step axis', () => {
  it('ends at the last step of a training that is over', () => {
    const data = decodeCurves(lossView(930));
    expect(shownSteps(data)[1]).toBeCloseTo(930 * 1.02, 6);
  });

  it('changes its end three times while a training runs', () => {
    const ends = [1, 100, 117, 200, 230, 400, 460, 600, 930].map((steps) => {
      const view = lossView(steps, 'running', { state: 'running' });
      return Math.round(shownSteps(decodeCurves(view))[1] / 1.02);
    });
    expect([...new Set(ends)]).toEqual([116, 233, 465, 930]);
  });
});

describe('curves', () => {
  it('come with the total first and training and validation of one term together', () => {
    const data = decodeCurves(lossView());
    expect(data.terms.map(({ name }) => name)).toEqual(['total', 'reconstruction', 'kl']);
    expect(data.terms.every(({ train, validation }) => train !== undefined && validation !== undefined)).toBe(true);
    expect(data.schedules.map(({ name }) => name)).toEqual(['β']);
  });

  it('name the stretches that are not finite', () => {
    const steps = Float32Array.of(1, 2, 3, 4, 5, 6);
    const values = Float32Array.of(1, NaN, NaN, 2, Infinity, 3);
    expect(nonFiniteRuns({ steps, values })).toEqual([
      [2, 3],
      [5, 5],
    ]);
  });

  it('of an earlier state do not replace those of a later one', () => {
    const early = lossView(100, 'a', { state: 'running' });
    const late = lossView(200, 'a', { state: 'running' });
    const done = lossView(930, 'a');
    expect(supersedes(late, early)).toBe(true);
    expect(supersedes(early, late)).toBe(false);
    expect(supersedes(done, late)).toBe(true);
    expect(supersedes(late, done)).toBe(false);
    expect(supersedes(lossView(1, 'b', { state: 'running' }), done)).toBe(true);
  });

  it('are refused when steps and values differ in number', () => {
    const view = lossCurves(history(10), { id: 'a' });
    view.series[0]!.steps = { dtype: 'float32', shape: [1], data: 'AACAPw==' };
    expect(() => decodeCurves(view)).toThrow('total: 1 steps and 10 values');
  });
});

describe('the panels', () => {
  it.each([600, 700, 900, 1100])('stay inside %d pixels without overlap', (width) => {
    for (const count of [1, 2, 3, 5]) {
      const { boxes, height } = arrange(count, width, true);
      boxes.forEach((box, i) => {
        expect(box.left + box.width).toBeLessThanOrEqual(width);
        expect(box.top + box.height).toBeLessThan(height);
        for (const other of boxes.slice(0, i)) {
          const apart =
            other.left + other.width <= box.left ||
            box.left + box.width <= other.left ||
            other.top + other.height <= box.top;
          expect(apart).toBe(true);
        }
      });
    }
  });
});

describe('the progress text', () => {
  const progress = { step: 210, totalSteps: 1400, epoch: 3, epochs: 20, secondsElapsed: 7.2 };

  it('tells epoch, step and the time left', () => {
    expect(progressText({ ...progress, state: 'running', secondsLeft: 41.3 })).toBe(
      'epoch 3/20 · step 210/1,400 · 41 s left',
    );
  });

  it('leaves the time out until it is known', () => {
    expect(progressText({ ...progress, state: 'running' })).toBe('epoch 3/20 · step 210/1,400');
  });

  it('tells how a training ended', () => {
    expect(progressText({ ...progress, state: 'cancelled' })).toBe('cancelled · epoch 3/20 · step 210/1,400 · 7 s');
    expect(progressText({ ...progress, state: 'done', step: 1400 })).toBe('20 epochs · 1,400 steps · 7 s');
  });
});
