import { z } from 'zod';
import { checkedConfig } from '../../config';
import { codeMap, ResidualDecoder, ResidualEncoder } from '../../networks/maps/residual';
import { codebookFits, codeDimensionOf, quantizedFields, withCodebook } from '../../quantizers/config';
import type { QuantizedFields } from '../../quantizers/config';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { imageFields, tooSmall } from '../commonConfig';
import type { ImageConfig } from '../commonConfig';
import { VectorQuantizedModel } from './vectorQuantized';

export interface ConvolutionalVQVAEConfig extends ImageConfig, QuantizedFields {
  /** C, of the maps that the residual blocks work on; even. Default 128. */
  channels?: number;
  /** In each network. Default 2. */
  residualBlocks?: number;
  /** Channels inside a block. Default 32. */
  residualChannels?: number;
}

const schema = z
  .strictObject({
    ...imageFields,
    channels: z.int().min(2).multipleOf(2, 'expected an even number').default(128),
    residualBlocks: z.int().min(0).default(2),
    residualChannels: z.int().min(1).default(32),
    ...quantizedFields,
  })
  .superRefine(({ input }, context) => tooSmall(input, 2, context))
  .superRefine(codebookFits);

/**
 * The {@link VectorQuantizedModel} of convolutions and residual blocks, with the settings of DeepMind's example (Sonnet):
 * an image becomes a map of codes with a quarter of its height and width, rounded up, 28 × 28 pixels 7 × 7 codes.
 *
 * The encoder has 4 × 4 convolutions of stride 2 to C/2 and C channels, a 3 × 3 one, residual blocks and a 1 × 1
 * convolution to D channels; the decoder a 3 × 3 convolution, residual blocks and transposed 4 × 4 convolutions. The
 * example trains with Adam at a learning rate of 3e-4.
 */
export class ConvolutionalVQVAE extends VectorQuantizedModel<z.output<typeof schema>> {
  readonly kind = 'ConvolutionalVQVAE';
  /** Rows and columns of an image's map of codes; `codes` gives them row by row. */
  readonly codeGrid: readonly [height: number, width: number];

  constructor(config: ConvolutionalVQVAEConfig) {
    const checked = withCodebook(checkedConfig('ConvolutionalVQVAE', schema, config));
    const { height, width } = codeMap(checked.input);
    const shared = { ...checked, image: checked.input, codeDimension: codeDimensionOf(checked) };
    super('convolutional VQ-VAE', checked, {
      positions: height * width,
      encoder: new ResidualEncoder({ ...shared, name: 'encoder' }),
      decoder: new ResidualDecoder({ ...shared, name: 'decoder' }),
    });
    this.codeGrid = [height, width];
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<ConvolutionalVQVAE> {
    const create = (config: unknown) => new ConvolutionalVQVAE(config as ConvolutionalVQVAEConfig);
    return loadCheckpoint(path, 'ConvolutionalVQVAE', create);
  }
}
