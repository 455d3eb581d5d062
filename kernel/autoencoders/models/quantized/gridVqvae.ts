import { z } from 'zod';
import { checkedConfig } from '../../config';
import { GridDecoder, GridEncoder, halved, pointsOf } from '../../networks/maps/grid';
import { codebookFits, codeDimensionOf, quantizedFields, withCodebook } from '../../quantizers/config';
import type { QuantizedFields } from '../../quantizers/config';
import { widthOf } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { denseFields } from '../commonConfig';
import type { CommonConfig } from '../commonConfig';
import { VectorQuantizedModel } from './vectorQuantized';

export interface GridVQVAEConfig extends CommonConfig, QuantizedFields {
  /**
   * Points along each axis of a sample: [time] of a sequence, [height, width] of a map, [time, height, width] of a clip
   * or [depth, height, width] of a volume; each at least 4. A sample's values are in that order, the last axis fastest.
   */
  grid: number[];
  /** Numbers at every point of the grid, side by side in a sample. Default 1. */
  features?: number;
  /** C, of the maps that the residual blocks work on; even. Default 128. */
  channels?: number;
  /** In each network. Default 2. */
  residualBlocks?: number;
  /** Channels inside a block. Default 32. */
  residualChannels?: number;
}

const { input, seed, optimizer } = denseFields;

const schema = z
  .strictObject({
    input,
    seed,
    optimizer,
    grid: z.array(z.int().min(4)).min(1).max(3),
    features: z.int().min(1).default(1),
    channels: z.int().min(2).multipleOf(2, 'expected an even number').default(128),
    residualBlocks: z.int().min(0).default(2),
    residualChannels: z.int().min(1).default(32),
    ...quantizedFields,
  })
  .superRefine(({ input, grid, features }, context) => {
    const values = pointsOf(grid) * features;
    if (values === widthOf(input)) return;
    const message = `expected a grid of ${widthOf(input)} values, as a sample has; found ${values}, with ${features} at each point`;
    context.addIssue({ code: 'custom', path: ['grid'], message });
  })
  .superRefine(codebookFits);

/**
 * The {@link VectorQuantizedModel} of convolutions along one, two or three axes: sequences become a row of codes, clips
 * and volumes a block of them, with a quarter of the points along every axis, rounded up. The networks are those of
 * `ConvolutionalVQVAE`, with kernels of as many axes.
 */
export class GridVQVAE extends VectorQuantizedModel<z.output<typeof schema>> {
  readonly kind = 'GridVQVAE';
  /** Codes along each axis; `codes` gives them with the last axis fastest. */
  readonly codeGrid: readonly number[];

  constructor(config: GridVQVAEConfig) {
    const checked = withCodebook(checkedConfig('GridVQVAE', schema, config));
    const codeGrid = halved(checked.grid, 2);
    const shared = { ...checked, codeDimension: codeDimensionOf(checked) };
    super(`${checked.grid.length}-D convolutional VQ-VAE`, checked, {
      positions: pointsOf(codeGrid),
      encoder: new GridEncoder({ ...shared, name: 'encoder' }),
      decoder: new GridDecoder({ ...shared, name: 'decoder' }),
    });
    this.codeGrid = codeGrid;
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<GridVQVAE> {
    return loadCheckpoint(path, 'GridVQVAE', (config) => new GridVQVAE(config as GridVQVAEConfig));
  }
}
