import { describe, expect, it } from 'vitest';
import { spread } from '../../../kernel/bench/rows';
import { sweepsReport } from '../../../kernel/bench/sweeps/report';
import type { SweepRow } from '../../../kernel/bench/sweeps/workloads';

const row = (of: Pick<SweepRow, 'workload' | 'engine' | 'unit'>, ...values: number[]): SweepRow => ({
  ...{ ...of, device: 'traced-cpu' },
  ...spread(values),
});
const overhead = { workload: 'sweep-overhead', engine: 'sweep ÷ notebook', unit: '×' } as const;
const pool = { workload: 'sweep-pool', engine: 'pool ÷ one after another', unit: '×' } as const;

describe('the page of the bench of sweeps', () => {
  it('has a table for each workload, with medians and spreads', () => {
    const report = sweepsReport(['Date: today'], [row(overhead, 1.01, 1.02, 1.03), row(pool, 0.5)]);
    expect(report).toContain('- Date: today\n\n## sweep-overhead\n');
    expect(report).toContain('| sweep ÷ notebook | × | 1.02 | 1.01–1.03 | 3 |');
    expect(report).toContain('## sweep-pool\n\nRuns of a sweep side by side on all cores, beside one after another.\n');
    expect(report).not.toContain('sweep-view-1000');
  });

  it('says which goals are met, of those that were measured', () => {
    const report = sweepsReport([], [row(overhead, 1.01, 1.04, 1.05), row(pool, 0.55)]);
    const goals = report.slice(report.indexOf('## Goals'));
    expect(goals.match(/^\| sweep-.*$/gm)).toEqual([
      '| sweep-overhead: a run takes at most 1.03 times as long as its notebook alone | 1.04 × | **missed** |',
      '| sweep-pool: on two cores, at most .55 of the time of one after another | 0.550 × | met |',
    ]);
  });
});
