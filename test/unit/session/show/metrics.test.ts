import { describe, expect, it } from 'vitest';
import { metricsTable } from '../../../../kernel/session/show/metrics';
import { bundle, MIME } from '../../../../kernel/views/index';
import { isBest } from '../../../../kernel/views/metricRanks';
import { metricText } from '../../../../kernel/views/metrics';

describe('a table of metrics', () => {
  it('has means with their standard errors, of numbers, estimates, lists and promises of them', async () => {
    const { view } = await metricsTable({
      VAE: { MSE: Float32Array.of(1, 2, 3, 4), ELBO: Promise.resolve({ value: -10.25, standardError: 0.5 }) },
      PCA: { MSE: 2.25, seeds: [3] },
    });
    expect(view.models).toEqual(['VAE', 'PCA']);
    expect(view.metrics.map(({ name, better }) => [name, better])).toEqual([
      ['MSE', 'lower'],
      ['ELBO', 'higher'],
      ['seeds', null],
    ]);
    const [mse] = view.cells[0]!;
    expect(mse).toMatchObject({ value: 2.5, count: 4 });
    // s² = 5/3, so the standard error is √(5/12).
    expect(mse!.standardError).toBeCloseTo(Math.sqrt(5 / 12), 12);
    expect(view.cells[0]![1]).toMatchObject({ value: -10.25, standardError: 0.5, text: '−10.25 ± 0.50' });
    expect(view.cells[1]).toEqual([
      { value: 2.25, text: '2.250', standardError: 0, count: 1 },
      null,
      { value: 3, text: '3', standardError: 0, count: 1 },
    ]);
    expect([isBest(view, 0, 0), isBest(view, 1, 0)]).toEqual([false, true]);
    // Alone nobody is best, and nobody where no way is better.
    expect([isBest(view, 0, 1), isBest(view, 1, 2)]).toEqual([false, false]);
    expect(view.summary).toBe('Metrics: 2 models by 3 metrics; best in MSE PCA with 2.250.');
    const bundled = bundle(MIME.metrics, view);
    expect(Buffer.from(bundled['image/png'] as string, 'base64').toString('latin1', 1, 4)).toBe('PNG');
  });

  it.each([
    [25.3124, 0.1234, '25.31 ± 0.12'],
    [-236.04, 0.51, '−236.04 ± 0.51'],
    [1234.5, 21, '1235 ± 21'],
    [15_678, 345, '15680 ± 350'],
    [0.00123, 0.00045, '0.00123 ± 0.00045'],
    [NaN, 0, 'NaN'],
    [5, NaN, '5'],
    [-2.5, Infinity, '−2.500'],
  ])('writes %d ± %d as %s', (value, error, expected) => {
    expect(metricText(value, error)).toBe(expected);
  });

  it('has a place in JSON for what is not finite', async () => {
    const { view } = await metricsTable({ diverged: { MSE: [1, NaN], ELBO: { value: 3, standardError: NaN } } });
    expect(JSON.parse(JSON.stringify(view.cells)) as unknown).toEqual([
      [
        { value: null, text: 'NaN', standardError: 0, count: 2 },
        { value: 3, text: '3', standardError: 0, count: 1 },
      ],
    ]);
  });

  it('takes the given way', async () => {
    const rows = { a: { error: 1, x: 1 }, b: { error: 2, x: 2 } };
    const { view } = await metricsTable(rows, { better: { error: 'higher', x: 'lower' }, units: { x: 's' } });
    expect(view.metrics).toEqual([
      { name: 'error', unit: '', better: 'higher' },
      { name: 'x', unit: 's', better: 'lower' },
    ]);
    expect([isBest(view, 1, 0), isBest(view, 0, 1)]).toEqual([true, true]);
  });

  it('refuses what is no table, naming it', async () => {
    await expect(metricsTable({})).rejects.toThrow('metricsTable takes as "rows" models by name');
    await expect(metricsTable({ a: { x: 'y' as never } })).rejects.toThrow('"x" of a is a number, an estimate');
    await expect(metricsTable({ a: { x: 1 } }, { better: { y: 'lower' } })).rejects.toThrow('no metric "y"; found "x"');
    await expect(metricsTable({ a: { x: 1 } }, { better: { x: 'up' as never } })).rejects.toThrow(
      '"lower" or "higher"',
    );
  });
});
