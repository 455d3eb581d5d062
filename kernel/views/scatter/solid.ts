/** Points in three dimensions, turned before the eye, and the box around them. */
import { coreOf, type Interval } from '../extent';
import { directionsOf, seenAt, turnedRows, type Turn, type Turned } from './turned';

export type Axes3 = Turned['axes'];

/** From where to where the points reach on each axis; it does not depend on the turn. */
export type SolidBox = readonly [Interval, Interval, Interval];

export interface SolidPoints {
  turned: Turned;
  /** Half as long as the box from corner to corner: however it is turned, it fits into this. */
  reach: number;
  /** [2n]: to the right and upwards of what lies in the middle. */
  plane: Float32Array;
  /** [n]: from 0, the farthest corner, to 1, the nearest. */
  nearness: Float32Array;
}

/** @param rows [n · width] row-major */
export function solidBox(rows: ArrayLike<number>, width: number, axes: Axes3): SolidBox {
  const along = (axis: number) =>
    coreOf(Float32Array.from({ length: rows.length / width }, (_, k) => rows[k * width + axis]!));
  return [along(axes[0]), along(axes[1]), along(axes[2])];
}

/** @param rows [n · width] row-major */
export function solidPoints(
  rows: ArrayLike<number>,
  width: number,
  axes: Axes3,
  { turn, box }: { turn: Turn; box: SolidBox },
): SolidPoints {
  const middle = ([low, high]: Interval) => (low + high) / 2;
  const turned: Turned = { axes, centre: [middle(box[0]), middle(box[1]), middle(box[2])], ...directionsOf(turn) };
  const reach = Math.hypot(...box.map(([low, high]) => (high - low) / 2)) || 1;
  const { plane, nearness } = turnedRows(rows, width, turned);
  return {
    ...{ turned, reach, plane },
    nearness: nearness.map((one) => Math.max(0, Math.min(1, 0.5 + one / (2 * reach)))),
  };
}

type Corner = readonly [0 | 1, 0 | 1, 0 | 1];

interface Edge {
  axis: 0 | 1 | 2;
  from: Corner;
  to: Corner;
}

const BITS = [0, 1] as const;
const CORNERS: Corner[] = BITS.flatMap((a) => BITS.flatMap((b) => BITS.map((c): Corner => [a, b, c])));
const EDGES: Edge[] = CORNERS.flatMap((from) =>
  ([0, 1, 2] as const).flatMap((axis) =>
    from[axis] === 0 ? [{ axis, from, to: from.map((bit, i) => (i === axis ? 1 : bit)) as unknown as Corner }] : [],
  ),
);

export type Pixel = readonly [x: number, y: number];

export interface BoxLine {
  from: Pixel;
  to: Pixel;
  /** Whether it meets the farthest corner: such lines are fainter. */
  isFar: boolean;
  /** Whether it lies before the points. */
  isBefore: boolean;
}

/** An edge of the box that bears the numbers and the name of an axis. */
export interface BoxAxis {
  axis: 0 | 1 | 2;
  /** Where the axis begins and ends. */
  from: Pixel;
  to: Pixel;
  /** Away from the middle of the box, 1 pixel long. */
  out: Pixel;
}

/**
 * The box as it is seen.
 *
 * @param pixelOf where a place of the plane lies on the screen
 */
export function seenBox(
  { turned, box }: { turned: Turned; box: SolidBox },
  pixelOf: (x: number, y: number) => Pixel,
): { lines: BoxLine[]; axes: BoxAxis[] } {
  const seen = (place: ArrayLike<number>) => {
    const [x, y, nearness] = seenAt(place, turned);
    return { at: pixelOf(x, y), nearness };
  };
  const corner = (bits: Corner) => seen(bits.map((bit, i) => box[i]![bit]));
  const nearest = CORNERS.reduce((a, b) => (corner(b).nearness > corner(a).nearness ? b : a));
  const farthest = nearest.map((bit) => 1 - bit);
  const touches = ({ from, to }: Edge, one: ArrayLike<number>) =>
    [from, to].some((end) => end.every((bit, i) => bit === one[i]));
  const ends = ({ from, to }: Edge) => ({ from: corner(from).at, to: corner(to).at });
  const middle = seen(turned.centre).at;
  return {
    lines: EDGES.map((edge) => ({ ...ends(edge), isFar: touches(edge, farthest), isBefore: touches(edge, nearest) })),
    axes: ([0, 1, 2] as const).map((axis) => axisOf(axis, ends, middle)),
  };
}

/** The edge of an axis that lies lowest; of the upright one, farthest to the left. */
function axisOf(axis: 0 | 1 | 2, ends: (edge: Edge) => { from: Pixel; to: Pixel }, middle: Pixel): BoxAxis {
  const centre = (edge: Edge): Pixel => {
    const { from, to } = ends(edge);
    return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  };
  const isBetter = (a: Pixel, b: Pixel) => (axis === 1 ? a[0] < b[0] : a[1] > b[1]);
  const edge = EDGES.filter((one) => one.axis === axis).reduce((a, b) => (isBetter(centre(b), centre(a)) ? b : a));
  const [x, y] = centre(edge);
  const length = Math.hypot(x - middle[0], y - middle[1]) || 1;
  return { axis, ...ends(edge), out: [(x - middle[0]) / length, (y - middle[1]) / length] };
}

/** Pixels from an edge to its numbers, and to its name. */
const [TICKS, NAME] = [11, 27];

export interface BoxText {
  text: string;
  /** The middle of the text. */
  at: Pixel;
  isName: boolean;
}

/** Numbers and name along an edge. @param ticksOf as many as there is room for */
export function boxTexts(
  { axis, from, to, out }: BoxAxis,
  [low, high]: Interval,
  name: string,
  ticksOf: (low: number, high: number, count: number) => readonly { value: number; text: string }[],
): BoxText[] {
  const pixels = Math.hypot(to[0] - from[0], to[1] - from[1]);
  // An edge that goes away from the eye has no room for numbers.
  const ticks = pixels < 40 ? [] : ticksOf(low, high, Math.max(2, Math.floor(pixels / 70)));
  const place = (share: number, by: number): Pixel => [
    from[0] + share * (to[0] - from[0]) + by * out[0],
    from[1] + share * (to[1] - from[1]) + by * out[1],
  ];
  const numbers = ticks
    .filter(({ value }) => value >= low && value <= high)
    .map(({ value, text }) => ({ text, at: place((value - low) / (high - low || 1), TICKS), isName: false }));
  // Numbers of the upright axis are as wide as they are long: its name stands beyond them.
  const widest = axis === 1 ? Math.max(0, ...numbers.map(({ text }) => 6 * text.length - 12)) : 0;
  return [...numbers, { text: name, at: place(0.5, NAME + widest), isName: true }];
}
