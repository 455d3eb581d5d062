/**
 * Gradients of dilated convolutions, which tfjs refuses. Their strides are 1: the input's gradient is a convolution as
 * dilated, of the result's gradient with the filter turned round; and that of each place of the filter is one product.
 */
import * as tf from '@tensorflow/tfjs';
import { conv2D, conv3D, depthwise, type Convolution, type Describe } from '../ops/images/convolution';
import { mend } from './mend';
import { framed } from './padding';

type Attrs = tf.Conv2DAttrs & tf.DepthwiseConv2dNativeAttrs & tf.Conv3DAttrs;
type Dilations = [number, number] & [number, number, number];

export function mendDilations(): void {
  mendDilated(tf.Conv2D, conv2D);
  mendDilated(tf.DepthwiseConv2dNative, depthwise);
  mendDilated(tf.Conv3D, conv3D);
}

function mendDilated(kernel: string, describe: Describe<Attrs>): void {
  mend<Attrs>(kernel, (before) => (given, saved, attrs) => {
    if (!isDilated(attrs)) return before(given, saved, attrs);
    const [dy, x, filter] = [given[0]!, saved[0]!, saved[1]!];
    const convolution = describe(x.shape, filter.shape, attrs);
    return { x: () => ofInput(dy, filter, convolution), filter: () => ofFilter(x, dy, filter.shape, convolution) };
  });
}

const FUSED: Readonly<Record<string, Describe<Attrs>>> = {
  [tf.FusedConv2D]: conv2D,
  [tf.FusedDepthwiseConv2D]: depthwise,
};

type FusedGradient = (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];

let ofFused: FusedGradient | undefined;

/** Is to see each call of a kernel: those that {@link takeFusedGradient} asks for are among them. */
export function noteFused(kernel: string, attrs: tf.NamedAttrMap): void {
  const describe = FUSED[kernel];
  if (!describe || !isDilated(attrs)) return;
  // tfjs fuses no activation where it wants gradients.
  ofFused = (dy, [filter, x, y, bias]) => {
    const convolution = describe(x!.shape, filter!.shape, attrs as unknown as Attrs);
    const whole = tf.reshape(dy, y!.shape);
    const own = [ofInput(whole, filter!, convolution), ofFilter(x!, whole, filter!.shape, convolution)];
    return bias ? [...own, summedTo(whole, bias.shape)] : own;
  };
}

/**
 * The gradient of the dilated convolution that was fused since the last question, if one was, for what tfjs saves there:
 * the filter, the input, the result and the bias. tfjs states a gradient within the call, and refuses in it.
 */
export function takeFusedGradient(): FusedGradient | undefined {
  const taken = ofFused;
  ofFused = undefined;
  return taken;
}

function isDilated({ dilations = 1 }: Partial<Pick<Attrs, 'dilations'>> | tf.NamedAttrMap): boolean {
  return [dilations as number | number[]].flat().some((rate) => rate > 1);
}

function ofInput(dy: tf.Tensor, filter: tf.Tensor, convolution: Convolution): tf.Tensor {
  const { axes } = convolution;
  const borders = axes.map(({ filter: places, dilation, before, after }): [number, number] => {
    const reach = (places - 1) * dilation;
    return [reach - before, reach - after];
  });
  const around = framed(channelsLast(dy, convolution), [[0, 0], ...borders, [0, 0]]);
  const turned = tf.reverse(filter, [...axes.keys()]);
  const dilations = axes.map(({ dilation }) => dilation) as Dilations;
  return asGiven(convolution.depthwise ? ofEachChannel() : ofAllChannels(), convolution);

  function ofAllChannels(): tf.Tensor {
    const rank = turned.rank;
    const back = tf.transpose(turned, [...axes.keys(), rank - 1, rank - 2]);
    return axes.length === 3
      ? tf.conv3d(around as tf.Tensor5D, back as tf.Tensor5D, 1, 'valid', 'NDHWC', dilations)
      : tf.conv2d(around as tf.Tensor4D, back as tf.Tensor4D, 1, 'valid', 'NHWC', dilations);
  }

  /** A channel of the input has several of the result: those at the same place in each make one image. */
  function ofEachChannel(): tf.Tensor {
    const [channels, several] = filter.shape.slice(-2) as [number, number];
    const images = tf.unstack(tf.reshape(around, [...around.shape.slice(0, -1), channels, several]), -1);
    const filters = tf.split(turned, several, -1);
    return tf.addN(
      images.map((image, i) =>
        tf.depthwiseConv2d(image as tf.Tensor4D, filters[i] as tf.Tensor4D, 1, 'valid', 'NHWC', dilations),
      ),
    );
  }
}

function ofFilter(x: tf.Tensor, dy: tf.Tensor, shape: number[], convolution: Convolution): tf.Tensor {
  const { axes, batch, inChannels } = convolution;
  const borders = axes.map(({ before, after }): [number, number] => [before, after]);
  const around = framed(channelsLast(x, convolution), [[0, 0], ...borders, [0, 0]]);
  const results = channelsLast(dy, convolution);
  const sizes = axes.map(({ output }) => output);
  const rows = batch * sizes.reduce((product, size) => product * size, 1);
  const under = placesOf(axes.map(({ filter }) => filter)).map((place) => {
    const starts = axes.map(({ dilation }, axis) => place[axis]! * dilation);
    return tf.reshape(tf.slice(around, [0, ...starts, 0], [batch, ...sizes, inChannels]), [rows, inChannels]);
  });
  const places = convolution.depthwise
    ? under.map((input) => tf.sum(tf.mul(input.expandDims(-1), tf.reshape(results, [rows, inChannels, -1])), 0))
    : under.map((input) => tf.matMul(input, tf.reshape(results, [rows, -1]), true));
  return tf.reshape(tf.stack(places), shape);
}

/** The places of a window, its last axis the fastest. */
function placesOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
    [[]],
  );
}

function channelsLast(images: tf.Tensor, convolution: Convolution): tf.Tensor {
  return convolution.channelsLast ? images : tf.transpose(images, [0, 2, 3, 1]);
}

function asGiven(images: tf.Tensor, convolution: Convolution): tf.Tensor {
  return convolution.channelsLast ? images : tf.transpose(images, [0, 3, 1, 2]);
}

function summedTo(dy: tf.Tensor, shape: number[]): tf.Tensor {
  return tf.reshape(tf.sum(dy, tf.broadcast_util.getReductionAxes(shape, dy.shape)), shape);
}
