import { z } from 'zod';
import { checkedConfig } from '../config';
import { MLP } from '../networks/mlp';
import { widthOf } from '../samples';
import { loadCheckpoint } from '../training/checkpoint';
import { denseFields } from './commonConfig';
import type { DenseConfig } from './commonConfig';
import { codebookFields, VectorQuantizedModel } from './vectorQuantized';
import type { CodebookFields } from './vectorQuantized';

export interface VQVAEConfig extends DenseConfig, CodebookFields {
  /** Codes of one sample. Default 8. */
  positions?: number;
}

const schema = z.strictObject({ ...denseFields, positions: z.int().min(1).default(8), ...codebookFields });

/** The {@link VectorQuantizedModel} of multilayer perceptrons: P codes for a sample of any kind. */
export class VQVAE extends VectorQuantizedModel<z.output<typeof schema>> {
  readonly kind = 'VQVAE';

  constructor(config: VQVAEConfig) {
    const checked = checkedConfig('VQVAE', schema, config);
    const { positions, codeDimension, hidden, activation, seed, input } = checked;
    const [d, latents] = [widthOf(input), positions * codeDimension];
    super('VQ-VAE', checked, {
      positions,
      encoder: new MLP({ name: 'encoder', sizes: [d, ...hidden, latents], activation, seed }),
      decoder: new MLP({ name: 'decoder', sizes: [latents, ...hidden.toReversed(), d], activation, seed }),
    });
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<VQVAE> {
    return loadCheckpoint(path, 'VQVAE', (config) => new VQVAE(config as VQVAEConfig));
  }
}
