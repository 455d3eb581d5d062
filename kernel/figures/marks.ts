/**
 * A drawing as plain data: shapes and texts, whose colours are roles that a theme fills in. It is painted on a canvas, as
 * elements of a page, or written as SVG, by whoever shows it.
 */

/** What a colour means: the theme of a page, or print, says which it is. */
export type ColourRole =
  | 'foreground'
  | 'muted'
  | 'line'
  | 'grid'
  | 'background'
  | 'error'
  | 'accent'
  | 'none'
  | `category ${number}`
  /** A category, thinned so that text stays readable on it. */
  | `tint ${number}`
  /** The colour itself. */
  | `#${string}`
  | `rgba(${string})`;

export interface Painted {
  fill?: ColourRole;
  stroke?: ColourRole;
  strokeWidth?: number;
  dash?: readonly number[];
  /** That of the fill. */
  opacity?: number;
  /** On whole pixels of the screen. */
  isCrisp?: boolean;
}

/** A rectangle from its top left corner, in CSS pixels. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface RectMark extends Painted, Place {
  kind: 'rect';
  radius?: number;
}

export interface EllipseMark extends Painted {
  kind: 'ellipse';
  x: number;
  y: number;
  rx: number;
  ry: number;
}

/** Lines between points, or smooth curves through them. */
export interface PathMark extends Painted {
  kind: 'path';
  points: readonly (readonly [x: number, y: number])[];
  isSmooth?: boolean;
  isClosed?: boolean;
}

export interface TextMark {
  kind: 'text';
  /** A class of the element: `tick`. */
  name?: string;
  x: number;
  /** The base line. */
  y: number;
  text: string;
  size: number;
  fill: ColourRole;
  anchor?: 'start' | 'middle' | 'end';
  isBold?: boolean;
  isItalic?: boolean;
  /** An edge of the background that keeps the text readable above lines. */
  hasHalo?: boolean;
  /** Degrees, clockwise. */
  turn?: number;
}

/** Marks that belong together; `id` says what they show. */
export interface GroupMark {
  kind: 'group';
  id: string;
  /** Classes of the element: `x axis`. */
  name?: string;
  /** `log` for an axis of that scale. */
  scale?: string | undefined;
  marks: readonly Mark[];
}

export type Mark = RectMark | EllipseMark | PathMark | TextMark | GroupMark;

/** The colours of the roles. */
export type Colours = (role: ColourRole) => string;

/** How a smooth path continues from one of its points. */
export interface Bend {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly end: readonly [number, number];
}

/** A path as cubic curves: a B-spline that begins and ends at its first and last point, and stays among the others. */
export function bendsOf({ points }: PathMark): Bend[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  if (points.length < 3) return [{ from: first, to: last, end: last }];
  const between = (a: Point, b: Point, share: number): Point => [
    a[0] + (b[0] - a[0]) * share,
    a[1] + (b[1] - a[1]) * share,
  ];
  // Each end stands three times: the curve then reaches it.
  const control = [first, ...points, last];
  return control.slice(1, -1).map((point, i): Bend => {
    const next = control[i + 2]!;
    const after = control[i + 3] ?? next;
    const [from, to] = [between(point, next, 1 / 3), between(point, next, 2 / 3)];
    const isLast = i === control.length - 3;
    return { from, to, end: isLast ? last : between(to, between(next, after, 1 / 3), 0.5) };
  });
}

type Point = readonly [number, number];

/** About the width of a text in pixels, in the fonts that figures are drawn in. */
export function textWidth(text: string, size: number, isBold = false): number {
  let units = 0;
  for (const letter of text) {
    if (/[ijlI.,:;'|()[\]·‧]/.test(letter)) units += 0.34;
    else if (/[mwMW→×−+=<>±≤≥]/.test(letter)) units += 0.88;
    else if (/[A-Z]/.test(letter)) units += 0.7;
    else if (letter === ' ') units += 0.33;
    else units += 0.61;
  }
  return units * size * (isBold ? 1.08 : 1);
}
