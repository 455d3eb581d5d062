/** Maxima and averages over windows, and their gradients. */
import { backend_util, util } from '@tensorflow/tfjs';
import type { AvgPool3DAttrs, AvgPoolAttrs, MaxPoolWithArgmaxAttrs } from '@tensorflow/tfjs';
import { rule, shared, UncoveredError, type ShapeRule, type ShapeRules } from '../rule';
import { float32 } from '../types';
import { rank4, rank5, windowsOf, type Windows } from './windows';

export type Describe<A> = (shape: readonly number[], attrs: A) => Windows;

const gradient = rule<{ input: unknown }>(({ input }) => float32(input.shape));

export const POOLING: ShapeRules = {
  ...shared(pool(pool2D), 'MaxPool', 'AvgPool'),
  ...shared(pool(pool3D), 'MaxPool3D', 'AvgPool3D'),
  ...shared(gradient, 'MaxPoolGrad', 'MaxPool3DGrad', 'AvgPoolGrad', 'AvgPool3DGrad'),
  MaxPoolWithArgmax({ x }, attrs) {
    const { shape: from, dtype } = x!;
    util.assert(from.length === 4, () => `maxPoolWithArgmax needs x of rank 4, not of shape [${from.join()}].`);
    const windows = pool2D(from, attrs as unknown as MaxPoolWithArgmaxAttrs);
    if (!reachInside(windows)) {
      throw new UncoveredError('a window that lies wholly in the padding has no place where the maximum is');
    }
    const { outShape: shape } = windows;
    return [
      { shape, dtype },
      { shape, dtype: 'int32' },
    ];
  },
};

// --- what the attributes say --------------------------------------------------------------------------------------

export function pool2D(shape: readonly number[], attrs: AvgPoolAttrs): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return windowsOf(backend_util.computePool2DInfo(rank4(shape), filterSize, strides, 1, pad, dimRoundingMode));
}

export function pool3D(
  shape: readonly number[],
  attrs: Omit<AvgPool3DAttrs, 'dataFormat'> & Partial<AvgPool3DAttrs>,
): Windows {
  const { filterSize, strides, pad, dimRoundingMode, dataFormat = 'NDHWC' } = attrs;
  if (dataFormat !== 'NDHWC') throw new UncoveredError(`3D pooling of ${dataFormat} has no traced form`);
  return windowsOf(backend_util.computePool3DInfo(rank5(shape), filterSize, strides, 1, pad, dimRoundingMode));
}

// --- rules --------------------------------------------------------------------------------------------------------

function pool<A extends object>(describe: Describe<A>): ShapeRule {
  return rule<{ x: unknown }, A>(({ x }, attrs) => ({ shape: describe(x.shape, attrs).outShape, dtype: x.dtype }));
}

/** Whether each window has an element of the input under it. */
export function reachInside({ axes }: Windows): boolean {
  return axes.every(({ before, after, filter }) => before < filter && after < filter);
}
