/** How often each code of a codebook was used, in the two orders in which it is drawn. */
import * as z from 'zod/mini';
import type { CodebookHistogramView } from '../../../kernel/views/types';
import { decode, encodedArray, viewBase } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import { count, counted, percent, quantity } from '../../numbers';

export const codebookHistogramSchema: z.ZodMiniType<CodebookHistogramView> = z.object({
  ...viewBase,
  counts: encodedArray,
  perplexity: z.number(),
  deadCodes: z.number(),
  window: z.string(),
});

export type Order = 'rank' | 'index';

export interface Usage {
  /** By code index. */
  counts: number[];
  total: number;
  /** Code indices, the most used first; equal counts by index. */
  byRank: number[];
  /** Rank (from 1) of each code. */
  rankOf: number[];
  dead: number[];
  perplexity: number;
  window: string;
}

export function readUsage(view: CodebookHistogramView): Usage {
  const counts = Array.from(decode(view.counts));
  const byRank = counts.map((_, code) => code).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const rankOf: number[] = [];
  byRank.forEach((code, i) => (rankOf[code] = i + 1));
  return {
    counts,
    total: counts.reduce((sum, one) => sum + one, 0),
    byRank,
    rankOf,
    dead: byRank.filter((code) => counts[code] === 0),
    perplexity: view.perplexity,
    window: view.window,
  };
}

/** Code at a position (from 0) of the horizontal axis. */
export function codeAt(usage: Usage, order: Order, position: number): number | undefined {
  return order === 'rank' ? usage.byRank[position] : position in usage.counts ? position : undefined;
}

/** `code 17 · rank 3 of 512 · 1,204 uses (2.1 %)` */
export function describeCode(usage: Usage, code: number): string {
  const uses = usage.counts[code] ?? 0;
  const share = usage.total === 0 ? '' : ` (${percent(uses / usage.total)})`;
  const rank = `rank ${count(usage.rankOf[code] ?? 0)} of ${count(usage.counts.length)}`;
  return `code ${code} · ${rank} · ${uses === 0 ? 'never used' : `${counted(uses, 'use')}${share}`}`;
}

/** Dead codes named in the note at most. */
const NAMED = 12;

/** `12 dead codes, never used in 2,000 held-out images: 3, 17, …` */
export function deadCodesText({ dead, window, total }: Usage): string {
  if (total === 0) return `No code was used in ${window}.`;
  if (dead.length === 0) return `No dead codes: each was used in ${window}.`;
  const named = dead.slice(0, NAMED).join(', ');
  const more = dead.length > NAMED ? ` and ${count(dead.length - NAMED)} more` : '';
  return `${counted(dead.length, 'dead code')}, never used in ${window}: ${named}${more}.`;
}

/** Perplexity as a share of the codebook: 100 % when all codes are used alike. */
export function perplexityText({ perplexity, counts }: Usage): string {
  return `${quantity(perplexity)} of ${count(counts.length)} codes (${percent(perplexity / Math.max(1, counts.length))})`;
}

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
