/** The networks of latent diffusion's first stage as parts. */
import { z } from 'zod';
import { ConfigurationError } from '../config';
import { PatchDiscriminator } from './adversarial/patchDiscriminator';
import { halvings } from './maps/convolutional';
import { FeatureMapDecoder, FeatureMapEncoder, latentMapSize } from './maps/featureMaps';
import type { FeatureMapOptions } from './maps/featureMaps';
import { defineBuiltNetwork, flatRows, givesImages, imageOf } from './network';
import type { Network, NetworkPart, NetworkPlace, RowShape } from './network';
import type { ImageShape } from '../samples';

/** Options of {@link featureMaps}. */
export interface FeatureMapsOptions {
  /**
   * Channels of the maps at each level, from the image on for encoder and decoder alike; height and width halve from one
   * level to the next. Default [32, 64].
   */
  channels?: readonly number[];
  /** Residual blocks at each level. Default 1. */
  blocks?: number;
  /** Whether the positions of the smallest maps attend to each other. Default true. */
  attention?: boolean;
}

const size = z.int().min(1);

const schema = z.strictObject({
  channels: z.array(size).min(1).readonly().default([32, 64]),
  blocks: size.default(1),
  attention: z.boolean().default(true),
});

type Checked = z.output<typeof schema>;

const part = defineBuiltNetwork<FeatureMapsOptions, Checked>(
  'featureMaps',
  (options) => ({
    build: (place) => (givesImages(place) ? decoder(place, options) : encoder(place, options)),
  }),
  schema,
);

/**
 * The networks of latent diffusion's first stage (Rombach et al. 2022, appendix G; Esser et al. 2021, table 7), between
 * an image and a map [h, w, c]: residual blocks with group normalisation and swish, and attention over the smallest maps.
 * Height and width of the map are those of the image, halved and rounded up once for each level but the first.
 */
export function featureMaps(options: FeatureMapsOptions = {}): NetworkPart {
  return part(options);
}

function encoder(place: NetworkPlace, options: Checked): Network {
  const { perValue } = place;
  const common = commonOptions(place, options, place.to);
  const network = new FeatureMapEncoder({ ...common, mapChannels: perValue * common.mapChannels });
  if (perValue === 1) return network;
  const { height, width } = latentMapSize(common.image, options.channels.length);
  const { kernel } = network.last!;
  return {
    parameters: network.parameters,
    last: { kernel },
    apply: (x) => flatRows(network.apply(x).reshape([x.shape[0], height, width, -1]), x.shape[0], place),
  };
}

function decoder(place: NetworkPlace, options: Checked): Network {
  if (place.perValue !== 1) {
    const found = `the loss needs ${place.perValue} numbers for each value of the ${place.name}`;
    throw new ConfigurationError('featureMaps', [`${found}, and it gives one; use convolutional(…) or residual(…)`]);
  }
  return new FeatureMapDecoder(commonOptions(place, options, place.from));
}

function commonOptions(place: NetworkPlace, options: Checked, map: RowShape): FeatureMapOptions {
  const image = imageShapeOf(place, 'featureMaps');
  const { height, width } = latentMapSize(image, options.channels.length);
  if (map.length !== 3 || map[0] !== height || map[1] !== width) {
    throw new ConfigurationError('featureMaps', [
      `the ${place.name} is between images of ${image.height} × ${image.width} and [${map.join(', ')}], expected maps ` +
        `of [${height}, ${width}, c] for ${options.channels.length} levels`,
    ]);
  }
  return { ...options, name: place.name, image, mapChannels: map[2]!, seed: place.seed };
}

function imageShapeOf(place: NetworkPlace, what: string): ImageShape {
  const [height, width, channels] = imageOf(place, what);
  return { kind: 'image', height, width, channels };
}

// --- the discriminator ----------------------------------------------------------------------------------------------

const patchSchema = z.strictObject({ channels: z.array(size).min(1).readonly().default([32, 64]) });

const patchPart = defineBuiltNetwork<{ channels?: readonly number[] }, z.output<typeof patchSchema>>(
  'patchDiscriminator',
  ({ channels }) => ({
    build(place) {
      const image = imageShapeOf(place, 'patchDiscriminator');
      const [rows, columns] = patchesOf(image, channels);
      if (place.to[0] !== rows || place.to[1] !== columns) {
        throw new ConfigurationError('patchDiscriminator', [
          `the ${place.name} has ${rows} × ${columns} patches, expected [${place.to.join(', ')}]; give "patches": ` +
            `[${rows}, ${columns}]`,
        ]);
      }
      const discriminator = new PatchDiscriminator({ name: place.name, image, channels, seed: place.seed });
      return {
        parameters: discriminator.parameters,
        apply: (x) => discriminator.logits(x).reshape([x.shape[0], rows * columns]),
      };
    },
  }),
  patchSchema,
);

/** {@link PatchDiscriminator} as a part: a logit for each patch of an image. `channels` are [32, 64] by default. */
export function patchDiscriminator(options: { channels?: readonly number[] } = {}): NetworkPart {
  return patchPart(options);
}

/** Rows and columns of the logits of {@link patchDiscriminator}. */
export function patchesOf(image: ImageShape, channels: readonly number[]): [number, number] {
  const { height, width } = halvings(image, channels.length).at(-1)!;
  return [height, width];
}
