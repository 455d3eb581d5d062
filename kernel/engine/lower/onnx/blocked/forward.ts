/** Convolutions. */
import type { Convolution } from '../../../ops/images/convolution';
import { filterShape } from '../convolve';
import { permuted } from '../layout';
import { onnxWindows } from '../windows';
import type { Value } from '../../../trace/program';
import { allPlaces, areFew, arranged, conv, convTranspose, flipped, isRegular, oppositePads } from './convolve';
import type { Convolved, Layouts } from './layouts';

/** y = x ∗ filter, where its windows are regular. */
export function forward(layouts: Layouts, c: Convolution, x: Value, filter: Value): Convolved | undefined {
  const { axes, inChannels: inputs, outChannels: outputs } = c;
  if (!isRegular(c)) return undefined;
  const pads = oppositePads(axes);
  if (areFew(outputs) && axes.every(({ stride }) => stride === 1) && pads.every((pad) => pad >= 0)) {
    return scattered(layouts, c, x, filter);
  }
  const { from, to } = layouts.between(inputs, outputs);
  const windows = onnxWindows(axes);
  return {
    layout: to,
    emit(epilogue) {
      const edge = layouts.plain(filter);
      const weights = arranged(layouts, to, c, { edge, order: 'in-out', inputs, outputs, places: allPlaces(c) });
      return conv(layouts.graph, to, [layouts.in(x, from), weights], windows, epilogue);
    },
  };
}

/**
 * To few channels: the transposed convolution with the turned filter. It multiplies all of the image by the filter once,
 * where the convolution would multiply the windows, each pixel many times, by hardly any columns.
 */
function scattered(layouts: Layouts, c: Convolution, x: Value, filter: Value): Convolved {
  const { graph: g } = layouts;
  const { kernel_shape, dilations } = onnxWindows(c.axes);
  const windows = { kernel_shape, dilations, pads: oppositePads(c.axes) };
  return {
    layout: 'first',
    emit(epilogue) {
      const weights = permuted(g, flipped(g, layouts.plain(filter), c.axes), filterShape(c), [2, 3, 0, 1]);
      return convTranspose(g, [layouts.in(x, 'first'), weights], windows, epilogue);
    },
  };
}
