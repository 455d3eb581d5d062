/** The runs that no other run beats in both of two metrics. */

/**
 * The Pareto front of points.
 *
 * @param x         NaN where a run has none; such runs are not on the front
 * @param wayX      −1 where less is better, 1 where more is
 * @param among     the points that count, by their indexes; absent: all
 * @returns indexes from the best x to the worst; of equal points all
 */
export function paretoFront(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  wayX: -1 | 1,
  wayY: -1 | 1,
  among: Iterable<number> = Array.from(x, (_, i) => i),
): number[] {
  const order = [...among]
    .filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!))
    .sort((a, b) => wayX * (x[b]! - x[a]!) || wayY * (y[b]! - y[a]!) || a - b);
  const front: number[] = [];
  for (const i of order) {
    const last = front.at(-1);
    const isBetter = last === undefined || wayY * (y[i]! - y[last]!) > 0;
    const isSame = last !== undefined && x[i] === x[last] && y[i] === y[last];
    if (isBetter || isSame) front.push(i);
  }
  return front;
}

/** Words of names by which a rate and a distortion are known. */
const RATE = /(^|[.\s_-])(rate|kl|divergence)$/i;
const DISTORTION = /(^|[.\s_-])(distortion|reconstruction)$/i;

/**
 * The two metrics that a front is drawn of at first: rate and distortion where they are there, of held-out data rather than of
 * those that were trained on.
 */
export function frontMetrics(names: readonly string[]): [x: string, y: string] | undefined {
  const find = (pattern: RegExp) => {
    const found = names.filter((name) => pattern.test(name));
    return found.find((name) => !name.includes('.')) ?? found.find((name) => !name.startsWith('train.')) ?? found[0];
  };
  const [rate, distortion] = [find(RATE), find(DISTORTION)];
  if (rate !== undefined && distortion !== undefined) return [rate, distortion];
  const others = names.filter((name) => name !== 'seconds');
  const [first, second = names.find((name) => name !== first)] = others;
  return first === undefined || second === undefined ? undefined : [first, second];
}
