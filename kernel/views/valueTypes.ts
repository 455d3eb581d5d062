/** The JSON of checks, and of values that are shown as they are. */
import type { ViewBase } from './viewBase';

/** Formulas held against numbers: both sides of each, evaluated. */
export interface DerivationChecksView extends ViewBase {
  rows: DerivationCheck[];
}

export interface DerivationCheck {
  /** What is claimed, in LaTeX without dollars. */
  identity: string;
  /** The same as presentation MathML. */
  math: MathElement;
  /** The same in one line of plain text. */
  identityText: string;
  left: CheckedSide;
  right: CheckedSide;
  /** How the left side has to stand to the right one. */
  relation: '=' | '≤' | '≥';
  /** left − right; null when either is no finite number. */
  difference: number | null;
  /** How far the difference may be on the wrong side, standard errors counted in. */
  /** Null if it is no number, since a standard error is none. */
  tolerance: number | null;
  holds: boolean;
  /** How far the reader has come, where the row is an exercise; absent for a claim of the notebook's own. */
  exercise?: ExerciseState;
  /** The seed that random sides were given. */
  seed: number;
  /** Where it stands, for a jump there; absent where that is not known, as in views of before 0.1. */
  place?: CheckPlace;
  /** The label of the equation that the check names as its own. */
  equation?: string;
}

/** Not begun, answered wrongly, or answered rightly. */
export type ExerciseState = 'unsolved' | 'attempted' | 'solved';

export interface CheckPlace {
  /** What the user calls the cell. */
  cell: string;
  /** From 1. */
  line: number;
  /** The view that shows it below its cell. */
  viewId: string;
  /** The address of the cell's document, while it is open. */
  document?: string;
}

/** An element of presentation MathML. */
export interface MathElement {
  tag: string;
  attributes?: Record<string, string>;
  children: (MathElement | string)[];
}

export interface CheckedSide {
  /** Null for NaN and infinities, which `text` names. */
  value: number | null;
  text: string;
  /** 0 for a side that is exact. */
  standardError: number;
  /** The source that was evaluated; empty for a number that was handed in. */
  code: string;
}

// --- values -------------------------------------------------------------------------------------------------------

/** A value with what it holds. */
export interface ObjectView extends ViewBase {
  root: ValueNode;
}

/** What a value is, for its colour and its sign. */
export type ValueKind =
  'text' | 'number' | 'word' | 'function' | 'object' | 'list' | 'error' | 'getter' | 'cycle' | 'other';

export interface ValueNode {
  kind: ValueKind;
  /** The value in a line, its class included. */
  text: string;
  /** Whether the line says all of it: it need not be opened. */
  whole?: boolean;
  /** Absent for what holds nothing; empty, with `more`, where nothing of it was taken in. */
  children?: ValueEntry[];
  /** How many of its children are left out. */
  more?: number;
}

export interface ValueEntry {
  /** The property, the place, or the key of a map. */
  label: string;
  /** What follows the expression of the parent; absent where no JavaScript leads there. */
  access?: string;
  value: ValueNode;
}

/** Records that are alike, a row each. */
export interface TableView extends ViewBase {
  columns: { name: string; numeric: boolean }[];
  /** The first of them; numbers that are not finite are the texts that name them. */
  rows: (string | number | boolean | null)[][];
  /** How many records there are in all. */
  total: number;
  /** What data the records are, for views of a data set that was made of them. */
  data?: string;
}
