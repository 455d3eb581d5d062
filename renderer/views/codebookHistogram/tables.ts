/** The parts of a codebook as tables. */
import type { Course } from '../../../kernel/figures/codebook/course';
import type { CodebookData } from '../../../kernel/figures/codebook/parts/part';
import type { Usage } from '../../../kernel/figures/codebook/usage';
import type { Cell, TableData } from '../../figure/table';
import { count } from '../../numbers';

/** One row a code, the most used first. */
export function usageTable(usage: Usage): TableData {
  return {
    columns: ['code', 'rank', 'uses', 'share'],
    rows: usage.counts.length,
    row: (i): Cell[] => {
      const code = usage.byRank[i]!;
      const uses = usage.counts[code]!;
      return [code, i + 1, uses, usage.total === 0 ? null : uses / usage.total];
    },
  };
}

export function planeTable({ usage, plane }: CodebookData): TableData {
  return {
    columns: ['code', 'uses', 'component 1', 'component 2'],
    rows: usage.counts.length,
    row: (i): Cell[] => [i, usage.counts[i]!, plane!.points[2 * i]!, plane!.points[2 * i + 1]!],
  };
}

export function courseTable({ curves, counts, steps }: Course): TableData {
  const columns = curves.map(({ name, values }) => ({ name, at: (i: number) => values[i] ?? null }));
  const each = Array.from({ length: counts?.codes ?? 0 }, (_, code) => ({
    name: `code ${count(code)}`,
    at: (i: number) => counts!.values[i * counts!.codes + code] ?? null,
  }));
  const all = [...columns, ...each];
  return {
    columns: ['step', ...all.map(({ name }) => name)],
    rows: steps.length,
    row: (i: number): Cell[] => [steps[i]!, ...all.map(({ at }) => at(i))],
  };
}
