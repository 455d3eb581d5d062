import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ConvolutionalDecoder,
  ConvolutionalEncoder,
} from '../../../../../kernel/autoencoders/networks/maps/convolutional';
import { Convolution, TransposedConvolution } from '../../../../../kernel/autoencoders/networks/layers/layers';
import type { ConvolutionOptions, Layer, Network } from '../../../../../kernel/autoencoders/networks/layers/layers';
import { GridDecoder, GridEncoder } from '../../../../../kernel/autoencoders/networks/maps/grid';
import { ResidualBlock } from '../../../../../kernel/autoencoders/networks/maps/residual';
import { useWasm } from '../../../engine/backends';
import { mean } from '../../data';

beforeAll(useWasm);

const shapes = ({ parameters }: Layer | Network) =>
  Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]));

/** Σ w·x over the windows of a padded map, in float64: [h, w, in] → [⌈h/s⌉, ⌈w/s⌉, out]. */
function convolved(x: number[][][], kernel: number[][][][], stride: number): number[][][] {
  const [k, h, w] = [kernel.length, x.length, x[0]!.length];
  const before = (size: number) => Math.floor(Math.max(0, (Math.ceil(size / stride) - 1) * stride + k - size) / 2);
  const at = (row: number, column: number, channel: number) => x[row]?.[column]?.[channel] ?? 0;
  const outputs = kernel[0]![0]![0]!.length;
  const pixel = (row: number, column: number, out: number) => {
    let sum = 0;
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++)
        kernel[i]![j]!.forEach((weights, channel) => {
          sum += weights[out]! * at(row * stride - before(h) + i, column * stride - before(w) + j, channel);
        });
    return sum;
  };
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  return range(Math.ceil(h / stride)).map((row) =>
    range(Math.ceil(w / stride)).map((column) => range(outputs).map((out) => pixel(row, column, out))),
  );
}

const LAYERS = [
  { size: 3, stride: 1 },
  { size: 3, stride: 2 },
  { size: 4, stride: 2 },
  { size: 1, stride: 1 },
];

describe.each(LAYERS)('a convolution of $size × $size and stride $stride', ({ size, stride }) => {
  const options: ConvolutionOptions = { name: 'f', in: 2, out: 3, size, stride, activation: 'relu', seed: 1 };

  it.each([
    [6, 8],
    [5, 7],
  ])('of %i × %i pixels is the rectified sum over windows and a bias', (height, width) => {
    const layer = new Convolution(options);
    layer.parameters['f.bias']!.assign(tf.tensor1d([0.1, -0.2, 0]));
    const x = tf.randomNormal<tf.Rank.R4>([2, height, width, 2], 0, 1, 'float32', 3);
    const kernel = layer.parameters['f.kernel']!.arraySync() as number[][][][];
    const found = layer.apply(x);
    const linear = x.arraySync().map((image) => convolved(image, kernel, stride));
    expect(found.shape).toEqual([2, Math.ceil(height / stride), Math.ceil(width / stride), 3]);
    const expected = tf.tensor4d(linear).add([0.1, -0.2, 0]).relu();
    expect(found.sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-5);
    expect(expected.greater(0).mean().dataSync()[0]).toBeGreaterThan(0.2);
  });

  it.each([
    [6, 8],
    [5, 7],
  ])('has a transpose that gives maps of %i × %i pixels: ⟨W ∗ x, y⟩ = ⟨x, Wᵀ ∗ y⟩', (height, width) => {
    const forward = new Convolution({ ...options, activation: 'linear' });
    const to = { height, width };
    const back = new TransposedConvolution({ ...options, in: 3, out: 2, activation: 'linear', to });
    back.parameters['f.kernel']!.assign(forward.parameters['f.kernel']!);
    const x = tf.randomNormal([2, height, width, 2], 0, 1, 'float32', 3);
    const there = forward.apply(x);
    const y = tf.randomNormal(there.shape, 0, 1, 'float32', 4);
    const [left, right] = [there.mul(y).sum().dataSync()[0]!, back.apply(y).mul(x).sum().dataSync()[0]!];
    expect(Math.abs(left)).toBeGreaterThan(0.1);
    expect(right).toBeCloseTo(left, 3);
  });
});

describe('the first weights of convolutions', () => {
  const variance = (layer: Layer) => mean(layer.parameters['f.kernel']!.dataSync().map((value) => value ** 2));
  const options = { name: 'f', in: 40, out: 20, size: 4, stride: 2, seed: 1 } as const;

  it('have the variances of He before a rectifier and of Glorot elsewhere', () => {
    // 640 inputs meet in an output; an input has a part in 4 of the 16 windows' places, with 20 channels each.
    expect(variance(new Convolution({ ...options, activation: 'relu' })) * (640 / 2)).toBeCloseTo(1, 1);
    expect(variance(new Convolution({ ...options, activation: 'linear' })) * ((640 + 80) / 2)).toBeCloseTo(1, 1);
  });

  it('count for transposed ones the inputs that meet in a pixel', () => {
    const to = { height: 8, width: 8 };
    // 4 of the 16 weights, with 40 channels each.
    expect(variance(new TransposedConvolution({ ...options, to, activation: 'relu' })) * (160 / 2)).toBeCloseTo(1, 1);
  });
});

describe('the networks of the convolutional VAE', () => {
  const image = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
  const options = { image, channels: [32, 64], seed: 1 };

  it('have the layers of the tutorial', () => {
    const encoder = new ConvolutionalEncoder({ ...options, name: 'encoder', latent: 4 });
    expect(shapes(encoder)).toEqual({
      'encoder.0.kernel': [3, 3, 1, 32],
      'encoder.0.bias': [32],
      'encoder.1.kernel': [3, 3, 32, 64],
      'encoder.1.bias': [64],
      'encoder.2.kernel': [7 * 7 * 64, 4],
      'encoder.2.bias': [4],
    });
    const decoder = new ConvolutionalDecoder({ ...options, name: 'decoder', latent: 2 });
    expect(shapes(decoder)).toEqual({
      'decoder.0.kernel': [2, 7 * 7 * 32],
      'decoder.0.bias': [7 * 7 * 32],
      'decoder.1.kernel': [3, 3, 64, 32],
      'decoder.1.bias': [64],
      'decoder.2.kernel': [3, 3, 32, 64],
      'decoder.2.bias': [32],
      'decoder.3.kernel': [3, 3, 1, 32],
      'decoder.3.bias': [1],
    });
    expect(decoder.apply(encoder.apply(tf.zeros([3, 784])).slice([0, 0], [3, 2])).shape).toEqual([3, 784]);
  });

  it('take images of any height, width and channels', () => {
    const image = { kind: 'image', height: 9, width: 14, channels: 3 } as const;
    const odd = { image, channels: [2, 3, 4], latent: 5, seed: 1 };
    const encoder = new ConvolutionalEncoder({ ...odd, name: 'encoder' });
    const decoder = new ConvolutionalDecoder({ ...odd, name: 'decoder' });
    expect(encoder.parameters['encoder.3.kernel']!.shape).toEqual([2 * 2 * 4, 5]);
    expect(decoder.apply(encoder.apply(tf.zeros([2, 9 * 14 * 3]))).shape).toEqual([2, 9 * 14 * 3]);
  });

  it('see pixels in the order of the rows: height, width, channels', () => {
    const image = { kind: 'image', height: 2, width: 4, channels: 3 } as const;
    const encoder = new ConvolutionalEncoder({ name: 'e', image, channels: [1], latent: 2, seed: 1 });
    const x = tf.range(0, 24).as1D();
    const kernel = encoder.parameters['e.0.kernel']!;
    const map = tf.conv2d(x.as3D(2, 4, 3), kernel as tf.Tensor4D, 2, 'same').relu();
    const expected = map.as2D(1, 2).matMul(encoder.parameters['e.1.kernel']!).dataSync();
    expect([...encoder.apply(x.as2D(1, 24)).dataSync()]).toEqual([...expected]);
  });
});

describe('the networks of the convolutional VQ-VAE', () => {
  const options = {
    grid: [28, 28],
    features: 1,
    channels: 128,
    residualBlocks: 2,
    residualChannels: 32,
    codeDimension: 64,
    seed: 1,
  };

  it('have the layers of the reference', () => {
    const block = (name: string) => ({
      [`${name}.0.kernel`]: [3, 3, 128, 32],
      [`${name}.0.bias`]: [32],
      [`${name}.1.kernel`]: [1, 1, 32, 128],
      [`${name}.1.bias`]: [128],
    });
    expect(shapes(new GridEncoder({ ...options, name: 'encoder' }))).toEqual({
      'encoder.0.kernel': [4, 4, 1, 64],
      'encoder.0.bias': [64],
      'encoder.1.kernel': [4, 4, 64, 128],
      'encoder.1.bias': [128],
      'encoder.2.kernel': [3, 3, 128, 128],
      'encoder.2.bias': [128],
      ...block('encoder.block0'),
      ...block('encoder.block1'),
      'encoder.3.kernel': [1, 1, 128, 64],
      'encoder.3.bias': [64],
    });
    expect(shapes(new GridDecoder({ ...options, name: 'decoder' }))).toEqual({
      'decoder.0.kernel': [3, 3, 64, 128],
      'decoder.0.bias': [128],
      ...block('decoder.block0'),
      ...block('decoder.block1'),
      'decoder.1.kernel': [4, 4, 64, 128],
      'decoder.1.bias': [64],
      'decoder.2.kernel': [4, 4, 1, 64],
      'decoder.2.bias': [1],
    });
  });

  it('make a map of a quarter of the image and an image of the map, also where sizes are odd', () => {
    const small = { ...options, grid: [9, 6], features: 3, channels: 4, residualChannels: 2, codeDimension: 5 };
    const code = new GridEncoder({ ...small, name: 'encoder' }).apply(tf.zeros([2, 9 * 6 * 3]));
    expect(code.shape).toEqual([2, 3 * 2 * 5]);
    expect(new GridDecoder({ ...small, name: 'decoder' }).apply(code).shape).toEqual([2, 9 * 6 * 3]);
  });
});

describe('a residual block', () => {
  it('adds what its layers make of the rectified input', () => {
    const block = new ResidualBlock({ name: 'f', channels: 1, inner: 1, seed: 1 });
    const centre = tf.zeros([3, 3, 1, 1]).arraySync() as number[][][][];
    centre[1]![1]![0]![0] = 2;
    block.parameters['f.0.kernel']!.assign(tf.tensor4d(centre));
    block.parameters['f.0.bias']!.assign(tf.tensor1d([-1]));
    block.parameters['f.1.kernel']!.assign(tf.tensor4d([[[[10]]]]));
    block.parameters['f.1.bias']!.assign(tf.tensor1d([0.5]));
    // x + 10 max(0, 2 max(0, x) − 1) + 0.5
    expect([...block.apply(tf.tensor4d([-3, 0.25, 2], [1, 1, 3, 1])).dataSync()]).toEqual([-2.5, 0.75, 32.5]);
  });
});
