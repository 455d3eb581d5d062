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
import type { TensorType } from '../trace/program';
import { activated, isLinear, type Activation } from './activation';
import { convolve, filterGradient, type Convolution } from './convolve';
import { asFloat } from './elementwise';
import type { Edge, Graph } from './graph';
import { inputGradient } from './inputGradient';
import { lowering, LoweringError, type Lowering, type Lowerings, type Operand } from './lowering';
import { rank4, rank5, windowsOf } from './windows';

type Shape = readonly number[];
/** The convolution that a kernel's shapes and attributes describe. */
type Describe<A> = (inShape: Shape, filterShape: Shape, attrs: A) => Convolution;

interface Forward {
  x: unknown;
  filter: unknown;
}
interface Fused extends Forward {
  bias?: unknown;
  preluActivationWeights?: unknown;
}

export const CONVOLUTION: Lowerings = {
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

function depthwise(inShape: Shape, filterShape: Shape, attrs: Windowed2D): Convolution {
  const { strides, pad, dataFormat = 'NHWC', dilations, dimRoundingMode } = attrs;
  if (dataFormat !== 'NHWC') throw new LoweringError(`depthwise convolutions of ${dataFormat} have no ONNX form here`);
  const [input, filter] = [rank4(inShape), rank4(filterShape)];
  const info = backend_util.computeConv2DInfo(input, filter, strides, dilations ?? 1, pad, dimRoundingMode, true);
  return { ...windowsOf(info), depthwise: true };
}

type Windowed3D = Pick<Conv3DAttrs, 'strides' | 'pad'> & Partial<Conv3DAttrs>;

function conv3D(inShape: Shape, filterShape: Shape, attrs: Windowed3D): Convolution {
  const { strides, pad, dataFormat = 'NDHWC', dilations = 1 } = attrs;
  if (dataFormat !== 'NDHWC') throw new LoweringError(`3D convolutions of ${dataFormat} have no ONNX form here`);
  const info = backend_util.computeConv3DInfo(rank5(inShape), rank5(filterShape), strides, dilations, pad);
  return { ...windowsOf(info), depthwise: false };
}

// --- kernels ------------------------------------------------------------------------------------------------------

function float32(shape: Shape): TensorType {
  return { shape, dtype: 'float32' };
}

function forward<A extends object>(describe: Describe<A>): Lowering {
  return lowering<Forward, A>({
    infer: ({ x, filter }, attrs) => float32(describe(x.shape, filter.shape, attrs).outShape),
    nodes: (g, { x, filter }, attrs) =>
      convolve(g, describe(x.shape, filter.shape, attrs), asFloat(g, x), asFloat(g, filter)),
  });
}

/** With bias and activation. A bias for each channel and what works element by element go into the convolution. */
function fused<A extends object>(describe: Describe<A>): Lowering {
  return lowering<Fused, A & Activation>({
    infer: ({ x, filter }, attrs) => float32(describe(x.shape, filter.shape, attrs).outShape),
    nodes(g, { x, filter, bias, preluActivationWeights }, attrs, output) {
      const convolution = describe(x.shape, filter.shape, attrs);
      const { channelsLast, outChannels } = convolution;
      const inside = bias === undefined || (bias.shape.length === 1 && bias.shape[0] === outChannels);
      const last = preluActivationWeights && ofChannels(g, preluActivationWeights, channelsLast);
      const activate = (edge: Edge): Edge => activated(g, { edge, ...output }, attrs, last);
      const early = inside && !last && !isLinear(attrs);
      const y = convolve(g, convolution, asFloat(g, x), asFloat(g, filter), {
        bias: inside && bias ? asFloat(g, bias) : undefined,
        ...(early ? { activate } : {}),
      });
      const biased = bias && !inside ? g.op('Add', [y, asFloat(g, ofChannels(g, bias, channelsLast))]) : y;
      return early ? biased : activate(biased);
    },
  });
}

function backToInput<A extends { inputShape: Shape }>(describe: Describe<A>): Lowering {
  return lowering<{ dy: unknown; filter: unknown }, A>({
    infer({ dy, filter }, attrs) {
      expectGradient(dy, describe(attrs.inputShape, filter.shape, attrs));
      return float32(attrs.inputShape);
    },
    nodes: (g, { dy, filter }, attrs) =>
      inputGradient(g, describe(attrs.inputShape, filter.shape, attrs), asFloat(g, dy), asFloat(g, filter)),
  });
}

function backToFilter<A extends { filterShape: Shape }>(describe: Describe<A>): Lowering {
  return lowering<{ x: unknown; dy: unknown }, A>({
    infer({ x, dy }, attrs) {
      expectGradient(dy, describe(x.shape, attrs.filterShape, attrs));
      return float32(attrs.filterShape);
    },
    nodes: (g, { x, dy }, attrs) =>
      filterGradient(g, describe(x.shape, attrs.filterShape, attrs), asFloat(g, x), asFloat(g, dy)),
  });
}

/** tfjs reads past, or a part of, what has not the shape of the convolution's result. */
function expectGradient({ shape }: TensorType, { outShape }: Convolution): void {
  if (shape.join() === outShape.join()) return;
  throw new LoweringError(
    `[${shape.join()}] is not the shape of this convolution’s result, which is [${outShape.join()}]`,
  );
}

/** One value a channel, so that it broadcasts to a batch in this layout. */
function ofChannels(g: Graph, values: Operand, channelsLast: boolean): Operand {
  if (channelsLast || values.shape.length !== 1) return values;
  const shape = [...values.shape, 1, 1];
  return { ...values, edge: g.reshape(values.edge, shape), shape };
}
