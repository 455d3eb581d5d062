/** Looks at the cells of one column, one after the other. */
import { isCell, isHuge, isTruthText, looksLikeDate, numberOf, type Cell } from '../tables/cells';
import { ColumnFacts, faultOf } from '../tables/columnFacts';
import { cut } from '../words';
import { MOST_DISTINCT, type ColumnSurvey } from './facts';

/** Values whose counts are shown. */
const MOST_COUNTS = 20;
const EXAMPLES = 3;
/** A column in which fewer of the cells than this share are text is one of numbers with faults. */
const FEW_TEXTS = 0.5;

export class ColumnLook {
  low = Infinity;
  high = -Infinity;
  missing = 0;
  firstMissing: string | null = null;
  infinite = 0;
  firstInfinite: string | null = null;
  /** Whether all numbers are 0 or 1. */
  binary = true;
  private numbers = 0;
  private truths = 0;
  /** The first `true` or `false` that is written out. */
  private truthText: ColumnSurvey['odd'] = null;
  private texts = 0;
  private dates = 0;
  private others = 0;
  private whole = true;
  private odd: ColumnSurvey['odd'] = null;
  private readonly counts = new Map<string, number>();
  private many = false;
  private readonly facts = new ColumnFacts(1);

  constructor(
    readonly name: string,
    /** Whether its numbers are instants. */
    private readonly instants = false,
  ) {}

  /**
   * @param place of the row: `line 7`
   * @returns the number, NaN for one that is missing; undefined for what is none
   */
  see(cell: unknown, place: () => string): number | undefined {
    const number = this.numberIn(cell, place);
    if (number !== undefined && Number.isNaN(number)) {
      if (this.missing === 0) this.firstMissing = place();
      this.missing += 1;
      return number;
    }
    if (number === undefined) this.seeText(cell, place);
    else this.seeNumber(number, place, isCell(cell) && isHuge(cell));
    this.count(cell);
    return number;
  }

  private numberIn(cell: unknown, place: () => string): number | undefined {
    const isText = isTruthText(cell);
    if (isText || typeof cell === 'boolean') this.truths += 1;
    if (isText) this.truthText ??= { place: place(), found: cut(cell, 40) };
    return isCell(cell) ? numberOf(cell) : undefined;
  }

  private seeNumber(number: number, place: () => string, huge: boolean): void {
    this.numbers += 1;
    this.facts.see(number, 0, huge);
    // Samples are float32.
    if (!Number.isFinite(Math.fround(number))) {
      if (this.infinite === 0) this.firstInfinite = place();
      this.infinite += 1;
      return;
    }
    if (number < this.low) this.low = number;
    if (number > this.high) this.high = number;
    if (number !== 0 && number !== 1) this.binary = false;
    if (!Number.isInteger(number)) this.whole = false;
  }

  private seeText(cell: unknown, place: () => string): void {
    if (cell instanceof Date || (typeof cell === 'string' && looksLikeDate(cell))) this.dates += 1;
    else if (typeof cell === 'string') this.texts += 1;
    else this.others += 1;
    this.odd ??= { place: place(), found: cut(textOf(cell), 40) };
  }

  private count(cell: unknown): void {
    if (this.many) return;
    const text = textOf(cell);
    this.counts.set(text, (this.counts.get(text) ?? 0) + 1);
    this.many = this.counts.size > MOST_DISTINCT;
  }

  get survey(): ColumnSurvey {
    const { low, high, numbers, missing, firstMissing, firstInfinite, counts, many } = this;
    const kind = this.kind();
    const sorted = [...counts].sort(([, a], [, b]) => b - a);
    return {
      name: this.name,
      kind,
      usable: kind === 'numbers' || kind === 'truth' || (kind === 'dates' && this.instants),
      whole: numbers > 0 && this.whole,
      merged: faultOf(this.facts, 0, this.name) === 'merged',
      low: Number.isFinite(low) ? low : null,
      high: Number.isFinite(high) ? high : null,
      missing,
      firstMissing,
      firstInfinite,
      distinct: many ? null : counts.size,
      counts:
        many || counts.size > MOST_COUNTS ? [] : sorted.map(([value, count]) => ({ value: cut(value, 40), count })),
      examples: [...counts.keys()].slice(0, EXAMPLES).map((text) => cut(text, 24)),
      odd: kind === 'mixed' ? (this.odd ?? this.truthText) : null,
      entries: 1,
    };
  }

  private kind(): ColumnSurvey['kind'] {
    const { numbers, texts, dates, others, truths } = this;
    const strange = texts + dates + others;
    if (numbers + strange === 0) return 'empty';
    if (others > 0) return 'other';
    if (this.instants) return 'dates';
    if (strange === 0 && truths < numbers)
      return this.truthText && (!this.binary || this.infinite > 0) ? 'mixed' : 'numbers';
    if (strange === 0) return 'truth';
    if (numbers === 0) return texts === 0 ? 'dates' : 'text';
    // Readers take `true` beside other text for text.
    if (texts === strange && this.truthText && truths === numbers) return 'text';
    return strange < FEW_TEXTS * (numbers + strange) ? 'mixed' : 'text';
  }
}

export function textOf(cell: unknown): string {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? 'an invalid date' : cell.toISOString();
  if (cell === null || cell === undefined) return '';
  if (isCell(cell)) return String(cell satisfies Cell).trim();
  return Array.isArray(cell) ? `[${cell.length} values]` : 'an object';
}
