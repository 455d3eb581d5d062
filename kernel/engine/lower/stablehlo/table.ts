/** Every tfjs kernel that has an StableHLO form, by name. */
import { CONVOLUTION } from './convolution';
import { DILATION } from './dilation';
import { ELEMENTWISE } from './elementwise';
import { FILLS } from './fills';
import { INDEXING } from './indexing';
import type { Lowering, Lowerings } from './lowering';
import { NORMALISATION } from './normalisation';
import { POOLING } from './pooling';
import { PRODUCTS } from './products';
import { REDUCTIONS } from './reductions';
import { RESIZE } from './resize';
import { SCANS } from './scans';
import { SCATTER } from './scatter';
import { SHAPES } from './shapes';
import { SLICES } from './slices';

export const LOWERINGS: Lowerings = {
  ...ELEMENTWISE,
  ...PRODUCTS,
  ...CONVOLUTION,
  ...POOLING,
  ...DILATION,
  ...RESIZE,
  ...REDUCTIONS,
  ...SCANS,
  ...SHAPES,
  ...SLICES,
  ...FILLS,
  ...INDEXING,
  ...SCATTER,
  ...NORMALISATION,
};

/** The entry of a kernel, if it has one. */
export function loweringOf(kernel: string): Lowering | undefined {
  return Object.hasOwn(LOWERINGS, kernel) ? LOWERINGS[kernel] : undefined;
}
