/** The options that figures of your own numbers have in common. */
import { randomUUID } from 'node:crypto';
import { finite, flag, object, oneOf, optional, takes, text, type Kind } from '../../../autoencoders/arguments';
import * as views from '../../../views/index';
import { MIME } from '../../../views/index';
import { viewOf, type View } from '../view';

/** A line across the figure, at a place of one of its axes. */
export interface ReferenceLine {
  /** Where an upright line stands; a line has one of the two. */
  x?: number;
  /** Where a level line stands. */
  y?: number;
  /** What it is. */
  text?: string;
}

/** What all figures on axes take. */
export interface AxesOptions {
  title?: string;
  /** What is along the x axis, with its unit: `rate, nats per image`. */
  xLabel?: string;
  /** What is along the y axis, with its unit. */
  yLabel?: string;
  /** Which axes are logarithmic. */
  log?: 'x' | 'y' | 'xy';
  /** Lines across the figure: `[{ y: 0, text: 'chance' }]`. */
  lines?: readonly ReferenceLine[];
  /**
   * Keeps every point, however large the output becomes. Default: as many as fit into about 300 kB; the figure says so.
   */
  full?: boolean;
}

/** A figure of your own numbers. A cell shows it as its value, and `saveFigure` saves it. */
export type Figure = View<views.FigureView>;

const lineKind: Kind = (lines) => {
  const isLine = (line: unknown) => {
    const { x, y, text: words } = (line ?? {}) as ReferenceLine;
    const places = [x, y].filter((place) => place !== undefined);
    return places.length === 1 && finite(places[0]) === undefined && (words === undefined || typeof words === 'string');
  };
  return Array.isArray(lines) && lines.every(isLine)
    ? undefined
    : 'a list of { x, text } or { y, text } with finite numbers';
};

export function checkAxes(caller: string, options: AxesOptions): void {
  takes(caller, ['options', options, object()]);
  takes(caller, ['title', options.title, optional(text)], ['xLabel', options.xLabel, optional(text)]);
  takes(caller, ['yLabel', options.yLabel, optional(text)], ['log', options.log, optional(oneOf('x', 'y', 'xy'))]);
  takes(caller, ['lines', options.lines, optional(lineKind)], ['full', options.full, optional(flag)]);
}

export function figureOf(
  options: AxesOptions,
  drawn: {
    title: string;
    x?: string;
    y?: string;
    isEqual?: boolean;
    notes?: readonly string[];
    layers: readonly views.PlainLayer[];
  },
): Figure {
  const {
    title = drawn.title,
    xLabel = drawn.x ?? '',
    yLabel = drawn.y ?? '',
    log = '',
    lines = [],
    full = false,
  } = options;
  const view = views.figure({
    ...{ id: randomUUID(), title, layers: drawn.layers, full, notes: drawn.notes ?? [] },
    x: { title: xLabel, ...(log.includes('x') && { log: true }) },
    y: { title: yLabel, ...(log.includes('y') && { log: true }) },
    lines: lines.map(({ x, y, text: words = '' }) =>
      x === undefined ? { axis: 'y', value: y!, text: words } : { axis: 'x', value: x, text: words },
    ),
    ...(drawn.isEqual && { isEqual: true }),
  });
  return viewOf(MIME.figure, view);
}

/** An object of things by name; not a tensor, an array or a data set. */
export function isByName(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
