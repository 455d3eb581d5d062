/** First stages whose networks are not the default ones. */
import * as tf from '@tensorflow/tfjs';
import { convolutional, defineNetwork, initial, mlp, residual } from '../../../../../kernel/autoencoders/index';
import type { LatentDiffusionAutoencoderConfig } from '../../../../../kernel/autoencoders/index';

export const ownInput = { kind: 'image', height: 6, width: 6, channels: 1 } as const;

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

/** A decoder of your own: tanh(z V) W. */
export const ownDecoder = defineNetwork('firstStageOwnDecoder', ({ last = true }: { last?: boolean }) => ({
  parameters: ({ from, to }) => ({
    W: initial.glorot([2, to[0]! * to[1]!]),
    V: initial.glorot([from[0]! * from[1]! * from[2]!, 2]),
  }),
  apply: (z, { V, W }) => z.reshape([z.shape[0]!, -1]).matMul(V!).tanh().matMul(W!),
  ...(last ? { last: 'W' } : {}),
}));

/**
 * Maps of 6 × 6 from maps of 3 × 3, with layers whose training differs from their evaluation. Not with `upSampling2d`: for
 * all images of a batch but the first, the gradient of tfjs's CPU kernel, which eager steps have, is wrong.
 */
export const layersDecoder = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2dTranspose({
        inputShape: [3, 3, 2],
        filters: 2,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'tanh',
        kernelInitializer: seeded(1),
      }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.conv2d({ filters: 1, kernelSize: 3, padding: 'same', name: 'lastLayer', kernelInitializer: seeded(2) }),
      tf.layers.reshape({ targetShape: [36] }),
    ],
  });

const layersEncoder = (filters: number) =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [6, 6, 1],
        filters,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        kernelInitializer: seeded(3),
      }),
    ],
  });

export interface OwnStage {
  config: Omit<LatentDiffusionAutoencoderConfig, 'input'>;
  /** The name of the decoder's last kernel. */
  kernel: string;
}

const common = { latentChannels: 2, discriminatorStart: 0, seed: 3 };

/** @param heads numbers that the encoder gives for each latent */
export const ownStages: Record<string, (heads: number) => OwnStage> = {
  'convolutional networks': () => ({
    config: {
      ...common,
      latentMap: [2, 3],
      encoder: convolutional({ channels: [3] }),
      decoder: convolutional({ channels: [3], norm: 'group' }),
      discriminator: convolutional({ channels: [2], activation: 'leaky' }),
    },
    kernel: 'decoder.2.kernel',
  }),
  'residual networks': () => ({
    config: {
      ...common,
      encoder: residual({ channels: [2], blocks: 1 }),
      decoder: residual({ channels: [2], blocks: 1 }),
      discriminatorChannels: [2],
    },
    kernel: 'decoder.1.kernel',
  }),
  perceptrons: () => ({
    config: {
      ...common,
      latentMap: [1, 1],
      encoder: mlp([3]),
      decoder: mlp([2]),
      discriminator: mlp([3], { activation: 'tanh' }),
    },
    kernel: 'decoder.1.kernel',
  }),
  'tfjs’s layers': (heads) => ({
    config: { ...common, encoder: layersEncoder(heads * 2), decoder: layersDecoder(), discriminatorChannels: [2] },
    kernel: 'decoder.lastLayer.kernel',
  }),
  'an own decoder, and logits of 3 × 2 patches': () => ({
    config: {
      ...common,
      latentMap: [3, 3],
      decoder: ownDecoder(),
      channels: [4, 4],
      patches: [3, 2],
      discriminator: mlp([2], { activation: 'tanh' }),
    },
    kernel: 'decoder.W',
  }),
};
