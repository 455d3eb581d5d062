/** DeepMind's networks of VQ-VAE as parts: residual ones between samples and maps of vectors, of one to three axes. */
import { z } from 'zod';
import { checkedConfig, ConfigurationError } from '../config';
import { GridDecoder, GridEncoder, halved, pointsOf } from './maps/grid';
import type { Grid } from './maps/grid';
import { defineBuiltNetwork, widthOfRows } from './network';
import type { NetworkPart, NetworkPlace, RowShape } from './network';

/** Options of {@link gridEncoder} and {@link gridDecoder}. */
export interface GridResidualOptions {
  /**
   * Points along each axis of a sample: [time], [height, width] or [time, height, width]. Default: those of images and of
   * sequences.
   */
  grid?: readonly number[];
  /** C, of the maps that the residual blocks work on; even. Default 128. */
  channels?: number;
  /** Default 2. */
  residualBlocks?: number;
  /** Channels inside a block. Default 32. */
  residualChannels?: number;
}

/** The fields of such networks, for configurations that have them too. */
export const gridResidualFields = {
  channels: z.int().min(2).multipleOf(2, 'expected an even number').default(128),
  residualBlocks: z.int().min(0).default(2),
  residualChannels: z.int().min(1).default(32),
};

const schema = z.strictObject({
  grid: z.array(z.int().min(4)).min(1).max(3).readonly().optional(),
  ...gridResidualFields,
});

type Checked = z.output<typeof schema>;

const encoder = defineBuiltNetwork<GridResidualOptions>('gridEncoder', (given) => {
  const options = checkedConfig('gridEncoder', schema, given);
  return {
    takes: ({ from }) => shapeOn(options.grid, from),
    build: (place) => new GridEncoder(gridOptions('gridEncoder', options, place, place.from, place.to)),
  };
});

const decoder = defineBuiltNetwork<GridResidualOptions>('gridDecoder', (given) => {
  const options = checkedConfig('gridDecoder', schema, given);
  return {
    takes: ({ from, to }) => shapeOn(codeGridOf(options.grid ?? to.slice(0, -1)), from),
    build: (place) => new GridDecoder(gridOptions('gridDecoder', options, place, place.to, place.from)),
  };
});

/**
 * Convolutions of size 4 and stride 2 to C/2 and C channels, one of size 3, residual blocks and one of size 1: from a
 * sample to a vector at each point of a map with a quarter of its points along every axis, rounded up, the last axis
 * fastest.
 */
export function gridEncoder(options: GridResidualOptions = {}): NetworkPart {
  return encoder(options);
}

/** {@link gridEncoder} in reverse, with transposed convolutions of size 4 and stride 2. */
export function gridDecoder(options: GridResidualOptions = {}): NetworkPart {
  return decoder(options);
}

/** The points along each axis of the map that {@link gridEncoder} makes of a sample of these. */
export function codeGridOf(grid: Grid): number[] {
  return halved(grid, 2);
}

/** Rows as numbers at each point of a grid, where there are as many at each: classes then stand at every point. */
function shapeOn(grid: Grid | undefined, rows: RowShape): RowShape {
  if (!grid) return rows;
  const numbers = widthOfRows(rows) / pointsOf(grid);
  return Number.isInteger(numbers) ? [...grid, numbers] : rows;
}

function gridOptions(
  what: string,
  { grid: told, ...options }: Checked,
  { name, seed, perValue }: NetworkPlace,
  sample: RowShape,
  vectors: RowShape,
) {
  const grid = told ?? gridOf(what, name, sample);
  const [d, k] = [widthOfRows(sample), widthOfRows(vectors)];
  const features = d / pointsOf(grid);
  const codeDimension = k / pointsOf(codeGridOf(grid));
  if (!Number.isInteger(features)) {
    throw new ConfigurationError(what, [
      `a grid of ${grid.join(' × ')} points does not divide the ${d} values of a sample`,
    ]);
  }
  if (!Number.isInteger(codeDimension) || perValue !== 1) {
    const points = codeGridOf(grid).join(' × ');
    throw new ConfigurationError(what, [
      `the ${name} has ${k * perValue} numbers beside its samples, expected a vector at each of ${points} points`,
    ]);
  }
  return { ...options, name, seed, grid, features, codeDimension };
}

function gridOf(what: string, name: string, sample: RowShape): Grid {
  const grid = sample.slice(0, -1);
  if (grid.length > 0 && Math.min(...grid) >= 4) return grid;
  throw new ConfigurationError(what, [
    `the samples of the ${name} are [${sample.join(', ')}], expected at least 4 points along each axis; other data ` +
      'need "grid", the points along each axis',
  ]);
}
