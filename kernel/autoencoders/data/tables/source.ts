/** Tables: read in passes, whose first tells what their numbers need, and made a data set or a stream. */
import type { SampleChunk, SampleStream } from '../../samples';
import { asStream } from '../../summaries/samples';
import { DataError } from '../checkData';
import { ClassCounter, UNKNOWN } from '../classes';
import { warned } from '../notices';
import type { DatasetParts } from '../parts';
import { ColumnFacts, planOf, type ColumnPlan } from './columnFacts';
import { LABEL, type TableHead } from './head';

/** Rows as they come from one pass over a table. */
export interface TablePart {
  /** [m, d] */
  values: Float32Array;
  /** Code of the class of each row; null without a label. */
  codes: Int32Array | null;
}

/** What one pass is for: it looks at each number before and takes each less the offset of its column. */
export interface Pass {
  facts: ColumnFacts | null;
  offsets: Float64Array | null;
  classes: ClassCounter;
  /** Whether all rows are wanted in memory, so that a source that knows their number may give one part. */
  whole: boolean;
}

/** A table that can be read again and again. */
export interface TableSource {
  head: TableHead;
  /**
   * One pass over all rows, in parts of a few MB.
   *
   * @throws {DataError} for a cell with text, or a row that is shorter or longer than the others
   */
  parts(pass: Pass): AsyncIterable<TablePart> | Iterable<TablePart>;
}

/** One whose passes do not wait. */
export interface TableSourceNow extends TableSource {
  parts(pass: Pass): Iterable<TablePart>;
}

/** All of a table; read a second time where float32 needs its numbers made smaller. */
export async function loadTable(source: TableSource): Promise<DatasetParts> {
  const first = newPass(source, true);
  let parts: TablePart[] = [];
  for await (const part of source.parts(first)) parts.push(part);
  const plan = planned(source, first, rowsOf(parts, source));
  if (plan.offsets) {
    parts = [];
    for await (const part of source.parts(newPass(source, true, plan.offsets))) parts.push(part);
  }
  return partsOf(source, parts, first.classes, plan);
}

/** The same for a source whose passes do not wait. */
export function loadTableNow(source: TableSourceNow): DatasetParts {
  const first = newPass(source, true);
  let parts = [...source.parts(first)];
  const plan = planned(source, first, rowsOf(parts, source));
  if (plan.offsets) parts = [...source.parts(newPass(source, true, plan.offsets))];
  return partsOf(source, parts, first.classes, plan);
}

/** A table as a stream: it is read once for its length, its classes and what its numbers need. */
export async function streamTable(source: TableSource): Promise<SampleStream> {
  const { name, features, label, notices } = source.head;
  const first = newPass(source, false);
  let length = 0;
  for await (const { values } of source.parts(first)) length += values.length / features.length;
  const { offsets, notices: found } = planned(source, first, length);
  const ranks = label === undefined ? null : first.classes.ranks({ asIndices: false });

  async function* chunks(): AsyncGenerator<SampleChunk> {
    // Classes get their codes in the order of their first coming, the same in every pass.
    for await (const { values, codes } of source.parts(newPass(source, false, offsets))) {
      yield { values, labels: ranks && codes!.map((code) => (code === UNKNOWN ? UNKNOWN : ranks.ranks[code]!)) };
    }
  }
  return asStream({
    name,
    shape: { kind: 'vector', features },
    length,
    width: features.length,
    classNames: ranks?.names ?? [],
    notices: warned([...notices, ...found]),
    chunks,
  });
}

function newPass({ head }: TableSource, whole: boolean, offsets?: Float64Array | null): Pass {
  return {
    facts: offsets === undefined ? new ColumnFacts(head.features.length) : null,
    offsets: offsets ?? null,
    classes: new ClassCounter(head.name),
    whole,
  };
}

function rowsOf(parts: readonly TablePart[], { head }: TableSource): number {
  return parts.reduce((count, { values }) => count + values.length / head.features.length, 0);
}

function planned({ head }: TableSource, { facts, classes }: Pass, rows: number): ColumnPlan {
  const { name, features, roles } = head;
  if (rows === 0) throw new DataError(`${name} holds no rows of numbers`);
  const plan = planOf(name, features, facts!, rows * features.length);
  return roles.includes(LABEL) ? { ...plan, notices: [...plan.notices, ...classes.notices()] } : plan;
}

function partsOf({ head }: TableSource, parts: TablePart[], classes: ClassCounter, plan: ColumnPlan): DatasetParts {
  const { name, features, label } = head;
  const shape = { kind: 'vector' as const, features };
  const notices = warned([...head.notices, ...plan.notices]);
  // A class is an index by its rank here, since a table says names.
  const { labels, classNames } = label === undefined ? { labels: null, classNames: [] } : classes.finish({ asIndices: false }); // prettier-ignore
  return { name, values: joined(parts), shape, labels, classNames, notices };
}

/** Takes the parts away as it goes, so that memory holds little more than two times the values. */
function joined(parts: TablePart[]): Float32Array {
  if (parts.length === 1) return parts[0]!.values;
  const values = new Float32Array(parts.reduce((count, part) => count + part.values.length, 0));
  let at = 0;
  for (let part = parts.shift(); part; part = parts.shift()) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return values;
}
