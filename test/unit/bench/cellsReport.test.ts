import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../kernel/bench/cells/kinds';
import { cellsReport } from '../../../kernel/bench/cells/report';
import { thisMachine } from '../../../kernel/bench/machine';

const kind = (name: string) => KINDS.find((one) => one.name === name)!;

describe('the report of cells', () => {
  const report = cellsReport({
    machine: thisMachine(2),
    date: '2026-01-31',
    rows: [
      { kind: kind('a call'), node: 'v24.0.0', times: [1, 3, 2] },
      { kind: kind('a line printed'), node: 'v24.0.0', times: [0.5] },
      { kind: kind('a decorator'), node: 'v24.0.0', times: [9] },
    ],
    memory: [{ node: 'v24.0.0', kinds: ['a call', 'an object'], cells: 2000, resident: [200e6, 205.4e6, 210e6] }],
  });

  it('has median and spread of each kind', () => {
    expect(report).toContain('| a call | v24.0.0 | 2.00 | 1.20–2.80 | 3 |');
    expect(report).toContain('| 2,000: a call, an object | v24.0.0 | 200 | 205 | 210 |');
  });

  it('says which goals are met, of kinds that have one', () => {
    expect(report).toContain('| a call, Node v24.0.0: at most 1.5 ms | 2.00 ms | **missed** |');
    expect(report).toContain('| a line printed, Node v24.0.0: at most 1.5 ms | 0.50 ms | met |');
    expect(report).not.toMatch(/a decorator.*at most/);
  });
});
