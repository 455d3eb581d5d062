/** Gradients for the inputs of convolutions, which transposed convolutions are. */
import type { Value } from '../../trace/program';
import { filterShape, type Convolution } from '../convolve';
import type { Edge } from '../graph';
import { interleaved, phasesOf, taken, type Phase } from '../inputGradient';
import { permuted } from '../layout';
import { onnxWindows } from '../windows';
import { arranged, conv, convTranspose, flipped, isRegular, oppositePads, relu } from './convolve';
import type { Convolved, Layouts } from './layouts';

/** The gradient for x of x ∗ filter, if its channels fit. */
export function inputGradient(layouts: Layouts, c: Convolution, dy: Value, filter: Value): Convolved | undefined {
  const { axes, inChannels, outChannels } = c;
  const [to, from] = [layouts.layoutOf(inChannels), layouts.layoutOf(outChannels)];
  if (!to || !from || !isRegular(c)) return undefined;
  if (layouts.areFew(inChannels) || layouts.block === 1) return transposed(layouts, c, dy, filter);
  if (to !== layouts.image) return undefined;
  if (axes.every(({ stride }) => stride === 1)) return backwards(layouts, c, dy, filter);
  return inPhases(layouts, c, dy, filter);
}

/** ONNX Runtime's own, channels first; to one channel with strides its parts, which are quicker one by one. */
function transposed(layouts: Layouts, c: Convolution, dy: Value, filter: Value): Convolved {
  const { graph: g } = layouts;
  const { axes, inChannels } = c;
  const windows = onnxWindows(axes);
  return {
    layout: 'first',
    emit(epilogue) {
      const operands = [layouts.in(dy, 'first'), layouts.plain(filter)] as const;
      if (inChannels === 1 && axes.some(({ stride }) => stride > 1)) {
        const { bias, rectified } = epilogue;
        const image = inPlanes(layouts, c, operands);
        return relu(g, bias ? g.op('Add', [image, bias]) : image, rectified);
      }
      const weights = permuted(g, operands[1], filterShape(c), [3, 2, 0, 1]);
      const output_padding = axes.map(({ after }) => Math.max(0, -after));
      return convTranspose(g, [operands[0], weights], { ...windows, output_padding }, epilogue);
    },
  };
}

/** To one channel: the columns under all windows, added up where they lie. */
function inPlanes({ graph: g }: Layouts, c: Convolution, [dy, filter]: readonly [Edge, Edge]): Edge {
  const { axes, batch, outChannels } = c;
  const { strides, dilations, pads, kernel_shape } = onnxWindows(axes);
  const places = kernel_shape.reduce((a, b) => a * b, 1);
  const outside = axes.reduce((product, { output }) => product * output, 1);
  const columns = g.op('MatMul', [
    g.reshape(filter, [places, outChannels]),
    g.reshape(dy, [batch, outChannels, outside]),
  ]);
  const size = g.ints(axes.map(({ input }) => input));
  return g.op('Col2Im', [columns, size, g.ints(kernel_shape)], { strides, dilations, pads });
}

/** With stride 1: the convolution with the turned filter. */
function backwards(layouts: Layouts, c: Convolution, dy: Value, filter: Value): Convolved | undefined {
  const { graph: g } = layouts;
  const { axes, inChannels: outputs, outChannels: inputs } = c;
  const { kernel_shape, dilations } = onnxWindows(axes);
  const pads = oppositePads(axes);
  if (pads.some((pad) => pad < 0)) return undefined;
  return {
    layout: layouts.image,
    emit(epilogue) {
      const shape = { window: kernel_shape, inputs, outputs };
      const weights = arranged(layouts, flipped(g, layouts.plain(filter), axes), shape, 'out-in');
      const image = layouts.in(dy, layouts.layoutOf(inputs)!);
      return conv(layouts, [image, weights], { kernel_shape, dilations, pads }, epilogue);
    },
  };
}

/** With strides: a convolution of stride 1 for each place between them, whose results are put together. */
function inPhases(layouts: Layouts, c: Convolution, dy: Value, filter: Value): Convolved | undefined {
  const { graph: g, block } = layouts;
  const { axes, batch, inChannels: outputs, outChannels: inputs } = c;
  if (axes.some(({ dilation }) => dilation > 1)) return undefined;
  const [rows, columns] = axes.map(phasesOf) as [Phase[], Phase[]];
  const lengths = axes.map(({ input, stride }) => Math.ceil(input / stride));
  const combinations = rows.flatMap((row) => columns.map((column) => [row, column]));
  const padsOf = (phases: readonly Phase[]) => [
    ...phases.map(({ offset }) => -offset),
    ...phases.map(({ places, offset }, i) => lengths[i]! + offset + places.length - 1 - axes[i]!.output),
  ];
  const covered = combinations.every((phases) => phases.every(({ places }) => places.length > 0));
  if (!covered || combinations.some((phases) => padsOf(phases).some((pad) => pad < 0))) return undefined;
  return {
    layout: layouts.image,
    emit(epilogue) {
      const image = layouts.in(dy, layouts.layoutOf(inputs)!);
      const pieces = combinations.map((phases) => {
        const places = phases.map((phase) => phase.places);
        const window = places.map(({ length }) => length);
        const part = taken(g, c, layouts.plain(filter), places);
        const weights = arranged(layouts, part, { window, inputs, outputs }, 'out-in');
        return conv(layouts, [image, weights], { kernel_shape: window, pads: padsOf(phases) }, epilogue);
      });
      const blocks = { axes, batch: (batch * outputs) / block, inChannels: block };
      return g.reshape(interleaved(g, pieces, blocks, lengths), [batch, outputs, ...axes.map(({ input }) => input)]);
    },
  };
}
