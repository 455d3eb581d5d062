import { describe, expect, it } from 'vitest';
import { READINGS } from '../../../kernel/bench/data/formats';
import { dataReport, type DataRow } from '../../../kernel/bench/data/report';
import { thisMachine } from '../../../kernel/bench/machine';

const row = (name: string, reader: string, seconds: number[], memory: number[]): DataRow => ({
  bench: READINGS.find((one) => one.name === name)!,
  reader,
  seconds,
  memory,
});

describe('the report of reading', () => {
  const values = 300_000 * 20;
  const report = dataReport({
    machine: thisMachine(2),
    date: '2026-01-31',
    rows: [
      row('csv', 'latentlab', [0.5, 0.7, 0.6], [4 * values * 2, 4 * values * 2.25, 4 * values * 3]),
      row('csv', 'pandas 2.2.0', [0.1, 0.3, 0.2], [0, 0, 0]),
      row('parquet', 'latentlab', [0.625], [4 * values * 3]),
    ],
    remarks: ['No pillow beside: `python3` says “no”'],
  });

  it('has a row for each format and reader, with median and spread, by the order of the formats', () => {
    const rows = report.split('\n').filter((line) => /^\| (csv|parquet) /.test(line));
    expect(rows).toEqual([
      '| parquet | 300,000 × 20, float64, Snappy | latentlab | 0.625 | 0.625–0.625 | 1 | 3.0 |',
      '| csv | 300,000 × 20, 4 decimals | latentlab | 0.600 | 0.520–0.680 | 3 | 2.3 |',
      '| csv | 300,000 × 20, 4 decimals | pandas 2.2.0 | 0.200 | 0.120–0.280 | 3 | 0.0 |',
    ]);
  });

  it('says which goals are met, for our own reading alone', () => {
    expect(report).toContain('| csv: at most 0.8 s | 0.600 s | met |');
    expect(report).toContain('| csv: at most 2.5 times the values in memory | 2.3 times | met |');
    expect(report).toContain('| parquet: at most 0.5 s | 0.625 s | **missed** |');
    expect(report).toContain('| parquet: at most 2.5 times the values in memory | 3.0 times | **missed** |');
    expect(report).toContain('No pillow beside');
  });
});
