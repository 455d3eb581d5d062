import { describe, expect, it } from 'vitest';
import { decode } from '../../../kernel/views/encoding';
import { lossCurves } from '../../../kernel/views/index';
import { fallingHistory } from './histories';

describe('loss curves', () => {
  it('carry every series as float32 steps and values, the total first', () => {
    const view = lossCurves(fallingHistory(), { id: 'a' });
    expect(view).toMatchObject({ version: 1, id: 'a', unit: 'nats per image', stepsPerEpoch: 10, notes: [] });
    expect(view.series.map(({ name, split }) => `${name} ${split}`)).toEqual([
      'total train',
      'total validation',
      'reconstruction train',
      'kl train',
    ]);
    expect([...decode(view.series[1]!.steps)]).toEqual([10, 20, 30]);
    expect(decode(view.series[1]!.values)[0]).toBeCloseTo(142, 4);
    expect(view.schedules[0]!.name).toBe('β');
  });

  it('say in one sentence how far the total fell', () => {
    const lastEpoch = Array.from({ length: 10 }, (_, i) => 100 + 400 / (21 + i)).reduce((a, b) => a + b) / 10;
    expect(lossCurves(fallingHistory(), { id: 'a' }).summary).toBe(
      'Loss curves of VAE, 2 latents, 3 epochs; total fell from 500 at the first step to ' +
        `${lastEpoch.toFixed(1)} nats per image over the last epoch (validation 115.3).`,
    );
  });

  it('say so when the training has not begun, is under way, or was cancelled', () => {
    const summary = (change: (history: ReturnType<typeof fallingHistory>) => void) => {
      const history = fallingHistory();
      change(history);
      return lossCurves(history, { id: 'a' }).summary;
    };
    const running = { state: 'running', epoch: 2 } as const;
    const nothing = (history: ReturnType<typeof fallingHistory>) => (history.series = []);
    expect(
      summary((history) => {
        nothing(history);
        Object.assign(history.progress, running);
      }),
    ).toContain('no step has been taken yet');
    expect(summary(nothing)).toContain('no step was taken');
    expect(summary(({ progress }) => Object.assign(progress, { state: 'running', epoch: 2 }))).toContain(
      'running, epoch 2 of 3',
    );
    expect(summary(({ progress }) => Object.assign(progress, { state: 'cancelled', epoch: 2 }))).toContain(
      'cancelled in epoch 2 of 3',
    );
  });

  it('turn values that are not finite into NaN and name them', () => {
    const history = fallingHistory();
    history.series[2]!.values[11] = -Infinity;
    history.series[2]!.values[20] = NaN;
    history.series[0]!.values[29] = NaN;
    const view = lossCurves(history, { id: 'a' });
    expect(view.notes).toEqual(['NaN in total at step 30', '-Infinity in kl at step 12 and 1 later step']);
    expect(decode(view.series.at(-1)!.values)[11]).toBeNaN();
    expect(view.summary).toContain('total is not finite from step 30 on');
  });

  it('thin long series to at most 2,000 points, keep their extremes, and say so', () => {
    const history = fallingHistory(100, 500);
    history.series[0]!.values[31_234] = 9000;
    const view = lossCurves(history, { id: 'a' });
    const total = view.series[0]!;
    const values = decode(total.values);
    expect(values.length).toBeLessThanOrEqual(2000);
    expect(total.steps.shape).toEqual([values.length]);
    expect(decode(total.steps)[values.indexOf(9000)]).toBe(31_235);
    expect(view.notes[0]).toMatch(/^total: 50,000 points thinned to 1,[6-9]\d\d, with the minimum and maximum/);
  });

  it('look at each value so often however many there are, since they are built ten times a second', () => {
    const looksAt = (epochs: number) => {
      const history = fallingHistory(epochs, 1000);
      let looks = 0;
      const counted = new Proxy(history.series[0]!.values, {
        get(values, index, self) {
          if (typeof index === 'string' && /^\d+$/.test(index)) looks++;
          return Reflect.get(values, index, self) as unknown;
        },
      });
      history.series[0]!.values = counted;
      lossCurves(history, { id: 'a' });
      return looks;
    };
    expect(looksAt(50)).toBeGreaterThan(50_000);
    expect(looksAt(50)).toBeLessThan(2.1 * looksAt(25));
  });
});
