/** A lasso by each engine, the same on the screen; ours is held against a search through all points. */
/** A star of many corners about the middle of the plane, in pixels from its top left. */
export const LASSO: readonly (readonly [number, number])[] = Array.from({ length: 48 }, (_, i) => {
  const [angle, radius] = [(2 * Math.PI * i) / 48, i % 2 === 0 ? 150 : 95];
  return [340 + radius * Math.cos(angle), 200 + radius * Math.sin(angle)] as const;
});

interface Told {
  type: string;
  request?: { kind: string; selection?: { points: string; regions: { polygon: number[] }[] } };
}

/** The newest selection that a view has asked its kernel about. */
function selectionIn(told: readonly unknown[]) {
  const asked = (told as Told[]).findLast(({ request }) => request?.kind === 'select');
  const { points, regions } = asked?.request?.selection ?? {};
  if (points === undefined || regions?.length !== 1)
    throw new Error('The lasso selected nothing that the view reported.');
  return { mask: Uint8Array.from(atob(points), (letter) => letter.charCodeAt(0)), polygon: regions[0]!.polygon };
}

/**
 * Holds every point against every side of the shape.
 *
 * @returns how many points are selected
 * @throws Error when one is selected that lies outside, or the other way round
 */
export function checkedSelection(told: readonly unknown[], { xy }: { xy: Float32Array }): number {
  const { mask, polygon } = selectionIn(told);
  const corners = polygon.length / 2;
  let count = 0;
  for (let k = 0; k < xy.length / 2; k++) {
    const [x, y] = [xy[2 * k]!, xy[2 * k + 1]!];
    let isInside = false;
    for (let i = 0, j = corners - 1; i < corners; j = i++) {
      const [x1, y1, x2, y2] = [polygon[2 * i]!, polygon[2 * i + 1]!, polygon[2 * j]!, polygon[2 * j + 1]!];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) isInside = !isInside;
    }
    const isSelected = ((mask[k >> 3]! >> (k & 7)) & 1) === 1;
    if (isSelected !== isInside) throw new Error(`Point ${k} at (${x}, ${y}) is ${isInside ? 'not ' : ''}selected.`);
    if (isSelected) count++;
  }
  if (count === 0) throw new Error('The lasso holds no point.');
  return count;
}
