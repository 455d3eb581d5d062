/** Convolutions and their gradients. */
import { backend_util } from '@tensorflow/tfjs';
import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  Conv3DAttrs,
  Conv3DBackpropFilterV2Attrs,
  Conv3DBackpropInputV2Attrs,
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
} from '@tensorflow/tfjs';
import { rule, UncoveredError, type ShapeRule, type ShapeRules } from '../rule';
import { float32, type TensorType } from '../types';
import { rank4, rank5, windowsOf, type Windows } from './windows';

export interface Convolution extends Windows {
  /** Each channel of the input has its own filters. */
  readonly depthwise: boolean;
}

type Shape = readonly number[];
/** The convolution that a kernel's shapes and attributes describe. */
export type Describe<A> = (inShape: Shape, filterShape: Shape, attrs: A) => Convolution;

/** What a table holds for each kind of convolution's kernels. */
interface Kinds<T> {
  forward<A extends object>(describe: Describe<A>): T;
  /** With bias and activation. */
  fused<A extends object>(describe: Describe<A>): T;
  backToInput<A extends { inputShape: Shape }>(describe: Describe<A>): T;
  backToFilter<A extends { filterShape: Shape }>(describe: Describe<A>): T;
}

/** The entries of all convolutions' kernels in a table. */
export function convolutions<T>({ forward, fused, backToInput, backToFilter }: Kinds<T>): Readonly<Record<string, T>> {
  return {
    Conv2D: forward<Conv2DAttrs>(conv2D),
    FusedConv2D: fused<Conv2DAttrs>(conv2D),
    Conv2DBackpropInput: backToInput<Conv2DBackpropInputAttrs>(conv2D),
    Conv2DBackpropFilter: backToFilter<Conv2DBackpropFilterAttrs>(conv2D),
    DepthwiseConv2dNative: forward<DepthwiseConv2dNativeAttrs>(depthwise),
    FusedDepthwiseConv2D: fused<DepthwiseConv2dNativeAttrs>(depthwise),
    DepthwiseConv2dNativeBackpropInput: backToInput<DepthwiseConv2dNativeBackpropInputAttrs>(depthwise),
    DepthwiseConv2dNativeBackpropFilter: backToFilter<DepthwiseConv2dNativeBackpropFilterAttrs>(depthwise),
    Conv3D: forward<Conv3DAttrs>(conv3D),
    Conv3DBackpropInputV2: backToInput<Conv3DBackpropInputV2Attrs>(conv3D),
    Conv3DBackpropFilterV2: backToFilter<Conv3DBackpropFilterV2Attrs>(conv3D),
  };
}

export const CONVOLUTION: ShapeRules = convolutions({ forward, fused: forward, backToInput, backToFilter });

// --- what the attributes say --------------------------------------------------------------------------------------

type Windowed2D = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dimRoundingMode'> & Partial<Conv2DAttrs>;

export function conv2D(inShape: Shape, filterShape: Shape, attrs: Windowed2D): Convolution {
  const { strides, pad, dataFormat = 'NHWC', dilations = 1, dimRoundingMode } = attrs;
  const format = backend_util.convertConv2DDataFormat(dataFormat);
  const [input, filter] = [rank4(inShape), rank4(filterShape)];
  const rounding = dimRoundingMode;
  const info = backend_util.computeConv2DInfo(input, filter, strides, dilations, pad, rounding, false, format);
  return { ...windowsOf(info), depthwise: false };
}

export function depthwise(inShape: Shape, filterShape: Shape, attrs: Windowed2D): Convolution {
  const { strides, pad, dataFormat = 'NHWC', dilations, dimRoundingMode } = attrs;
  if (dataFormat !== 'NHWC') throw new UncoveredError(`depthwise convolutions of ${dataFormat} have no traced form`);
  const [input, filter] = [rank4(inShape), rank4(filterShape)];
  const info = backend_util.computeConv2DInfo(input, filter, strides, dilations ?? 1, pad, dimRoundingMode, true);
  return { ...windowsOf(info), depthwise: true };
}

type Windowed3D = Pick<Conv3DAttrs, 'strides' | 'pad'> & Partial<Conv3DAttrs>;

export function conv3D(inShape: Shape, filterShape: Shape, attrs: Windowed3D): Convolution {
  const { strides, pad, dataFormat = 'NDHWC', dilations = 1 } = attrs;
  if (dataFormat !== 'NDHWC') throw new UncoveredError(`3D convolutions of ${dataFormat} have no traced form`);
  const info = backend_util.computeConv3DInfo(rank5(inShape), rank5(filterShape), strides, dilations, pad);
  return { ...windowsOf(info), depthwise: false };
}

// --- rules --------------------------------------------------------------------------------------------------------

function forward<A extends object>(describe: Describe<A>): ShapeRule {
  return rule<{ x: unknown; filter: unknown }, A>(({ x, filter }, attrs) =>
    float32(describe(x.shape, filter.shape, attrs).outShape),
  );
}

function backToInput<A extends { inputShape: Shape }>(describe: Describe<A>): ShapeRule {
  return rule<{ dy: unknown; filter: unknown }, A>(({ dy, filter }, attrs) => {
    expectGradient(dy, describe(attrs.inputShape, filter.shape, attrs));
    return float32(attrs.inputShape);
  });
}

function backToFilter<A extends { filterShape: Shape }>(describe: Describe<A>): ShapeRule {
  return rule<{ x: unknown; dy: unknown }, A>(({ x, dy }, attrs) => {
    expectGradient(dy, describe(x.shape, attrs.filterShape, attrs));
    return float32(attrs.filterShape);
  });
}

/** tfjs reads past, or a part of, what has not the shape of the convolution's result. */
function expectGradient({ shape }: TensorType, { outShape }: Convolution): void {
  if (shape.join() === outShape.join()) return;
  throw new UncoveredError(
    `[${shape.join()}] is not the shape of this convolution’s result, which is [${outShape.join()}]`,
  );
}
