/** What is drawn of a latent scatter: where its points lie, and what they are coloured by. */
import { decode } from '../../encoding';
import { coreOf, isWithin } from '../../extent';
import { scaleColours, scaleStep, WITHOUT_VALUE, type Bytes } from '../../scatter/colourScale';
import { colouringOf, type Scale } from '../../scatter/colouring';
import { solidBox, solidPoints, type Axes3 } from '../../scatter/solid';
import type { LatentScatterView } from '../../types';
import { CROWD } from './density';
import type { DrawnSolid } from './solid';

export interface Cloud {
  x: number[];
  y: number[];
  /** Class of each point, 0 where there are none. */
  classes: number[];
  names: string[];
  /** Where they are on a scale, in place of classes. */
  scale: Scale | null;
  /** [m] index of each among the view's points. */
  places: number[];
  /** Three dimensions, and how near each point is in them; absent in two. */
  solid?: DrawnSolid & { nearness: number[]; reach: number };
}

/** Points that {@link coreOf} leaves out on one of the axes. */
export function farOff({ x, y }: Cloud, isPlane: boolean): number {
  const [across, up] = [coreOf(x), coreOf(y)];
  return x.filter((value, i) => !isWithin(value, across) || (isPlane && !isWithin(y[i]!, up))).length;
}

/** What the axes are of: the first two dimensions, components, or an embedding. */
export function shownAxes({ points, dimensions, projections, space }: LatentScatterView) {
  const { pca, umap } = projections ?? {};
  if (space === 'pca' && pca) {
    const shares = decode(pca.shares);
    const names = Array.from(shares, (share, i) => `PC ${i + 1} (${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %)`);
    return { places: decode(pca.scores), stride: shares.length, names, isProjected: true };
  }
  if (space === 'umap' && umap)
    return { places: decode(umap.places), stride: 2, names: ['UMAP 1', 'UMAP 2'], isProjected: true };
  return { places: decode(points), stride: dimensions.length, names: dimensions, isProjected: false };
}

/** Three axes as they are turned at first; undefined if two are shown, or three are not known. */
function turnedAxes(view: LatentScatterView) {
  const { turn, space, projections } = view;
  const { places, stride, names } = shownAxes(view);
  const embedded = space === 'umap' && projections?.umap3 ? decode(projections.umap3.places) : undefined;
  const [rows, width] = space === 'umap' ? [embedded, 3] : [places, stride];
  if (!turn || !rows || width < 3) return undefined;
  const axes: Axes3 = [0, 1, turn.third];
  const named = (axis: number) => (embedded ? `UMAP ${axis + 1}` : (names[axis] ?? ''));
  const box = solidBox(rows, width, axes);
  const points = solidPoints(rows, width, axes, { turn, box });
  return { ...points, box, names: [named(0), named(1), named(turn.third)] as const };
}

/** Finite points of the two axes, with what they are coloured by. */
export function readCloud(view: LatentScatterView): Cloud {
  const points = decode(view.points);
  const width = view.dimensions.length;
  const colouring = colouringOf(
    {
      points,
      dimensions: view.dimensions,
      labels: view.labels && decode(view.labels),
      classNames: view.classNames,
      columns: (view.colours ?? []).map((column) => ({ ...column, values: decode(column.values) })),
    },
    view.colourBy,
  );
  const turned = turnedAxes(view);
  const { places, stride } = turned ? { places: turned.plane, stride: 2 } : shownAxes(view);
  const isGroups = colouring.kind === 'groups';
  const cloud: Cloud = {
    ...{ x: [], y: [], classes: [], places: [] },
    names: isGroups ? colouring.names : [],
    scale: colouring.kind === 'scale' ? colouring : null,
    ...(turned && { solid: { ...turned, nearness: [] } }),
  };
  for (const i of inOrder(points.length / width, turned?.nearness)) {
    const [x, y] = [places[i * stride]!, places[i * stride + Math.min(1, stride - 1)]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    cloud.x.push(x);
    cloud.y.push(y);
    cloud.classes.push(isGroups ? colouring.groupOf[i]! : 0);
    cloud.places.push(i);
    cloud.solid?.nearness.push(turned!.nearness[i]!);
  }
  return cloud;
}

/** Points by their place; of three dimensions the farthest first, unless they are a crowd. */
function inOrder(n: number, nearness: Float32Array | undefined): Iterable<number> {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  return nearness && n <= CROWD ? order.sort((a, b) => nearness[a]! - nearness[b]!) : order;
}

/** The colour of a point on the scale. */
export function scaleColour({ scale, places }: Cloud, i: number): Bytes {
  const step = scaleStep(scale!.values[places[i]!]!, scale!.range);
  return step < 0 ? WITHOUT_VALUE.light : scaleColours('light')[step]!;
}
