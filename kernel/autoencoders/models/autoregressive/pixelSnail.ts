import { z } from 'zod';
import { checkedConfig } from '../../config';
import { PixelSNAILNetwork } from '../../networks/causal/pixelSnail';
import { AutoregressivePrior } from './autoregressive';
import { autoregressiveSchema, odd } from './autoregressiveConfig';
import type { AutoregressiveConfig, CheckedAutoregressiveConfig } from './autoregressiveConfig';

/** What {@link PixelSNAIL} is made of. */
export interface PixelSNAILConfig extends AutoregressiveConfig {
  /** C, the channels of the feature maps. Default 64. */
  channels?: number;
  /** Blocks, each with an attention. Default 2. */
  layers?: number;
  /** Gated residual layers of a block. Default 2. */
  residualLayers?: number;
  /** k of the masked convolutions; odd, at least 3. Default 3. */
  kernel?: number;
  /** Heads of an attention. Default 4. */
  heads?: number;
  /** Channels of a head's queries and keys. Default 16. */
  keyChannels?: number;
  /** Channels of a head's values. Default 16. */
  valueChannels?: number;
}

const schema = autoregressiveSchema({
  channels: z.int().min(1).default(64),
  layers: z.int().min(1).default(2),
  residualLayers: z.int().min(1).default(2),
  kernel: odd.min(3).default(3),
  heads: z.int().min(1).default(4),
  keyChannels: z.int().min(1).default(16),
  valueChannels: z.int().min(1).default(16),
});

/**
 * The {@link AutoregressivePrior} of PixelSNAIL (Chen et al. 2018): masked convolutions see what is near, and
 * self-attention sees any earlier code, from the first block on.
 *
 * Here the convolutions are k × k with raster masks; the paper shifts 2 × 2 ones. Attention has no blind spot, so
 * theirs does no harm.
 */
export class PixelSNAIL extends AutoregressivePrior<z.output<typeof schema> & CheckedAutoregressiveConfig> {
  override readonly title: string = 'PixelSNAIL';
  protected override readonly source =
    'Chen, Mishra, Rohaninejad and Abbeel 2018, PixelSNAIL: An Improved Autoregressive Generative Model, section 3';

  constructor(config: PixelSNAILConfig) {
    const checked = checkedConfig('PixelSNAIL', schema, config);
    super(checked, (contextChannels) => new PixelSNAILNetwork({ ...checked, map: checked, contextChannels }));
  }
}
