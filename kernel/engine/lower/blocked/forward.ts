/** Convolutions. */
import { filterShape, type Convolution } from '../convolve';
import { permuted } from '../layout';
import { onnxWindows } from '../windows';
import type { Value } from '../../trace/program';
import { arranged, conv, convTranspose, flipped, isRegular, oppositePads } from './convolve';
import type { Convolved, Layouts } from './layouts';

/** y = x ∗ filter, if its channels fit. */
export function forward(layouts: Layouts, c: Convolution, x: Value, filter: Value): Convolved | undefined {
  const { axes, inChannels: inputs, outChannels: outputs } = c;
  const from = layouts.layoutOf(inputs);
  if (!from || !isRegular(c)) return undefined;
  if (layouts.areFew(outputs)) return scattered(layouts, c, x, filter);
  if (layouts.layoutOf(outputs) !== layouts.image) return undefined;
  const { dilations, ...windows } = onnxWindows(axes);
  const shape = { window: windows.kernel_shape, inputs, outputs };
  return {
    layout: layouts.image,
    emit(epilogue) {
      const operands = [layouts.in(x, from), arranged(layouts, layouts.plain(filter), shape, 'in-out')] as const;
      return conv(layouts, operands, { ...windows, dilations }, epilogue);
    },
  };
}

/**
 * To few channels: the transposed convolution with the turned filter. It multiplies all of the image by the filter once,
 * where the convolution would multiply the windows, each pixel many times, by hardly any columns.
 */
function scattered(layouts: Layouts, c: Convolution, x: Value, filter: Value): Convolved | undefined {
  const { graph: g } = layouts;
  const { kernel_shape, strides, dilations } = onnxWindows(c.axes);
  const pads = oppositePads(c.axes);
  if (strides.some((stride) => stride > 1) || pads.some((pad) => pad < 0)) return undefined;
  return {
    layout: 'first',
    emit(epilogue) {
      const turned = flipped(g, layouts.plain(filter), c.axes);
      const weights = permuted(g, turned, filterShape(c), [2, 3, 0, 1]);
      return convTranspose(g, [layouts.in(x, 'first'), weights], { kernel_shape, dilations, pads }, epilogue);
    },
  };
}
