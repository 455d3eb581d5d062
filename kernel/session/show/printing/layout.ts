/** Values in brackets, a row of the last axis on a line, by the rules of numpy's print. */

const LINE = 100;
/** Values of a tensor that are all shown; of larger ones both ends of each axis are. */
const SHOWN_WHOLE = 1000;
/** Elements shown at each end of an axis; fewer where many axes would show more than `SHOWN_EDGES`. */
const EDGE = 3;
const SHOWN_EDGES = 1500;
const LEFT_OUT = '…';

/** Which indices of each axis are shown; null stands for what is left out. */
export type Shown = readonly (readonly (number | null)[])[];

export function shownIndices(shape: readonly number[]): Shown {
  const size = shape.reduce((product, length) => product * length, 1);
  const whole = shape.map((length) => Array.from({ length: Math.min(length, size) }, (_, i) => i));
  if (size <= SHOWN_WHOLE) return whole;
  const countAt = (edge: number) => shape.reduce((product, length) => product * Math.min(length, 2 * edge), 1);
  const edge = countAt(EDGE) <= SHOWN_EDGES ? EDGE : countAt(2) <= SHOWN_EDGES ? 2 : 1;
  return shape.map((length) => {
    if (length <= 2 * edge) return Array.from({ length }, (_, i) => i);
    const ends = Array.from({ length: edge }, (_, i) => i);
    return [...ends, null, ...ends.map((i) => length - edge + i)];
  });
}

/** Places in the row-by-row values of everything that is shown. */
export function shownPlaces(shape: readonly number[], shown: Shown): number[] {
  let places = [0];
  shown.forEach((indices, axis) => {
    const kept = indices.filter((index) => index !== null);
    places = places.flatMap((place) => kept.map((index) => place * shape[axis]! + index));
  });
  return places;
}

/** @param word the text of the value at a place */
export function bracketed(shape: readonly number[], shown: Shown, word: (place: number) => string): string {
  const nested = (axis: number, place: number): string => {
    const indent = ' '.repeat(axis + 1);
    const room = LINE - axis - 1;
    const at = (index: number) => place * shape[axis]! + index;
    if (axis === shape.length - 1) {
      return `[${wrapped(
        shown[axis]!.map((index) => (index === null ? LEFT_OUT : word(at(index)))),
        indent,
        room,
      )}]`;
    }
    const parts = shown[axis]!.map((index) => (index === null ? LEFT_OUT : nested(axis + 1, at(index))));
    return `[${parts.join(`,${'\n'.repeat(shape.length - 1 - axis)}${indent}`)}]`;
  };
  return nested(0, 0);
}

/** Words on as many lines as they need, all but the first indented. */
function wrapped(words: readonly string[], indent: string, room: number): string {
  const lines: string[] = [];
  let line = indent;
  words.forEach((word, i) => {
    if (line.length + word.length > room && line.length > indent.length) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += i < words.length - 1 ? `${word}, ` : word;
  });
  return [...lines, line].join('\n').slice(indent.length);
}
