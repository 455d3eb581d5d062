/** Which columns of a table are features, and which one is the class. */
import { DataError } from '../checkData';
import { cut, listed } from '../words';
import { isCell, isTruthText, looksLikeDate, numberOf, type Cell } from './cells';

/** The column is the class of each sample. */
export const LABEL = -1;
/** The column is left out. */
export const LEFT_OUT = -2;

export interface TableHead {
  /** For messages: a file, say. */
  name: string;
  /** Names of all columns. */
  columns: string[];
  /** Names of the columns of numbers, in the order that samples have them. */
  features: readonly string[];
  /** Each column's place among the features, {@link LABEL} or {@link LEFT_OUT}. */
  roles: Int32Array;
  /** Name of the column that is the class. */
  label: string | undefined;
  notices: string[];
}

export interface HeadOptions {
  name: string;
  columns: string[];
  /** Name of the column that holds the class. */
  label?: string;
  /** Names of the columns of numbers. Default: all but the label. */
  features?: readonly string[];
  /** The first rows, to find the class in where it is not told; absent: it is not looked for. */
  start?: readonly (readonly Cell[])[];
}

/** @throws {DataError} when a named column is not there, or no column of numbers is left */
export function headOf({ name, columns, features, start, ...told }: HeadOptions): TableHead {
  const notices: string[] = [];
  let label = told.label;
  if (label !== undefined && !columns.includes(label)) {
    throw new DataError(
      `${name} has no column “${cut(label)}” to take labels from; its columns are ${listed(columns)}`,
    );
  }
  const absent = features?.find((one) => !columns.includes(one));
  if (absent !== undefined) {
    throw new DataError(`${name} has no column “${cut(absent)}”; its columns are ${listed(columns)}`);
  }
  if (label === undefined && features === undefined && start) {
    label = foundLabel(name, columns, start);
    if (label !== undefined) notices.push(`${name}: the column “${cut(label)}” is used as the class of each sample; { label: '…' } chooses another.`); // prettier-ignore
  }
  const chosen = (features ? [...new Set(features)] : columns).filter((column) => column !== label);
  if (chosen.length === 0) {
    throw new DataError(`${name} has no column of numbers besides the label; its columns are ${listed(columns)}`);
  }
  const place = new Map(chosen.map((column, i) => [column, i]));
  const labelColumn = label === undefined ? -1 : columns.indexOf(label);
  const all = features === undefined;
  let next = 0;
  const roles = Int32Array.from(columns, (column, i) => {
    if (i === labelColumn) return LABEL;
    return all ? next++ : (place.get(column) ?? LEFT_OUT);
  });
  return { name, columns, features: chosen, roles, label, notices };
}

/** What a table's columns are where none is plainly the class: what somebody who is asked may choose from. */
export interface ColumnChoice {
  texts: string[];
  numbers: string[];
}

/** A {@link DataError} that carries the choice, for programs that can ask. */
export class UnclearClass extends DataError {
  constructor(
    problem: string,
    readonly choice: ColumnChoice,
  ) {
    super(problem);
  }
}

/** Names that people give to the column of classes. */
const CLASS = /^(label|labels|class|classes|target|targets|species)$/i;
/** A column with its own text in each of so many rows holds names, and no classes. */
const MANY = 20;
/** More whole numbers than these are a quantity, and no classes. */
const FEW_CLASSES = 100;

/** The one column of text, or of few whole numbers under the name of a class; undefined when that is not clear. */
function foundLabel(name: string, columns: readonly string[], start: readonly (readonly Cell[])[]): string | undefined {
  if (columns.length < 2) return undefined;
  const cells = columns.map((_, i) => start.map((row) => row[i]).filter((cell) => !isEmpty(cell)));
  const texts = columns.filter((_, i) => isOfText(cells[i]!));
  const named = columns.filter(
    (column, i) => CLASS.test(column.trim()) && (texts.includes(column) || areFew(cells[i]!)),
  );
  const [only] = texts.length === 1 ? texts : texts.length === 0 ? named : [];
  const clear = only !== undefined && named.every((column) => column === only);
  if (clear && !(texts.includes(only) && areNames(cells[columns.indexOf(only)]!))) return only;
  if (texts.length === 0) return undefined;
  const numbers = columns.filter((column) => !texts.includes(column));
  const label = named[0] ?? texts[0]!;
  throw new UnclearClass(
    `${name}: found text in the column${texts.length === 1 ? '' : 's'} ${listed(texts)}; say which is the class and which columns have the numbers: { label: '${cut(label)}', columns: [${listed(numbers.map((one) => `'${one}'`))}] }`,
    { texts, numbers },
  );
}

function isEmpty(cell: Cell): boolean {
  return isCell(cell) && Number.isNaN(numberOf(cell));
}

function isText(cell: Cell): boolean {
  return typeof cell === 'string' && numberOf(cell) === undefined;
}

/** Truth values alone are numbers, and beside text they are text. */
function isOfText(cells: readonly Cell[]): boolean {
  return cells.some(isText) && cells.every((cell) => isText(cell) || isTruthText(cell));
}

function areFew(cells: readonly Cell[]): boolean {
  return cells.length > 0 && cells.every((cell) => Number.isInteger(numberOf(cell))) && new Set(cells).size <= FEW_CLASSES && (cells.length < MANY || new Set(cells).size < cells.length); // prettier-ignore
}

function areNames(cells: readonly Cell[]): boolean {
  if (cells.every((cell) => looksLikeDate(String(cell)))) return true;
  return cells.length >= MANY && new Set(cells).size === cells.length;
}
