/** Contour lines of a grid by marching squares: linear between its points. */

type Point = [x: number, y: number];

/**
 * Where a surface has a level.
 *
 * @param z [h, w] row-major; cells with a value that is not finite have no line
 * @returns lines as points in the units of x and y
 */
export function contourLines(
  { x, y, z }: { x: ArrayLike<number>; y: ArrayLike<number>; z: ArrayLike<number> },
  level: number,
): Point[][] {
  const width = x.length;
  const segments: [Crossing, Crossing][] = [];
  for (let row = 0; row + 1 < y.length; row++) {
    for (let column = 0; column + 1 < width; column++) segments.push(...inCell(column, row));
  }
  return joined(segments);

  function inCell(column: number, row: number): [Crossing, Crossing][] {
    // Corners against the clock from the lower left; edge i lies between corners i and i + 1.
    const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]] as const; // prettier-ignore
    const values = corners.map(([c, r]) => z[r * width + c]!);
    if (!values.every(Number.isFinite)) return [];
    const isAbove = values.map((value) => value >= level);
    const crossed = [0, 1, 2, 3].filter((edge) => isAbove[edge] !== isAbove[(edge + 1) % 4]);
    const at = (edge: number): Crossing => {
      // One way along an edge for both cells that share it: their points are then the same.
      const [first, last] = edge > 1 ? [(edge + 1) % 4, edge] : [edge, (edge + 1) % 4];
      const [a, b] = [corners[first]!, corners[last]!];
      const share = (level - values[first]!) / (values[last]! - values[first]!);
      const between = (from: number, to: number) => from + share * (to - from);
      return { edge: `${a} ${b}`, point: [between(x[a[0]]!, x[b[0]]!), between(y[a[1]]!, y[b[1]]!)] };
    };
    if (crossed.length === 2) return [[at(crossed[0]!), at(crossed[1]!)]];
    if (crossed.length !== 4) return [];
    // A saddle: the middle tells which corners are one.
    const middle = values.reduce((sum, value) => sum + value, 0) / 4 >= level;
    const pairs = middle === isAbove[0] ? [[0, 1], [2, 3]] : [[3, 0], [1, 2]]; // prettier-ignore
    return pairs.map(([a, b]) => [at(a!), at(b!)]);
  }
}

/** Where a line crosses an edge of the grid. */
interface Crossing {
  /** The edge, which two cells share. */
  edge: string;
  point: Point;
}

/** Segments that meet at an edge, as lines. */
function joined(segments: readonly [Crossing, Crossing][]): Point[][] {
  const at = new Map<string, number[]>();
  segments.forEach((ends, i) => {
    for (const { edge } of ends) at.set(edge, [...(at.get(edge) ?? []), i]);
  });
  const used = new Set<number>();
  const next = ({ edge }: Crossing): Crossing | undefined => {
    const i = at.get(edge)!.find((one) => !used.has(one));
    if (i === undefined) return undefined;
    used.add(i);
    const [a, b] = segments[i]!;
    return a.edge === edge ? b : a;
  };
  return segments.flatMap(([a, b], i) => {
    if (used.has(i)) return [];
    used.add(i);
    const line = [a, b];
    for (let end = next(b); end; end = next(end)) line.push(end);
    for (let start = next(a); start; start = next(start)) line.unshift(start);
    return [line.map(({ point }) => point)];
  });
}
