/** How often each code of a codebook was used, in the two orders in which it is drawn. */
import type { CodebookHistogramView } from '../../views/types';
import { count, counted, percent, quantity } from '../../views/wording';
import type { Decode } from '../training/curves';

export type Order = 'rank' | 'index';

export interface Usage {
  /** By code index. */
  counts: Int32Array;
  total: number;
  /** Code indices, the most used first; equal counts by index. */
  byRank: Int32Array;
  /** Rank (from 1) of each code. */
  rankOf: Int32Array;
  /** The codes that were never used, by index. */
  dead: Int32Array;
  perplexity: number;
  window: string;
}

export function readUsage(view: CodebookHistogramView, decode: Decode): Usage {
  const counts = Int32Array.from(decode(view.counts));
  const byRank = ranked(counts);
  const rankOf = new Int32Array(counts.length);
  byRank.forEach((code, i) => (rankOf[code] = i + 1));
  const used = byRank.length - view.deadCodes;
  return {
    ...{ counts, byRank, rankOf, dead: byRank.subarray(used) },
    total: counts.reduce((sum, one) => sum + one, 0),
    ...{ perplexity: view.perplexity, window: view.window },
  };
}

/** Counts and codes sorted as one number each: 65,536 of them take some milliseconds that way. */
function ranked(counts: Int32Array): Int32Array {
  const K = counts.length;
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const keys = Float64Array.from(counts, (uses, code) => (most - uses) * K + code).sort();
  return Int32Array.from(keys, (key) => key % K);
}

/** Code at a position (from 0) of the horizontal axis. */
export function codeAt(usage: Usage, order: Order, position: number): number | undefined {
  return order === 'rank'
    ? usage.byRank[position]
    : position >= 0 && position < usage.counts.length
      ? position
      : undefined;
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
  const named = [...dead.subarray(0, NAMED)].join(', ');
  const more = dead.length > NAMED ? ` and ${count(dead.length - NAMED)} more` : '';
  return `${counted(dead.length, 'dead code')}, never used in ${window}: ${named}${more}.`;
}

/** Perplexity as a share of the codebook: 100 % when all codes are used alike. */
export function perplexityText({ perplexity, counts }: Usage): string {
  return `${quantity(perplexity)} of ${count(counts.length)} codes (${percent(perplexity / Math.max(1, counts.length))})`;
}
