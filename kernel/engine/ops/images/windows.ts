/** Windows that slide over the spatial axes of a tensor: what convolutions and poolings have in common. */
import type { backend_util } from '@tensorflow/tfjs';
import { UncoveredError } from '../rule';

/** One spatial axis: place k of output o's window lies over input o·stride + k·dilation − before. */
export interface Axis {
  readonly input: number;
  readonly output: number;
  /** Places of the window. */
  readonly filter: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding in front of the input; negative where the first window begins behind its front. */
  readonly before: number;
  /**
   * Padding behind the input, up to the end of the last window; negative where that window ends before the input does.
   */
  readonly after: number;
}

export interface Windows {
  readonly axes: readonly Axis[];
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly channelsLast: boolean;
  /** The shapes in the layout of tfjs. */
  readonly inShape: readonly number[];
  readonly outShape: readonly number[];
}

/** @throws {UncoveredError} when no window fits */
export function windowsOf(info: backend_util.Conv2DInfo | backend_util.Conv3DInfo): Windows {
  const { batchSize: batch, inChannels, outChannels, inShape, outShape, padInfo } = info;
  const height = axis(
    [info.inHeight, info.outHeight],
    [info.filterHeight, info.strideHeight, info.dilationHeight],
    padInfo.top,
  );
  const width = axis(
    [info.inWidth, info.outWidth],
    [info.filterWidth, info.strideWidth, info.dilationWidth],
    padInfo.left,
  );
  const axes = [height, width];
  if ('inDepth' in info) {
    const { inDepth, outDepth, filterDepth, strideDepth, dilationDepth } = info;
    axes.unshift(axis([inDepth, outDepth], [filterDepth, strideDepth, dilationDepth], info.padInfo.front));
  }
  if (axes.some(({ output }) => output < 1)) {
    throw new UncoveredError(`no window of ${sizes(axes, 'filter')} fits into ${sizes(axes, 'input')}`);
  }
  return { axes, batch, inChannels, outChannels, channelsLast: info.dataFormat === 'channelsLast', inShape, outShape };
}

export function rank4(shape: readonly number[]): [number, number, number, number] {
  const [a, b, c, d] = shape;
  return [a!, b!, c!, d!];
}

export function rank5(shape: readonly number[]): [number, number, number, number, number] {
  return [...rank4(shape), shape[4]!];
}

function axis(
  [input, output]: [number, number],
  [filter, stride, dilation]: [number, number, number],
  before: number,
): Axis {
  const after = (output - 1) * stride + (filter - 1) * dilation + 1 - input - before;
  return { input, output, filter, stride, dilation, before, after };
}

function sizes(axes: readonly Axis[], of: 'input' | 'filter' | 'output'): string {
  return axes.map((axis) => axis[of]).join('×');
}
