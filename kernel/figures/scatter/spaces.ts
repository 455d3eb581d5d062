/** What the two axes of the plane are of, and the way from a place on it to a latent point. */
import type { Interval } from '../../views/extent';
import type { Turned } from '../../views/scatter/turned';
import { project } from './plane';
import type { Coordinates } from './plane';

export type Place = [number, number];

/** What is seen of a space in three dimensions. */
export interface Solid {
  turned: Turned;
  /** What the box around the points holds of each axis. */
  box: readonly [Interval, Interval, Interval];
  names: readonly [string, string, string];
  /** [n] how near each point is, from 0 (the farthest corner of the box) to 1 (the nearest). */
  nearness: Float32Array;
}

export interface Space {
  readonly kind: 'latent' | 'pca' | 'umap';
  /** Names of its axes; one alone has no second. */
  readonly names: readonly string[];
  /** The same in a few letters. */
  readonly shortNames: readonly string[];
  /** What dimensions are held at that are not shown and that nobody has chosen: `others 0`. */
  readonly rest: string;
  /** Whether a unit is as long across as up. */
  readonly isEqual: boolean;
  /** [2n] of all points. */
  coordinates(axes: readonly [number, number]): Coordinates;
  /**
   * The latent point at a place: a number for each axis.
   *
   * @param held what the dimensions that are not shown are held at
   * @returns null if no way leads back
   */
  latentAt(place: readonly number[], axes: readonly number[], held: ArrayLike<number>): number[] | null;
  /** Where a latent point lies on axes; null if that is unknown. */
  placeOf(z: ArrayLike<number>, axes: readonly number[]): number[] | null;
  /** [n · width] the points on all axes, where there are three or more and any may be shown; undefined: there are not. */
  readonly rows?: { values: ArrayLike<number>; width: number } | undefined;
  /** Three axes are seen at once. */
  readonly solid?: Solid;
  /** What the plane has to have room for, where that is more than the points: [2m]. */
  extent?(axes: readonly [number, number]): Coordinates;
  /** The points are where they were in an earlier epoch. */
  readonly isPast?: boolean;
  /** The latent of a point there; null if it is not known. */
  zOf?(point: number): number[] | null;
  /** What dimensions are held at that nobody has chosen. */
  readonly middle: readonly number[];
}

/** Points with their d coordinates [n · d], row by row. */
export interface LatentPoints {
  points: ArrayLike<number>;
  d: number;
  dimensions: readonly string[];
}

export function latentSpace({ points, d, dimensions }: LatentPoints): Space {
  return {
    kind: 'latent',
    names: dimensions,
    shortNames: dimensions,
    rest: 'others 0',
    isEqual: d > 1,
    coordinates: (axes) => project(points, d, axes),
    latentAt: (place, axes, held) => {
      const z = Array.from(held);
      // With one dimension the height has no meaning; of the same dimension twice the first counts.
      for (let i = d > 1 ? axes.length - 1 : 0; i >= 0; i--) z[axes[i]!] = place[i]!;
      return z;
    },
    placeOf: (z, axes) => axes.map((axis, i) => (d > 1 || i === 0 ? (z[axis] ?? 0) : 0)),
    rows: d > 2 ? { values: points, width: d } : undefined,
    middle: Array.from({ length: d }, () => 0),
  };
}

export interface Components {
  /** [d] */
  mean: ArrayLike<number>;
  /** [k · d]: a direction of length 1 a row. */
  directions: ArrayLike<number>;
  /** [n · k] */
  scores: ArrayLike<number>;
  /** [k] share of the variance of each. */
  shares: ArrayLike<number>;
}

export function principalSpace({ mean, directions, scores, shares }: Components): Space {
  const d = mean.length;
  const k = shares.length;
  const scoreOf = (z: ArrayLike<number>, component: number) => {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += (z[i]! - mean[i]!) * directions[component * d + i]!;
    return sum;
  };
  return {
    kind: 'pca',
    names: Array.from(shares, (share, i) => `PC ${i + 1} (${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %)`),
    shortNames: Array.from(shares, (_, i) => `PC ${i + 1}`),
    rest: 'others at the mean',
    isEqual: true,
    coordinates: (axes) => project(scores, k, axes),
    latentAt: (place, axes, held) => {
      const z = Array.from(held);
      axes.forEach((component, axis) => {
        const by = place[axis]! - scoreOf(held, component);
        for (let i = 0; i < d; i++) z[i]! += by * directions[component * d + i]!;
      });
      return z;
    },
    placeOf: (z, axes) => axes.map((axis) => scoreOf(z, axis)),
    rows: k > 2 ? { values: scores, width: k } : undefined,
    middle: Array.from(mean),
  };
}

/**
 * @param places [n · 2]; NaN for points that were left out
 * @param solid  [n · 3], its own embedding; undefined: nobody has asked for it
 */
export function embeddedSpace(places: ArrayLike<number>, solid?: ArrayLike<number>): Space {
  const names = Array.from({ length: solid ? 3 : 2 }, (_, i) => `UMAP ${i + 1}`);
  return {
    kind: 'umap',
    names,
    shortNames: names,
    rows: solid && { values: solid, width: 3 },
    rest: '',
    isEqual: true,
    coordinates: () => project(places, 2, [0, 1]),
    latentAt: () => null,
    placeOf: () => null,
    middle: [],
  };
}
