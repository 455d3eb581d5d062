/** Samples that are no images as lines over their features. */
import type { Mark, Place } from './marks';

/** Half of what a value between two gaps is drawn as. */
const DASH = 2;

/** Values from left to right in a box: a line for each stretch of finite ones, a dash for one that stands alone. */
export function profileLines(
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
  box: Place,
): [x: number, y: number][][] {
  const step = values.length > 1 ? box.width / (values.length - 1) : 0;
  const lines: [number, number][][] = [];
  let isDown = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const wasDown = isDown;
    isDown = Number.isFinite(value);
    if (!isDown) continue;
    if (!wasDown) lines.push([]);
    const share = high === low ? 0.5 : (value - low) / (high - low);
    const x = values.length > 1 ? box.x + i * step : box.x + box.width / 2;
    lines.at(-1)!.push([x, box.y + (1 - share) * box.height]);
  }
  return lines.map((line) => {
    const [[x, y] = [0, 0], next] = line;
    return next ? line : [[x - DASH, y], [x + DASH, y]]; // prettier-ignore
  });
}

/** The line of a sample, in the first colour. */
export function profileMarks(
  values: ArrayLike<number>,
  range: readonly [number, number],
  box: Place,
  strokeWidth = 1,
): Mark[] {
  const lines = profileLines(values, range, box);
  return lines.map((points): Mark => ({ kind: 'path', points, stroke: 'category 0', strokeWidth }));
}
