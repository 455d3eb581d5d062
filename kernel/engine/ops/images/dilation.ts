/** Greyscale dilation: the maximum, over each window, of image plus filter; and its gradients. */
import { backend_util } from '@tensorflow/tfjs';
import type { Dilation2DAttrs } from '@tensorflow/tfjs';
import { rule, type ShapeRules } from '../rule';
import { float32, type TensorType } from '../types';
import { rank4, windowsOf, type Windows } from './windows';

/** x: [N, height, width, C]; filter: [height, width, C] */
export interface Dilation {
  x: unknown;
  filter: unknown;
}

export const DILATION: ShapeRules = {
  Dilation2D: rule<Dilation, Dilation2DAttrs>(({ x, filter }, attrs) =>
    float32(dilationWindows(x, filter, attrs).outShape),
  ),
  Dilation2DBackpropInput: rule<Dilation>(({ x }) => float32(x.shape)),
  Dilation2DBackpropFilter: rule<Dilation>(({ filter }) => float32(filter.shape)),
};

export function dilationWindows(
  x: TensorType,
  filter: TensorType,
  { strides, pad, dilations }: Dilation2DAttrs,
): Windows {
  const [height, width, channels] = filter.shape as [number, number, number];
  const window: [number, number, number] = [height, width, channels];
  return windowsOf(backend_util.computeDilation2DInfo(rank4(x.shape), window, strides, pad, 'NHWC', dilations));
}
