import { z } from 'zod';
import { conditioningFields } from '../../conditioning/fields';
import type { ConditioningConfig } from '../../conditioning/fields';
import { checkedConfig } from '../../config';
import { codeGridOf, gridDecoder, gridEncoder, gridResidualFields } from '../../networks/gridResidual';
import { codebookFits, quantizedFields, withCodebook } from '../../quantizers/config';
import type { QuantizedFields } from '../../quantizers/config';
import { imageFields, tooSmall } from '../commonConfig';
import type { ImageConfig } from '../commonConfig';
import { VQVAE } from './vqvae';
import { composed } from './vqvaeConfig';

/** What {@link ConvolutionalVQVAE} is made of. */
export interface ConvolutionalVQVAEConfig extends ImageConfig, QuantizedFields, ConditioningConfig {
  /** C, of the maps that the residual blocks work on; even. Default 128. */
  channels?: number;
  /** In each network. Default 2. */
  residualBlocks?: number;
  /** Channels inside a block. Default 32. */
  residualChannels?: number;
}

const schema = z
  .strictObject({ ...imageFields, ...gridResidualFields, ...quantizedFields, ...conditioningFields })
  .superRefine(({ input }, context) => tooSmall(input, 2, context))
  .superRefine(codebookFits);

/**
 * The {@link VQVAE} of convolutions and residual blocks, with the settings of DeepMind's example (Sonnet): an image becomes
 * a map of codes with a quarter of its height and width, rounded up, 28 × 28 pixels 7 × 7 codes.
 *
 * The encoder has 4 × 4 convolutions of stride 2 to C/2 and C channels, a 3 × 3 one, residual blocks and a 1 × 1
 * convolution to D channels; the decoder a 3 × 3 convolution, residual blocks and transposed 4 × 4 convolutions. The
 * example trains with Adam at a learning rate of 3e-4.
 */
export class ConvolutionalVQVAE extends VQVAE {
  override readonly title: string = 'convolutional VQ-VAE';

  constructor(config: ConvolutionalVQVAEConfig) {
    const checked = withCodebook(checkedConfig('ConvolutionalVQVAE', schema, config));
    const { input, channels, residualBlocks, residualChannels } = checked;
    const networks = { channels, residualBlocks, residualChannels };
    const [encoder, decoder] = [gridEncoder(networks), gridDecoder(networks)];
    super(...composed(checked, { positions: codeGridOf([input.height, input.width]), encoder, decoder }));
  }
}
