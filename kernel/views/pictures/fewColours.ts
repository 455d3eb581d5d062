/** Pictures in few colours: figures of white paper, ink and some hues need no more. */

/** This share of the palette is for hues, however few pixels have them: hues mean something in a figure. */
const HUES = 0.5;
/** This share of either part are the most frequent colours, exactly. */
const EXACT = 0.4;
/** Levels between a colour's highest and lowest channel, from which on it is a hue. */
const VIVID = 24;

export interface Indexed {
  /** [width · height], places in the palette. */
  indices: Uint8Array;
  /** Red, green, blue bytes of each colour. */
  palette: Uint8Array;
  /** Root mean square over all pixels and channels of what the colours are off, in levels of 255. */
  error: number;
}

interface Colours {
  /** 0xrrggbb of each. */
  values: Uint32Array;
  counts: Uint32Array;
  /** [pixels], place of each pixel's colour. */
  of: Uint32Array;
}

/**
 * @param rgba opaque pixels, four bytes each
 * @param most colours of the palette, at most 256
 * @param keep colours that stay exactly as they are wherever they occur, as 0xrrggbb
 */
export function indexed(rgba: Uint8Array | Uint8ClampedArray, most = 256, keep: readonly number[] = []): Indexed {
  const colours = countColours(rgba);
  const chosen = colours.values.length <= most ? Array.from(colours.values) : chooseColours(colours, most, keep);
  const nearest = Uint8Array.from(colours.values, (colour) => nearestOf(colour, chosen));
  const indices = new Uint8Array(colours.of.length);
  for (let i = 0; i < indices.length; i++) indices[i] = nearest[colours.of[i]!]!;
  const palette = Uint8Array.from(chosen.flatMap((colour) => channelsOf(colour)));
  const squares = colours.values.reduce((sum, colour, i) => {
    return sum + colours.counts[i]! * distance(colour, chosen[nearest[i]!]!);
  }, 0);
  return { indices, palette, error: Math.sqrt(squares / (3 * Math.max(1, indices.length))) };
}

/** Those of a picture that is written with fewer and fewer colours. */
const counted = new WeakMap<Uint8Array | Uint8ClampedArray, Colours>();

function countColours(rgba: Uint8Array | Uint8ClampedArray): Colours {
  const known = counted.get(rgba);
  if (known) return known;
  const places = new Map<number, number>();
  const counts: number[] = [];
  const of = new Uint32Array(rgba.length / 4);
  // Most pixels are as the one beside them: runs of four equal bytes are found first.
  const words = wordsOf(rgba);
  for (let i = 0; i < of.length;) {
    const word = words[i]!;
    const from = i;
    while (i < of.length && words[i] === word) i++;
    const colour = (rgba[4 * from]! << 16) | (rgba[4 * from + 1]! << 8) | rgba[4 * from + 2]!;
    const place = places.get(colour) ?? counts.push(0) - 1;
    places.set(colour, place);
    counts[place]! += i - from;
    of.fill(place, from, i);
  }
  const colours = { values: Uint32Array.from(places.keys()), counts: Uint32Array.from(counts), of };
  counted.set(rgba, colours);
  return colours;
}

/** The same bytes, four at a time. */
function wordsOf(rgba: Uint8Array | Uint8ClampedArray): Uint32Array {
  const { buffer, byteOffset, length } = rgba.byteOffset % 4 === 0 ? rgba : rgba.slice();
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function chooseColours(colours: Colours, most: number, keep: readonly number[]): number[] {
  const { values, counts } = colours;
  const kept = keep.filter((colour) => values.includes(colour));
  const byCount = Array.from(values.keys())
    .filter((i) => !kept.includes(values[i]!))
    .sort((a, b) => counts[b]! - counts[a]!);
  const hues = byCount.filter((i) => isVivid(values[i]!));
  const greys = byCount.filter((i) => !isVivid(values[i]!));
  const rest = most - kept.length;
  const forHues = Math.min(hues.length, Math.max(Math.floor(HUES * rest), rest - greys.length));
  return [...kept, ...chosenOf(hues, forHues, colours), ...chosenOf(greys, rest - forHues, colours)];
}

/** The most frequent ones, and for the others the means of boxes that hold about as much of the picture. */
function chosenOf(byCount: number[], most: number, { values, counts }: Colours): number[] {
  if (byCount.length <= most) return byCount.map((i) => values[i]!);
  const exactly = Math.floor(EXACT * most);
  const boxes = [byCount.slice(exactly)];
  while (boxes.length < most - exactly) {
    const widest = widestOf(boxes, values, counts);
    if (widest === undefined) break;
    const { box, channel } = widest;
    const parts = halves(boxes[box]!, (i) => channelsOf(values[i]!)[channel], counts);
    boxes.splice(box, 1, ...parts);
  }
  const exact = byCount.slice(0, exactly).map((i) => values[i]!);
  return [...exact, ...boxes.map((box) => meanColour(box, values, counts))];
}

function isVivid(colour: number): boolean {
  const channels = channelsOf(colour);
  return Math.max(...channels) - Math.min(...channels) >= VIVID;
}

/** The box and the channel in which its colours differ most, counted as often as they occur. */
function widestOf(boxes: number[][], values: Uint32Array, counts: Uint32Array) {
  let found: { box: number; channel: 0 | 1 | 2; spread: number } | undefined;
  boxes.forEach((members, box) => {
    if (members.length < 2) return;
    for (const channel of [0, 1, 2] as const) {
      const spread = spreadOf(members, channel, values, counts);
      if (spread > (found?.spread ?? 0)) found = { box, channel, spread };
    }
  });
  return found;
}

const spreads = new WeakMap<number[], number[]>();

/** Sum of squared distances from the mean in one channel. */
function spreadOf(members: number[], channel: 0 | 1 | 2, values: Uint32Array, counts: Uint32Array): number {
  const known = spreads.get(members) ?? [];
  spreads.set(members, known);
  if (known[channel] !== undefined) return known[channel];
  let [n, sum, squares] = [0, 0, 0];
  for (const i of members) {
    const value = (values[i]! >> (16 - 8 * channel)) & 255;
    n += counts[i]!;
    sum += counts[i]! * value;
    squares += counts[i]! * value * value;
  }
  return (known[channel] = squares - (sum * sum) / n);
}

/** Cut at the mean of the channel. */
function halves(members: number[], at: (i: number) => number, counts: Uint32Array): [number[], number[]] {
  const n = members.reduce((sum, i) => sum + counts[i]!, 0);
  const mean = members.reduce((sum, i) => sum + counts[i]! * at(i), 0) / n;
  return [members.filter((i) => at(i) <= mean), members.filter((i) => at(i) > mean)];
}

function meanColour(members: number[], values: Uint32Array, counts: Uint32Array): number {
  const n = members.reduce((sum, i) => sum + counts[i]!, 0);
  const mean = (shift: number) =>
    Math.round(members.reduce((sum, i) => sum + counts[i]! * ((values[i]! >> shift) & 255), 0) / n);
  return (mean(16) << 16) | (mean(8) << 8) | mean(0);
}

function nearestOf(colour: number, palette: number[]): number {
  let [place, least] = [0, Infinity];
  for (let i = 0; i < palette.length; i++) {
    const off = distance(colour, palette[i]!);
    if (off >= least) continue;
    [place, least] = [i, off];
    if (off === 0) break;
  }
  return place;
}

function distance(a: number, b: number): number {
  const [red, green, blue] = [(a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255)];
  return red * red + green * green + blue * blue;
}

const channelsOf = (colour: number): [number, number, number] => [colour >> 16, (colour >> 8) & 255, colour & 255];
