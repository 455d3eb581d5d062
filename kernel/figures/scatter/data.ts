/** What is drawn of a latent scatter before anyone has touched it. */
import { colouringOf, type Colouring } from '../../views/scatter/colouring';
import type { LatentScatterView, Samples, SampleShape } from '../../views/types';
import type { Decode } from '../training/curves';
import type { LatentGrid } from './mosaic';
import type { Coordinates } from './plane';
import { boxOf, thirdAxis, turnedSpace } from './solidSpace';
import { embeddedSpace, latentSpace, principalSpace } from './spaces';
import type { Space } from './spaces';

export interface ScatterData {
  /** [n · d] row-major. */
  points: Float32Array;
  n: number;
  d: number;
  dimensions: readonly string[];
  space: Space;
  coordinates: Coordinates;
  /** Names of the axes; the second is null when the latent space has one dimension. */
  names: readonly [string, string | null];
  colouring: Colouring;
  shape: SampleShape;
  grid: LatentGrid | null;
  /** Whether the plane is that of the grid. */
  isOfGrid: boolean;
}

export function decodedScatter(
  view: LatentScatterView,
  decode: Decode,
  splitSamples: (samples: Samples) => ArrayLike<number>[],
): ScatterData {
  const points = Float32Array.from(decode(view.points));
  const { dimensions, sampleShape: shape, grid } = view;
  const d = dimensions.length;
  const space = turnedAtFirst(view, spaceAtFirst(view, { points, d, dimensions }, decode));
  const { names } = space;
  return {
    ...{ points, n: points.length / d, d, dimensions, space, shape },
    coordinates: space.coordinates([0, Math.min(1, names.length - 1)]),
    names: [names[0] ?? '', names[1] ?? null],
    colouring: colouringOf(
      {
        ...{ points, dimensions, classNames: view.classNames },
        labels: view.labels && decode(view.labels),
        columns: (view.colours ?? []).map((column) => ({ ...column, values: decode(column.values) })),
      },
      view.colourBy,
    ),
    grid: grid && d > 1 ? { xs: grid.xs, ys: grid.ys, samples: splitSamples(grid.samples) } : null,
    isOfGrid: space.kind === 'latent' && space.solid === undefined,
  };
}

function spaceAtFirst(
  { space, projections }: LatentScatterView,
  latents: { points: Float32Array; d: number; dimensions: readonly string[] },
  decode: Decode,
): Space {
  const { pca, umap, umap3 } = latents.d > 2 ? (projections ?? {}) : {};
  if (space === 'pca' && pca) {
    const [mean, directions, scores, shares] = [pca.mean, pca.directions, pca.scores, pca.shares].map(decode);
    return principalSpace({ mean: mean!, directions: directions!, scores: scores!, shares: shares! });
  }
  if (space === 'umap' && umap) return embeddedSpace(decode(umap.places), umap3 && decode(umap3.places));
  return latentSpace(latents);
}

function turnedAtFirst({ turn }: LatentScatterView, space: Space): Space {
  if (!turn || !space.rows) return space;
  const axes = [0, 1, thirdAxis(turn.third, space.rows.width, [0, 1])] as const;
  return turnedSpace(space, axes, turn, boxOf(space, axes));
}
