/** Which kernels are computed in the layouts of images, and in which. */
import type { Conv2DAttrs } from '@tensorflow/tfjs';
import { conv2D } from '../../../ops/images/convolution';
import type { Call, Value } from '../../../trace/program';
import { isLinear, type Activation } from '../../common/activation';
import { ELEMENTWISE } from '../elementwise';
import type { Operand } from '../lowering';
import { filterGradient } from './filterGradient';
import { forward } from './forward';
import { inputGradient } from './inputGradient';
import { imageShape, type Convolved, type Layout, type Layouts } from './layouts';
import { channelSums } from './sums';

/** Adds a call's nodes; returns false when it does not handle the call. */
type Take = (layouts: Layouts, call: Call) => boolean;

const KERNELS = new Map<string, Take>([
  ['Conv2D', convolution],
  ['FusedConv2D', convolution],
  ['Conv2DBackpropInput', transposedConvolution],
  ['Conv2DBackpropFilter', toFilter],
  ['Sum', sum],
  ['Add', bias],
  ['Relu', rectifier],
]);

/** @returns whether the call's outputs are placed now; if not, use the table of all kernels */
export function inLayouts(layouts: Layouts, call: Call): boolean {
  return (KERNELS.get(call.kernel)?.(layouts, call) ?? false) || elementwise(layouts, call);
}

// --- convolutions ---------------------------------------------------------------------------------------------------

type Windowed = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dataFormat' | 'dimRoundingMode'> & Partial<Conv2DAttrs>;

function convolution(layouts: Layouts, call: Call): boolean {
  const { x, filter } = call.inputs as { x: Value; filter: Value };
  const describe = () => conv2D(x.shape, filter.shape, call.attrs as Windowed);
  return deferred(layouts, call, () => forward(layouts, describe(), x, filter));
}

function transposedConvolution(layouts: Layouts, call: Call): boolean {
  const { dy, filter } = call.inputs as { dy: Value; filter: Value };
  const { inputShape, ...windows } = call.attrs as Windowed & { inputShape: number[] };
  const describe = () => conv2D(inputShape, filter.shape, windows);
  return deferred(layouts, call, () => inputGradient(layouts, describe(), dy, filter));
}

function toFilter(layouts: Layouts, { inputs, attrs, outputs: [output] }: Call): boolean {
  const { x, dy } = inputs as { x: Value; dy: Value };
  const { filterShape, ...windows } = attrs as Windowed & { filterShape: number[] };
  if (!allFloat([x, dy])) return false;
  const edge = filterGradient(layouts, conv2D(x.shape, filterShape, windows), x, dy);
  if (edge !== undefined) layouts.place(output!, 'last', edge);
  return edge !== undefined;
}

/** Defers a convolution, with the bias and the rectifier that the kernel itself has. */
function deferred(layouts: Layouts, call: Call, describe: () => Convolved | undefined): boolean {
  const { bias: own, preluActivationWeights } = call.inputs;
  const { activation } = call.attrs as Activation;
  const [output] = call.outputs;
  const rectified = activation === 'relu';
  const covered = (rectified || isLinear({ activation })) && !preluActivationWeights && (!own || isBias(own, output!));
  const convolved = covered && allFloat(Object.values(call.inputs)) ? describe() : undefined;
  if (!convolved) return false;
  layouts.defer(output!, { ...convolved, epilogue: { bias: own && layouts.plain(own), rectified } });
  return true;
}

// --- what goes into convolutions ------------------------------------------------------------------------------------

function bias(layouts: Layouts, { inputs, outputs: [output] }: Call): boolean {
  const { a, b } = inputs as { a: Value; b: Value };
  const pending = layouts.pendingFor(a);
  if (!pending || !isBias(b, a) || pending.epilogue.bias !== undefined || pending.epilogue.rectified) return false;
  layouts.defer(output!, { ...pending, epilogue: { bias: layouts.plain(b), rectified: false } });
  return true;
}

function rectifier(layouts: Layouts, { inputs, outputs: [output] }: Call): boolean {
  const pending = layouts.pendingFor(inputs['x']!);
  if (!pending) return false;
  layouts.defer(output!, { ...pending, epilogue: { ...pending.epilogue, rectified: true } });
  return true;
}

/** Whether a value is a bias of an image: one number for each channel. */
function isBias({ shape, dtype }: Value, image: Value): boolean {
  return dtype === 'float32' && shape.length === 1 && shape[0] === image.shape[3];
}

// --- elements and their sums ----------------------------------------------------------------------------------------

/** Kernels that work element by element keep the layout that most of their inputs have. */
function elementwise(layouts: Layouts, { kernel, inputs, attrs, outputs }: Call): boolean {
  const [output] = outputs;
  const values = Object.values(inputs);
  const isScalar = ({ shape }: Value) => shape.length === 0;
  const images = values.filter((value) => !isScalar(value));
  const alike = images.every(({ shape }) => shape.join() === output!.shape.join());
  if (!alike || !Object.hasOwn(ELEMENTWISE, kernel) || !allFloat([...values, ...outputs])) return false;
  const layout = commonLayout(layouts, images);
  if (layout === 'last') return false;
  const type = { dtype: 'float32', shape: imageShape(output!.shape) } as const;
  const operand = (value: Value): Operand =>
    isScalar(value) ? { ...value, edge: layouts.plain(value) } : { ...type, edge: layouts.in(value, layout) };
  const operands = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, operand(value)]));
  const [edge] = ELEMENTWISE[kernel]!.nodes(layouts.graph, operands, attrs, [type]);
  layouts.place(output!, layout, edge!);
  return true;
}

/** The layout that most values have. In a tie it is one of images, which convolutions want. */
function commonLayout(layouts: Layouts, values: readonly Value[]): Layout {
  const inFavour = (layout: Layout) => values.filter((value) => layouts.has(value, layout)).length;
  return (['last', 'first', 'blocked'] as const).reduce((best, layout) =>
    inFavour(layout) > 0 && inFavour(layout) >= inFavour(best) ? layout : best,
  );
}

/** The sums of each channel. The gradients of biases are such sums. */
function sum(layouts: Layouts, { inputs, attrs, outputs: [output] }: Call): boolean {
  const x = inputs['x']!;
  const { axis, keepDims } = attrs as { axis?: number | number[]; keepDims?: boolean };
  const layout = (['blocked', 'first'] as const).find((one) => layouts.has(x, one));
  if (String(axis) !== '0,1,2' || keepDims || !layout || layouts.has(x, 'last')) return false;
  layouts.place(output!, 'last', channelSums(layouts, x, layout));
  return true;
}

function allFloat(values: readonly (Value | undefined)[]): boolean {
  return values.every((value) => value === undefined || value.dtype === 'float32');
}
