/** Numbers in a line of block characters, and their statistics. */
import type { Sparkline, Statistics } from '../../protocol';

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Where no number is finite. */
const NOTHING = '·';
const WIDTH = 16;

/**
 * One axis is drawn as it runs: each block is the mean of an equal stretch, from the least block to the greatest. More
 * axes have no order that a line could show: a histogram of equal bins, a block's height being its share of the fullest;
 * an empty bin is the lowest block, and no other is.
 *
 * @param of how many numbers these were read
 * @returns undefined when fewer than two numbers are finite
 */
export function sparkline(values: ArrayLike<number>, axes: number, of = values.length): Sparkline | undefined {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length < 2) return undefined;
  const [low, high] = rangeOf(finite);
  const shows = axes === 1 ? 'series' : 'histogram';
  const text = shows === 'series' ? series(values, low, high) : histogram(finite, low, high);
  return { text, shows, low, high, read: values.length, of };
}

function series(values: ArrayLike<number>, low: number, high: number): string {
  const count = Math.min(WIDTH, values.length);
  const all = Array.from(values);
  const block = (i: number): string => {
    const stretch = all.slice(Math.floor((i * all.length) / count), Math.floor(((i + 1) * all.length) / count));
    const finite = stretch.filter(Number.isFinite);
    if (finite.length === 0) return NOTHING;
    const mean = finite.reduce((sum, value) => sum + value / finite.length, 0);
    const height = placeIn(mean, low, high);
    return BLOCKS[Math.max(0, Math.min(BLOCKS.length - 1, Math.floor(height * BLOCKS.length)))]!;
  };
  return Array.from({ length: count }, (_, i) => block(i)).join('');
}

/** 0 at the least, 1 at the greatest; what does not change stands in the middle. */
function placeIn(value: number, low: number, high: number): number {
  // Halves, since the whole range of two large numbers may be infinite.
  return high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
}

function histogram(values: readonly number[], low: number, high: number): string {
  const counts = new Array<number>(WIDTH).fill(0);
  for (const value of values) {
    const bin = Math.floor(placeIn(value, low, high) * WIDTH);
    counts[Math.min(WIDTH - 1, bin)]! += 1;
  }
  const most = Math.max(...counts);
  return counts.map((count) => BLOCKS[Math.ceil((count / most) * (BLOCKS.length - 1))]!).join('');
}

/** @param of how many numbers these were read */
export function statisticsOf(values: ArrayLike<number>, of = values.length): Statistics | undefined {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const [minimum, maximum] = rangeOf(finite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const variance = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length;
  const notFinite = values.length - finite.length;
  return { minimum, maximum, mean, deviation: Math.sqrt(variance), notFinite, read: values.length, of };
}

/** The least and the greatest; `Math.min(...values)` overflows the stack. */
export function rangeOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
