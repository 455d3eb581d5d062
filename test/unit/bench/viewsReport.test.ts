import { describe, expect, it } from 'vitest';
import { losses, toldTraining } from '../../../kernel/bench/views/data';
import { viewsReport } from '../../../kernel/bench/views/report';
import type { ViewRow } from '../../../kernel/bench/views/rows';
import type { ViewEngine } from '../../../kernel/bench/views/workloads';

const row = (workload: ViewRow['workload'], engine: ViewEngine, unit: ViewRow['unit'], median: number): ViewRow => ({
  ...{ workload, engine, unit, median, device: 'Chromium 1', p10: median / 2, p90: 2 * median, n: 30 },
});

describe('the report of the views', () => {
  const report = viewsReport(
    ['Date: 2026-01-31'],
    [
      row('curves-10k-update', 'latentlab', 'ms/update', 3),
      row('curves-10k-update', 'latentlab', 'ms/longest task', 60),
      row('curves-10k-update', 'uplot', 'ms/update', 2),
      row('scatter-1m-pan', 'latentlab', 'ms/frame', 100),
      row('scatter-1m-pan', 'regl-scatterplot', 'ms/frame', 200),
      row('scatter-100k-hover', 'latentlab', 'ms/move', 3.5),
      row('scatter-100k-hover', 'nothing', 'ms/move', 1.25),
    ],
  );

  it('has every engine beside ours', () => {
    expect(report).toContain('| latentlab | ms/update | 3.00 | 1.50–6.00 | 30 | 1.00 |');
    expect(report).toContain('| uplot | ms/update | 2.00 | 1.00–4.00 | 30 | 0.67 |');
    expect(report).toContain('| regl-scatterplot | ms/frame | 200 | 100–400 | 30 | 2.00 |');
  });

  it('says which goals are met, of those that were measured', () => {
    expect(report).toContain('| curves-10k-update: at most 6 ms an update | 3.00 ms | met |');
    expect(report).toContain('| curves-10k-update: no task longer than 50 ms | 60.0 ms | **missed** |');
    expect(report).toContain('| curves-10k-update: at most 1.4 × uplot | 1.50 × | **missed** |');
    expect(report).toContain('| scatter-1m-pan: at most 1 × regl-scatterplot | 0.50 × | met |');
    expect(report).toContain('a move more than on an empty page | 2.25 ms | **missed** |');
    expect(report).not.toContain('scatter-1m-zoom');
  });
});

describe('the training that the bench draws', () => {
  it('is sent as a kernel does: whole, and then what is new after each step', () => {
    const { view, changes } = toldTraining(losses(120), 100, 120);
    expect(view.series.map(({ steps }) => steps.shape[0])).toEqual([100, 100, 100]);
    expect(changes.map(({ revision }) => revision)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(changes.at(-1)!.progress.step).toBe(120);
  });
});
