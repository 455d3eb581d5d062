/** Panels of curves as plain data: what stands where. Painted on a canvas or written as SVG by others. */
import type { Tick } from '../../views/ticks';

/** A rectangle in CSS pixels; of an axis pair, the plot area without ticks and titles. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** In axis units: log10 of the value on a log axis. */
export type Range = readonly [low: number, high: number];

/** `x`, or `y` with the index of a panel → the range that the reader zoomed to, in axis units. */
export type Zoom = Readonly<Partial<Record<'x' | `y${number}`, Range>>>;

export interface Axis {
  range: Range;
  log?: boolean;
  /** Values, not axis units. */
  ticks: readonly Tick[];
  title?: string | undefined;
}

export interface Line {
  x: ArrayLike<number>;
  /** Values that are not finite interrupt the line. */
  y: ArrayLike<number>;
  /** What it is, for readers of the drawing's source: `raw total`. */
  name: string;
  colour: string;
  width: number;
  dash?: readonly number[] | undefined;
  /** Whether x goes back and forth, as on a contour or a path. */
  isFree?: boolean;
  /** Rings at the points, filled with this colour. */
  markers?: string | undefined;
  /** Whether the right axis measures it. */
  right?: boolean;
}

/** The area between two curves over the same x. */
export interface Band {
  x: ArrayLike<number>;
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  name: string;
  colour: string;
}

/** A map of coloured cells: columns between edges, rows between edges too, or of height 1 from the top of the y axis down. */
export interface Cells {
  name: string;
  /** [n + 1] ascending. */
  edges: ArrayLike<number>;
  rows: number;
  /** [rows + 1] ascending: the first row is then the lowest. */
  up?: ArrayLike<number> | undefined;
  colour(column: number, row: number): string;
}

/** Places without lines between them. */
export interface Points {
  name: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** In the order in which they are drawn, the last above all others. */
  order: ArrayLike<number>;
  colour(point: number): string;
  /** Pixels across. */
  size: number;
}

/** A labelled level across the panel; or a place on the x axis. */
export interface Level {
  value: number;
  text: string;
  axis?: 'x' | 'y';
}

/** Where values are not finite, and what they are. */
export interface Broken {
  from: number;
  to: number;
  text: string;
}

export interface Panel {
  box: Box;
  x: Axis;
  /** Whether the x axis says its numbers, or leaves them to the panel below. */
  hasLabels: boolean;
  y: Axis;
  right?: Axis | undefined;
  bands: readonly Band[];
  lines: readonly Line[];
  cells?: Cells | undefined;
  points?: Points | undefined;
  levels?: readonly Level[];
  broken: readonly Broken[];
}

/** Pixels of values on a panel's axes. */
export interface Scale {
  x(value: number): number;
  y(value: number): number;
}

export function scaleOf({ box, x, y, right }: Panel, onRight = false): Scale {
  const up = onRight && right ? right : y;
  const across = box.width / (x.range[1] - x.range[0]);
  const rise = box.height / (up.range[1] - up.range[0]);
  const bottom = box.top + box.height;
  return {
    x: (value) => box.left + (value - x.range[0]) * across,
    y: (value) => bottom - ((up.log ? Math.log10(value) : value) - up.range[0]) * rise,
  };
}
