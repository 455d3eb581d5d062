/** What the first stages of latent diffusion are configured by. */
import { z } from 'zod';
import { featureMaps, patchDiscriminator, patchesOf } from '../../networks/featureMapNetworks';
import { latentMapSize } from '../../networks/maps/featureMaps';
import type { NetworkPart } from '../../networks/network';
import { networkField } from '../../networks/networkField';
import type { NetworkLike } from '../../networks/networkField';
import { refusedConditioning } from '../../conditioning/fields';
import { imageFields } from '../commonConfig';
import type { CheckedCommonConfig, ImageConfig } from '../commonConfig';

/** The fields that both first stages of latent diffusion have. */
export interface FirstStageConfig extends ImageConfig {
  /** c, numbers at each position of the latent map. Default 4. */
  latentChannels?: number;
  /** Rows and columns of the latent map. Default: those of the image, halved once for each of `channels` but the first. */
  latentMap?: readonly [rows: number, columns: number];
  /** Channels of the maps at each level; height and width halve from one level to the next. Default [32, 64]. */
  channels?: readonly number[];
  /** Residual blocks at each level. Default 1. */
  blocks?: number;
  /** Whether the positions of the smallest maps attend to each other. Default true. */
  attention?: boolean;
  /** From x to the latent map [rows, columns, c]. Default: `featureMaps` of `channels`, `blocks` and `attention`. */
  encoder?: NetworkLike;
  /**
   * From the latent map to x̂. Default: as the encoder. With an adaptive weight it has to say which of its parameters is
   * the kernel of its last layer, as the library's networks do; see `last` in {@link OwnNetwork}.
   */
  decoder?: NetworkLike;
  /**
   * w, the weight of the perceptual distance beside the absolute error of a pixel; used where a probe is given.
   * Default 1.
   */
  perceptualWeight?: number;
  /** λ: in the ratio of gradients, `adaptive`, the default; or a number. */
  adversarialWeight?: 'adaptive' | number;
  /** ω, the factor in an adaptive λ that multiplies the ratio of gradients. Default 0.5. */
  discriminatorWeight?: number;
  /** Updates before the discriminator and its loss set in; 50,001 in the paper's trainings. Default 1,000. */
  discriminatorStart?: number;
  /** Channels of the discriminator's 4 × 4 convolutions of stride 2. Default [32, 64]. */
  discriminatorChannels?: readonly number[];
  /** From an image to the logits of its `patches`. Default: `patchDiscriminator` of `discriminatorChannels`. */
  discriminator?: NetworkLike;
  /** Rows and columns of the logits that a `discriminator` of your own gives. Left out: one logit. */
  patches?: readonly [rows: number, columns: number];
  /**
   * Channels of the probe that perceptual distances are taken in: set by the constructor from the probe. Without one, as
   * when a checkpoint is loaded, its weights are first ones, which the checkpoint's then replace.
   */
  probeChannels?: readonly number[] | null;
}

const size = z.int().min(1);
const rowsAndColumns = z.tuple([size, size]);

export const firstStageFields = {
  ...imageFields,
  ...refusedConditioning({
    classes: 'a first stage has no classes; the model of its latents can have them',
    missing: 'the discriminator and the perceptual distance need complete images',
  }),
  latentChannels: size.default(4),
  latentMap: rowsAndColumns.optional(),
  channels: z.array(size).min(1).readonly().optional(),
  blocks: size.optional(),
  attention: z.boolean().optional(),
  encoder: networkField.optional(),
  decoder: networkField.optional(),
  perceptualWeight: z.number().min(0).default(1),
  adversarialWeight: z
    .union([z.literal('adaptive'), z.number().min(0)], { error: 'expected "adaptive" or a number ≥ 0' })
    .default('adaptive'),
  discriminatorWeight: z.number().min(0).optional(),
  discriminatorStart: z.int().min(0).default(1000),
  discriminatorChannels: z.array(size).min(1).readonly().optional(),
  discriminator: networkField.optional(),
  patches: rowsAndColumns.optional(),
  probeChannels: z.array(size).min(1).readonly().nullable().default(null),
};

type Checked = z.output<z.ZodObject<typeof firstStageFields>>;

/** {@link FirstStageConfig} after its check: what a checkpoint holds. */
export type CheckedFirstStageConfig = CheckedCommonConfig & Checked;

/** Adds an issue for every field that a part says itself, or that nothing looks at. */
export function fitsTogether(config: Checked, context: z.RefinementCtx): void {
  const complain = (field: keyof Checked, message: string) => {
    if (config[field] !== undefined) context.addIssue({ code: 'custom', path: [field], message });
  };
  if (config.encoder && config.decoder) {
    const message = 'allowed only without "encoder" and "decoder", which decide it themselves';
    for (const field of ['channels', 'blocks', 'attention'] as const) complain(field, message);
  }
  if (config.discriminator) {
    complain('discriminatorChannels', 'allowed only without "discriminator", which decides it itself');
  } else {
    complain('patches', 'allowed only with "discriminator"; use "discriminatorChannels" instead');
  }
  if (config.adversarialWeight !== 'adaptive') {
    complain('discriminatorWeight', 'allowed only with adversarialWeight "adaptive"');
  }
}

/** The configuration with the defaults of what stands for parts that are not given. */
export function withDefaults<C extends Checked>(config: C): C {
  const { channels = [32, 64], blocks = 1, attention = true, discriminatorChannels = [32, 64] } = config;
  const { discriminatorWeight = 0.5 } = config;
  return {
    ...config,
    ...(config.encoder && config.decoder ? {} : { channels, blocks, attention }),
    ...(config.discriminator ? {} : { discriminatorChannels }),
    ...(config.adversarialWeight === 'adaptive' ? { discriminatorWeight } : {}),
  };
}

/** What a first stage is composed of. */
export interface FirstStageParts {
  encoder: NetworkPart;
  decoder: NetworkPart;
  discriminator: NetworkPart;
  /** Rows, columns and channels of the latent map. */
  latentShape: readonly [height: number, width: number, channels: number];
  /** The shape of the logits of one image. */
  logits: readonly number[];
}

export function partsOf(config: CheckedFirstStageConfig): FirstStageParts {
  const { input, channels = [32, 64], blocks = 1, attention = true, discriminatorChannels = [32, 64] } = config;
  const maps = () => featureMaps({ channels, blocks, attention });
  const { encoder = maps(), decoder = maps() } = config;
  const halved = latentMapSize(input, channels.length);
  const [height, width] = config.latentMap ?? [halved.height, halved.width];
  const patches = config.discriminator ? (config.patches ?? [1, 1]) : patchesOf(input, discriminatorChannels);
  return {
    encoder,
    decoder,
    discriminator: config.discriminator ?? patchDiscriminator({ channels: discriminatorChannels }),
    latentShape: [height, width, config.latentChannels],
    logits: patches[0] * patches[1] === 1 && config.discriminator ? [1] : [...patches, 1],
  };
}
