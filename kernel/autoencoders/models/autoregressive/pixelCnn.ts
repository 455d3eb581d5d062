import { z } from 'zod';
import { checkedConfig } from '../../config';
import { CodeContext } from '../../networks/causal/codeContext';
import { GatedPixelCNN } from '../../networks/causal/gatedPixelCnn';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { autoregressiveFields, AutoregressivePrior, odd, rowShape, withoutInput } from './autoregressive';
import type { AutoregressiveConfig } from './autoregressive';

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

const schema = z.strictObject({
  ...autoregressiveFields,
  channels: z.int().min(1).default(64),
  layers: z.int().min(1).default(8),
  firstKernel: odd.min(3).default(7),
  kernel: odd.default(3),
});

/** With the shape of its rows, which follows from the maps. */
const withShape = schema.transform((config) => ({ ...config, input: rowShape([...config.conditions, config]) }));

/**
 * The {@link AutoregressivePrior} of the gated PixelCNN (van den Oord et al. 2016). Its two stacks, one for the rows
 * above and one for what is left in the row, leave no blind spot: with enough layers, every earlier code has a part in
 * every conditional.
 */
export class PixelCNN extends AutoregressivePrior<z.output<typeof withShape>> {
  readonly kind = 'PixelCNN';
  protected readonly source =
    'van den Oord, Kalchbrenner, Vinyals, Espeholt, Graves and Kavukcuoglu 2016, Conditional Image Generation with PixelCNN Decoders, equations 1 and 2, section 2.2';

  constructor(config: PixelCNNConfig) {
    const checked = checkedConfig('PixelCNN', withShape, config);
    const context = new CodeContext({ ...checked, map: checked });
    const network = new GatedPixelCNN({ ...checked, map: checked, contextChannels: context.channels });
    super('PixelCNN', checked, context, network);
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<PixelCNN> {
    return loadCheckpoint(path, 'PixelCNN', (config) => new PixelCNN(withoutInput<PixelCNNConfig>(config)));
  }
}
