/** Gradients for the inputs of convolutions, which transposed convolutions are. */
import type { Convolution } from '../../../ops/images/convolution';
import type { Axis } from '../../../ops/images/windows';
import type { Value } from '../../../trace/program';
import { filterShape } from '../convolve';
import type { Edge } from '../graph';
import { phasesOf } from '../inputGradient';
import { permuted } from '../layout';
import { onnxWindows } from '../windows';
import { allPlaces, arranged, conv, convTranspose, isRegular, oppositePads, relu } from './convolve';
import type { Convolved, Layouts } from './layouts';
import { gathered, numbered } from './pieces';

/** The gradient for x of x ∗ filter, where its windows are regular. */
export function inputGradient(layouts: Layouts, c: Convolution, dy: Value, filter: Value): Convolved | undefined {
  const { axes, inChannels, outChannels } = c;
  if (!isRegular(c)) return undefined;
  if (layouts.between(outChannels, inChannels).to === 'first') return transposed(layouts, c, dy, filter);
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

/** With stride 1: the blocked convolution with the turned filter. */
function backwards(layouts: Layouts, c: Convolution, dy: Value, filter: Value): Convolved {
  const { graph: g } = layouts;
  const { axes, inChannels: outputs, outChannels: inputs } = c;
  const { from, to } = layouts.between(inputs, outputs);
  const { kernel_shape: window, dilations } = onnxWindows(axes);
  const pads = oppositePads(axes);
  if (pads.some((pad) => pad < 0)) return transposed(layouts, c, dy, filter);
  return {
    layout: to,
    emit(epilogue) {
      const places = allPlaces(c).map((all) => all.reverse());
      const weights = arranged(layouts, to, c, {
        edge: layouts.plain(filter),
        order: 'out-in',
        inputs,
        outputs,
        places,
      });
      return conv(g, to, [layouts.in(dy, from), weights], { kernel_shape: window, dilations, pads }, epilogue);
    },
  };
}

/** With strides: a blocked convolution of stride 1 for each place between them, whose results are put together. */
function inPhases(layouts: Layouts, c: Convolution, dy: Value, filter: Value): Convolved {
  const { graph: g, block } = layouts;
  const { axes, batch, inChannels: outputs, outChannels: inputs } = c;
  const { from, to } = layouts.between(inputs, outputs);
  const phases = phasePairs(c);
  if (!phases) return transposed(layouts, c, dy, filter);
  return {
    layout: to,
    emit(epilogue) {
      const image = layouts.in(dy, from);
      const pieces = phases.map(({ places, pads }) => {
        const window = places.map(({ length }) => length);
        const edge = layouts.plain(filter);
        const weights = arranged(layouts, to, c, { edge, order: 'out-in', inputs, outputs, places });
        return conv(g, to, [image, weights], { kernel_shape: window, pads }, epilogue);
      });
      return g.reshape(interleaved(layouts, pieces, axes, (batch * outputs) / block), [
        batch,
        outputs,
        ...axes.map(({ input }) => input),
      ]);
    },
  };
}

/** Images of blocks, [images, ...lengths, b], one for each pair of phases, put together. */
function interleaved(layouts: Layouts, phases: readonly Edge[], axes: readonly Axis[], images: number): Edge {
  const { graph: g, block } = layouts;
  const [rows, columns] = axes as [Axis, Axis];
  const [height, width] = [phaseLength(rows), phaseLength(columns)];
  const numbers = numbered([images, rows.input, columns.input], ([image, y, x]) => {
    const phase = (y! % rows.stride) * columns.stride + (x! % columns.stride);
    return (
      ((phase * images + image!) * height + Math.floor(y! / rows.stride)) * width + Math.floor(x! / columns.stride)
    );
  });
  const pieces = { pieces: phases.length * images * height * width, width: block };
  return gathered(layouts, g.op('Concat', phases, { axis: 0 }), pieces, numbers);
}

/** How many inputs are as far from a multiple of the stride; of some phases it is one less, which is cut off afterwards. */
function phaseLength({ input, stride }: Axis): number {
  return Math.ceil(input / stride);
}

/** Places of the window and padding for each pair of phases; none where a phase has no place, or padding is negative. */
function phasePairs({ axes }: Convolution): { places: (readonly number[])[]; pads: number[] }[] | undefined {
  if (axes.some(({ dilation }) => dilation > 1)) return undefined;
  const [rows, columns] = axes.map((axis) =>
    phasesOf(axis).map(({ places, offset }) => {
      const after = phaseLength(axis) + offset + places.length - 1 - axis.output;
      return { places, before: -offset, after };
    }),
  );
  const pairs = rows!.flatMap((row) =>
    columns!.map((column) => ({
      places: [row.places, column.places],
      pads: [row.before, column.before, row.after, column.after],
    })),
  );
  const covered = pairs.every(
    ({ places, pads }) => places.every(({ length }) => length > 0) && pads.every((pad) => pad >= 0),
  );
  return covered ? pairs : undefined;
}
