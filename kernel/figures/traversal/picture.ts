/** A traversal as a picture: sliders where they stand, with their values, the samples along them, and the decoded one. */
import { wrapped, type WidthOf } from '../fitting';
import type { Mark, Place, TextMark } from '../marks';
import type { SampleShape, TraversalView, TraversedDimension } from '../../views/types';
import { alike, coordinate } from '../../views/wording';
import { cellIn, GAP, largeSize, movedFrom, placeText, SIDE, stepAt } from './places';

/** What the sliders stand at. */
export interface TraversalPlace {
  z: readonly number[];
  /** The point that they are moved around. */
  anchor: number;
  /** What the large sample does not tell. */
  source: string;
}

export interface TraversalPicture {
  marks: Mark[];
  /** Below the frame around the step that a slider stands at. */
  cells: { row: number; step: number; place: Place }[];
  large: Place;
  /** Above the samples: frames. */
  frames: Mark[];
  bottom: number;
}

const [MARGIN, TITLE, AROUND, TOP] = [12, 20, 40, 54];
const HEAD = { width: 240, height: 40, gap: 22, values: 54 };
const PADDING = 4;
const BESIDE = SIDE + 28;
/** Narrower, the samples stand below their slider, and the large one below all. */
const NARROW = 640;

/** @param shape of the samples as they are drawn */
export function traversalPicture(
  view: TraversalView,
  shape: SampleShape,
  { z, anchor, source }: TraversalPlace,
  { width, widthOf }: { width: number; widthOf: WidthOf },
): TraversalPicture {
  const isNarrow = width < NARROW;
  const list = width - 2 * MARGIN - (isNarrow ? 0 : BESIDE);
  const head = isNarrow ? list : HEAD.width;
  const cell = cellIn(shape, view.steps, isNarrow ? list : list - HEAD.width - HEAD.gap);
  const inner = isNarrow ? HEAD.height + PADDING + cell.height : Math.max(HEAD.height, cell.height);
  const step = inner + 2 * PADDING + 1;
  const from = view.anchors[anchor]!;
  const moved = new Set(movedFrom(from.z, z));
  const most = Math.max(...view.dimensions.map(({ value = 0 }) => value), 1e-12);
  const amounts = alike(view.dimensions.map(({ value }) => value ?? NaN));

  const ink = { kind: 'text', x: MARGIN, fill: 'foreground' } as const;
  const marks: Mark[] = [
    { ...ink, y: TITLE, text: view.title, size: 14, isBold: true },
    { ...ink, y: AROUND, text: `Around ${from.name}`, size: 11, fill: 'muted' },
  ];
  const frames: Mark[] = [];
  const cells: TraversalPicture['cells'] = [];
  view.dimensions.forEach((dimension, row) => {
    const top = TOP + row * step;
    const [x, y] = isNarrow
      ? [MARGIN, top + PADDING + HEAD.height + PADDING]
      : [MARGIN + HEAD.width + HEAD.gap, top + PADDING + (inner - cell.height) / 2];
    const headTop = isNarrow ? top + PADDING : top + PADDING + (inner - HEAD.height) / 2;
    const value = z[dimension.index]!;
    const state = { value, isMoved: moved.has(dimension.index), share: (dimension.value ?? 0) / most };
    const amount = dimension.value === undefined ? '' : amounts[row]!;
    if (row > 0) marks.push({ kind: 'path', points: [[MARGIN, top], [MARGIN + list, top]], stroke: 'grid' }); // prettier-ignore
    marks.push(...sliderMarks(dimension, { ...state, amount }, { x: MARGIN, y: headTop, width: head }, widthOf));
    for (let i = 0; i < view.steps; i++) {
      cells.push({ row, step: i, place: { x: x + i * (cell.width + GAP), y, ...cell } });
    }
    const at = stepAt(dimension, value, view.steps);
    const frame = { x: x + at * (cell.width + GAP) - 1, y: y - 1, width: cell.width + 2, height: cell.height + 2 };
    frames.push({ kind: 'rect', ...frame, radius: 2, stroke: 'accent', strokeWidth: 2 });
  });

  const foot = TOP + view.dimensions.length * step;
  const size = largeSize(shape);
  const large = isNarrow
    ? { x: MARGIN, y: foot + 8, ...size }
    : { x: width - MARGIN - SIDE, y: TOP + PADDING, ...size };
  frames.push({ kind: 'rect', x: large.x - 0.5, y: large.y - 0.5, width: size.width + 1, height: size.height + 1, stroke: 'grid' }); // prettier-ignore
  const lines = [
    { text: placeText(view, z, anchor), fill: 'foreground' as const },
    { text: source, fill: 'muted' as const },
  ].flatMap(({ text, fill }) =>
    wrapped(text, SIDE, (part) => widthOf(part, 11, false)).map((line) => ({ line, fill })),
  );
  const below = large.y + size.height + 20;
  marks.push(...lines.map(({ line, fill }, i): TextMark => ({ ...ink, x: large.x, y: below + 16 * i, text: line, size: 11, fill }))); // prettier-ignore
  return { marks, cells, large, frames, bottom: Math.max(foot, below + 16 * lines.length - 4) + 8 };
}

/** Name, slider and value; below them how much the dimension carries. */
function sliderMarks(
  { name, low, high }: TraversedDimension,
  { value, isMoved, share, amount }: { value: number; isMoved: boolean; share: number; amount: string },
  { x, y, width }: { x: number; y: number; width: number },
  widthOf: WidthOf,
): Mark[] {
  const right = x + width;
  const text = { kind: 'text', size: 11.5 } as const;
  const bar = { kind: 'rect', height: 4, radius: 2 } as const;
  const from = x + Math.max(34, widthOf(name, 12, true) + 10);
  const to = right - HEAD.values;
  const place = from + 7 + (to - from - 14) * Math.max(0, Math.min(1, (value - low) / (high - low || 1)));
  return [
    { kind: 'text', x, y: y + 13, text: name, size: 12, fill: 'foreground', isBold: true },
    { ...bar, x: from, y: y + 8, width: to - from, height: 3, radius: 1.5, fill: 'line' },
    { kind: 'ellipse', x: place, y: y + 9.5, rx: 6, ry: 6, fill: 'accent' },
    { ...text, x: right, y: y + 13, text: coordinate(value), fill: isMoved ? 'foreground' : 'muted', anchor: 'end' },
    ...(amount === ''
      ? []
      : ([
          { ...bar, x, y: y + 29, width: to - x, fill: 'grid' },
          { ...bar, x, y: y + 29, width: (to - x) * Math.max(0, Math.min(1, share)), fill: 'accent' },
          { ...text, x: right, y: y + 35, text: amount, size: 10.5, fill: 'muted', anchor: 'end' },
        ] as const)),
  ];
}
