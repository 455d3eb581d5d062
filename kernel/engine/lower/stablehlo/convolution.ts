/** Convolutions and their gradients, which are convolutions, too. The layouts are those of tfjs. */
import type { Activation } from '../common/activation';
import { convolutions, type Convolution, type Describe } from '../../ops/images/convolution';
import { float32 } from '../../ops/types';
import { activated } from './activation';
import { precisionConfig, type Body, type Operand } from './body';
import { lowering, type Lowering, type Lowerings } from './lowering';
import { i64, i64s, pairs } from './text';

interface Forward {
  x: unknown;
  filter: unknown;
}
interface Fused extends Forward {
  bias?: unknown;
  preluActivationWeights?: unknown;
}

export const CONVOLUTION: Lowerings = convolutions({ forward, fused, backToInput, backToFilter });

// --- kernels ------------------------------------------------------------------------------------------------------

function forward<A extends object>(describe: Describe<A>): Lowering {
  return lowering<Forward, A>((b, { x, filter }, attrs) =>
    convolved(b, describe(x.shape, filter.shape, attrs), b.as(x, 'float32'), b.as(filter, 'float32')),
  );
}

/** With bias and activation. */
function fused<A extends object>(describe: Describe<A>): Lowering {
  return lowering<Fused, A & Activation>((b, { x, filter, bias, preluActivationWeights }, attrs) => {
    const convolution = describe(x.shape, filter.shape, attrs);
    const y = convolved(b, convolution, b.as(x, 'float32'), b.as(filter, 'float32'));
    const aligned = (values: Operand) => ofChannels(b, b.as(values, 'float32'), convolution);
    const biased = bias ? b.each('add', y, aligned(bias)) : y;
    return activated(b, biased, attrs, preluActivationWeights && aligned(preluActivationWeights));
  });
}

function backToInput<A extends { inputShape: readonly number[] }>(describe: Describe<A>): Lowering {
  return lowering<{ dy: unknown; filter: unknown }, A>((b, { dy, filter }, attrs) =>
    inputGradient(b, describe(attrs.inputShape, filter.shape, attrs), b.as(dy, 'float32'), b.as(filter, 'float32')),
  );
}

function backToFilter<A extends { filterShape: readonly number[] }>(describe: Describe<A>): Lowering {
  return lowering<{ x: unknown; dy: unknown }, A>((b, { x, dy }, attrs) => {
    const convolution = describe(x.shape, attrs.filterShape, attrs);
    return b.reshape(filterGradient(b, convolution, b.as(x, 'float32'), b.as(dy, 'float32')), attrs.filterShape);
  });
}

/** One value a channel, so that it broadcasts to a batch in this layout. */
function ofChannels(b: Body, values: Operand, { channelsLast }: Convolution): Operand {
  return channelsLast || values.shape.length !== 1 ? values : b.reshape(values, [...values.shape, 1, 1]);
}

// --- forms --------------------------------------------------------------------------------------------------------

/** A convolution as StableHLO states it; where nothing is said, strides and dilations are 1, and groups 1. */
interface Stated {
  /** What each axis of input, filter and result is: `b01f_01io->b01f`. */
  readonly layouts: readonly [string, string, string];
  readonly padding: readonly (readonly [number, number])[];
  readonly strides?: readonly number[];
  readonly inputDilation?: readonly number[];
  readonly filterDilation?: readonly number[];
  readonly featureGroups?: number;
  readonly batchGroups?: number;
}

function convolved(b: Body, c: Convolution, x: Operand, filter: Operand): Operand {
  const image = imageLayout(c);
  const grouped = c.depthwise ? b.reshape(filter, [...filter.shape.slice(0, -2), 1, c.outChannels]) : filter;
  return conv(b, x, grouped, c.outShape, {
    layouts: [image, `${spatial(c)}io`, image],
    padding: c.axes.map(({ before, after }) => [before, after] as const),
    strides: c.axes.map(({ stride }) => stride),
    filterDilation: c.axes.map(({ dilation }) => dilation),
    featureGroups: c.depthwise ? c.inChannels : 1,
  });
}

/**
 * The convolution of dy, spread by the stride, with the filter turned round and its channels changed. The filter is turned
 * by an operation of its own: where the convolution itself is to do it, the processor's plugin computes it in a plain loop.
 */
function inputGradient(b: Body, c: Convolution, dy: Operand, filter: Operand): Operand {
  const image = imageLayout(c);
  const reach = c.axes.map((axis) => (axis.filter - 1) * axis.dilation);
  return conv(b, dy, b.reverse(filter, [...c.axes.keys()]), c.inShape, {
    layouts: [image, `${spatial(c)}oi`, image],
    padding: c.axes.map(({ before, after }, i) => [reach[i]! - before, reach[i]! - after] as const),
    inputDilation: c.axes.map(({ stride }) => stride),
    filterDilation: c.axes.map(({ dilation }) => dilation),
    featureGroups: c.depthwise ? c.inChannels : 1,
  });
}

/** The convolution of x by dy, in which batch and channels, and strides and dilations, have changed places. */
function filterGradient(b: Body, c: Convolution, x: Operand, dy: Operand): Operand {
  const image = imageLayout(c);
  const shape = [...c.axes.map(({ filter }) => filter), c.depthwise ? 1 : c.inChannels, c.outChannels];
  const swapped = image.replace(/[bf]/g, (axis) => (axis === 'b' ? 'f' : 'b'));
  const result = image.replace('b', 'i').replace('f', 'o');
  return conv(b, x, dy, shape, {
    layouts: [swapped, result, `${spatial(c)}bf`],
    padding: c.axes.map(({ before, after }) => [before, after] as const),
    strides: c.axes.map(({ dilation }) => dilation),
    filterDilation: c.axes.map(({ stride }) => stride),
    batchGroups: c.depthwise ? c.inChannels : 1,
  });
}

function conv(b: Body, x: Operand, filter: Operand, shape: readonly number[], stated: Stated): Operand {
  const { layouts, padding, featureGroups = 1, batchGroups = 1 } = stated;
  const ones = padding.map(() => 1);
  const [input, window, output] = layouts.map((layout) => `[${[...layout].join(', ')}]`);
  return b.op('convolution', [x, filter], float32(shape), {
    window_strides: i64s(stated.strides ?? ones),
    padding: pairs(padding),
    lhs_dilation: i64s(stated.inputDilation ?? ones),
    rhs_dilation: i64s(stated.filterDilation ?? ones),
    dimension_numbers: `#stablehlo.conv<${input}x${window}->${output}>`,
    feature_group_count: i64(featureGroups),
    batch_group_count: i64(batchGroups),
    precision_config: precisionConfig(b.precision),
  });
}

/** `01`: the spatial axes. */
function spatial({ axes }: Convolution): string {
  return axes.map((_, i) => i).join('');
}

function imageLayout(c: Convolution): string {
  return c.channelsLast ? `b${spatial(c)}f` : `bf${spatial(c)}`;
}
