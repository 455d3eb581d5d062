import { z } from 'zod';
import { checkedConfig } from '../../config';
import { GatedPixelCNN } from '../../networks/causal/gatedPixelCnn';
import { AutoregressivePrior } from './autoregressive';
import { autoregressiveSchema, odd } from './autoregressiveConfig';
import type { AutoregressiveConfig, CheckedAutoregressiveConfig } from './autoregressiveConfig';

/** What {@link PixelCNN} is made of. */
export interface PixelCNNConfig extends AutoregressiveConfig {
  /** C, of each of the two stacks. Default 64. */
  channels?: number;
  /** Gated layers. Default 8. */
  layers?: number;
  /** k of the first layer's kernels, masked by type A; odd, at least 3. Default 7. */
  firstKernel?: number;
  /** k of the others, masked by type B; odd. Default 3. */
  kernel?: number;
}

const schema = autoregressiveSchema({
  channels: z.int().min(1).default(64),
  layers: z.int().min(1).default(8),
  firstKernel: odd.min(3).default(7),
  kernel: odd.default(3),
});

/**
 * The {@link AutoregressivePrior} of the gated PixelCNN (van den Oord et al. 2016). Its two stacks, one for the rows
 * above and one for what is left in the row, leave no blind spot: with enough layers, every earlier code has a part in
 * every conditional.
 */
export class PixelCNN extends AutoregressivePrior<z.output<typeof schema> & CheckedAutoregressiveConfig> {
  override readonly title: string = 'PixelCNN';
  protected override readonly source =
    'van den Oord, Kalchbrenner, Vinyals, Espeholt, Graves and Kavukcuoglu 2016, Conditional Image Generation with PixelCNN Decoders, equations 1 and 2, section 2.2';

  constructor(config: PixelCNNConfig) {
    const checked = checkedConfig('PixelCNN', schema, config);
    super(checked, (contextChannels) => new GatedPixelCNN({ ...checked, map: checked, contextChannels }));
  }
}
