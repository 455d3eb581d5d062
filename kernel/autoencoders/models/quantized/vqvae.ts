import { z } from 'zod';
import { checkedConfig } from '../../config';
import { MLP } from '../../networks/mlp';
import { codebookFits, codeDimensionOf, quantizedFields, withCodebook } from '../../quantizers/config';
import type { QuantizedFields } from '../../quantizers/config';
import { widthOf } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { denseFields } from '../commonConfig';
import type { DenseConfig } from '../commonConfig';
import { VectorQuantizedModel } from './vectorQuantized';

export interface VQVAEConfig extends DenseConfig, QuantizedFields {
  /** P, vectors of one sample that are quantised. Default 8. */
  positions?: number;
}

const schema = z
  .strictObject({ ...denseFields, positions: z.int().min(1).default(8), ...quantizedFields })
  .superRefine(codebookFits);

/** The {@link VectorQuantizedModel} of multilayer perceptrons: P codes for a sample of any kind. */
export class VQVAE extends VectorQuantizedModel<z.output<typeof schema>> {
  readonly kind = 'VQVAE';

  constructor(config: VQVAEConfig) {
    const checked = withCodebook(checkedConfig('VQVAE', schema, config));
    const { positions, hidden, activation, initializer, seed, input } = checked;
    const [d, latents] = [widthOf(input), positions * codeDimensionOf(checked)];
    super('VQ-VAE', checked, {
      positions,
      encoder: new MLP({ name: 'encoder', sizes: [d, ...hidden, latents], activation, initializer, seed }),
      decoder: new MLP({ name: 'decoder', sizes: [latents, ...hidden.toReversed(), d], activation, initializer, seed }),
    });
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<VQVAE> {
    return loadCheckpoint(path, 'VQVAE', (config) => new VQVAE(config as VQVAEConfig));
  }
}
