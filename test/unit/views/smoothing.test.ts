import { describe, expect, it } from 'vitest';
import { lossCurves } from '../../../kernel/views/index';
import { decode } from '../../../kernel/views/encoding';
import { textWidth } from '../../../kernel/figures/marks';
import { trainingPicture } from '../../../kernel/figures/training/picture';
import { smooth, smoothedCurve, stretchesOf } from '../../../kernel/views/smoothing';
import { decodeCurves } from '../../../renderer/views/lossCurves/curves';
import { fallingHistory } from './histories';

const curve = [5, 3, 4, 2, 2.5, 1, 1.5, 0.5];

/** Σ w^{t−i} x_i / Σ w^{t−i} over the finite values up to t: the closed form of the debiased average. */
function weightedMean(values: number[], weight: number, t: number): number {
  const past = values.slice(0, t + 1).filter(Number.isFinite);
  const weights = past.map((_, i) => weight ** (past.length - 1 - i));
  const sum = weights.reduce((a, b) => a + b, 0);
  return past.reduce((total, value, i) => total + value * weights[i]!, 0) / sum;
}

describe('smoothing of a curve', () => {
  it.each([0, 0.3, 0.9, 0.99])('is the mean with weights %f^(t−i)', (weight) => {
    smooth(curve, weight).forEach((value, t) => expect(value).toBeCloseTo(weightedMean(curve, weight, t), 12));
  });

  it('starts at the first value, however strong it is', () => {
    expect(smooth(curve, 0.99)[0]).toBeCloseTo(5, 12);
  });

  it('leaves a constant as it is', () => {
    for (const value of smooth([7, 7, 7, 7], 0.95)) expect(value).toBeCloseTo(7, 12);
  });

  it('keeps values that are not finite where they are, and out of the average', () => {
    const broken = [5, NaN, 4, Infinity, 2];
    const smoothed = smooth(broken, 0.8);
    expect([...smoothed].map(Number.isFinite)).toEqual([true, false, true, false, true]);
    expect(smoothed[4]).toBeCloseTo(weightedMean(broken, 0.8, 4), 12);
  });
});

/** Numbers of exponential density e^{−x}, of mean 1: most lie below it, few far above. */
function exponential(n: number): number[] {
  let state = 7;
  return Array.from({ length: n }, () => {
    state = (state * 48271) % 2147483647;
    return -Math.log(state / 2147483647);
  });
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('smoothing of a curve in stretches', () => {
  it('is that of all steps where each stretch is level', () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 10) % 7);
    const steps = values.map((_, i) => i + 1);
    const stretches = stretchesOf(steps, values, 100);
    const whole = smooth(values, 0.9);
    const { steps: at, values: smoothed } = smoothedCurve({ steps, values, stretches }, 0.9);
    for (let i = 0; i < 100; i++) {
      expect(at[i]).toBe(10 * (i + 1));
      expect(smoothed[i]).toBeCloseTo(whole[10 * i + 9]!, 10);
    }
  });

  it('leaves out what is not finite, and a stretch where nothing is', () => {
    const stretches = stretchesOf([1, 2, 3, 4], [4, NaN, Infinity, NaN], 2);
    expect([...Array.from(stretches.means), ...Array.from(stretches.sizes)]).toEqual([4, NaN, 1, 0]);
    expect(Array.from(smoothedCurve({ steps: [], values: [], stretches }, 0.5).values)).toEqual([4, NaN]);
  });
});

describe('the smoothed curve of a long training', () => {
  const noise = exponential(10_000).map((x) => 100 + 10 * (x - 1));
  const history = fallingHistory(1, 10_000);
  history.series[0]!.values = noise;
  const view = lossCurves(history, { id: 'long' });
  const [series] = view.series;

  it('lies where the mean of all steps is, which that of the drawn extremes is not', () => {
    const [live] = decodeCurves(view).terms;
    const { steps, values } = smoothedCurve(live!.train!, 0.9);
    expect(Math.abs(mean(values) - mean(noise))).toBeLessThan(0.1);
    expect(Math.abs(mean(decode(series!.values)) - mean(noise))).toBeGreaterThan(3);
    expect(steps[steps.length - 1]).toBe(10_000);
    // The closed form over all steps, at the ends of stretches of 20: it and ours are within the noise of 20 steps.
    const exact = smooth(noise, 0.9);
    const off = Array.from(values, (value, i) => value - exact[steps[i]! - 1]!);
    expect(Math.abs(mean(off))).toBeLessThan(0.1);
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(10);
  });

  it('is the same in the saved picture', () => {
    const { pages } = trainingPicture(view, { decode, width: 860, widthOf: textWidth });
    const drawn = pages[0]!.panels[0]!.lines.find(({ name }) => name === 'train total')!;
    const [live] = decodeCurves(view).terms;
    expect(Array.from(drawn.y)).toEqual(Array.from(smoothedCurve(live!.train!, 0.9).values));
  });

  it('weighs little, and only where it is needed', () => {
    const { steps, means, sizes } = series!.stretches!;
    expect(steps.data.length + means.data.length + sizes.data.length).toBeLessThan(9000);
    expect(lossCurves(fallingHistory(1, 2000), { id: 'short' }).series[0]!.stretches).toBeUndefined();
  });
});
