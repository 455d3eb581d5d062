import { z } from 'zod';
import { conditioningFields } from '../../conditioning/fields';
import type { ConditioningConfig } from '../../conditioning/fields';
import { checkedConfig } from '../../config';
import { codeGridOf, gridDecoder, gridEncoder, gridResidualFields } from '../../networks/gridResidual';
import { pointsOf } from '../../networks/maps/grid';
import { codebookFits, quantizedFields, withCodebook } from '../../quantizers/config';
import type { QuantizedFields } from '../../quantizers/config';
import { widthOf } from '../../samples';
import { commonFields } from '../commonConfig';
import type { CommonConfig } from '../commonConfig';
import { VQVAE } from './vqvae';
import { composed } from './vqvaeConfig';

/** What {@link GridVQVAE} is made of. */
export interface GridVQVAEConfig extends CommonConfig, QuantizedFields, ConditioningConfig {
  /**
   * Points along each axis of a sample: [time] of a sequence, [height, width] of a map, [time, height, width] of a clip
   * or [depth, height, width] of a volume; each at least 4. A sample's values are in that order, the last axis fastest.
   */
  grid: readonly number[];
  /** Numbers at every point of the grid, side by side in a sample. Default 1. */
  features?: number;
  /** C, of the maps that the residual blocks work on; even. Default 128. */
  channels?: number;
  /** In each network. Default 2. */
  residualBlocks?: number;
  /** Channels inside a block. Default 32. */
  residualChannels?: number;
}

const schema = z
  .strictObject({
    ...commonFields,
    grid: z.array(z.int().min(4)).min(1).max(3).readonly(),
    features: z.int().min(1).default(1),
    ...gridResidualFields,
    ...quantizedFields,
    ...conditioningFields,
  })
  .superRefine(({ input, grid, features }, context) => {
    const values = pointsOf(grid) * features;
    if (values === widthOf(input)) return;
    const message = `expected a grid of ${widthOf(input)} values, as a sample has; found ${values}, with ${features} at each point`;
    context.addIssue({ code: 'custom', path: ['grid'], message });
  })
  .superRefine(codebookFits);

/**
 * The {@link VQVAE} of convolutions along one, two or three axes: sequences become a row of codes, clips and volumes a
 * block of them, with a quarter of the points along every axis, rounded up. The networks are those of
 * {@link ConvolutionalVQVAE}, with kernels of as many axes.
 */
export class GridVQVAE extends VQVAE {
  override readonly title: string;

  constructor(config: GridVQVAEConfig) {
    const checked = withCodebook(checkedConfig('GridVQVAE', schema, config));
    const { grid, channels, residualBlocks, residualChannels } = checked;
    const networks = { grid, channels, residualBlocks, residualChannels };
    const [encoder, decoder] = [gridEncoder(networks), gridDecoder(networks)];
    super(...composed(checked, { positions: codeGridOf(grid), encoder, decoder }));
    this.title = `${grid.length}-D convolutional VQ-VAE`;
  }
}
