/** The shape rule of every tfjs kernel that programs may hold, by the kernel's name. */
import { ELEMENTWISE } from './elementwise';
import { FILLS } from './fills';
import { INDEXING } from './indexing';
import { NORMALISATION } from './normalisation';
import { PRODUCTS } from './products';
import { REDUCTIONS } from './reductions';
import { RESIZE } from './images/resize';
import type { ShapeRule, ShapeRules } from './rule';
import { SHAPES } from './shapes';
import { SLICES } from './slices';
import { CONVOLUTION } from './images/convolution';
import { DILATION } from './images/dilation';
import { POOLING } from './images/pooling';

export const RULES: ShapeRules = {
  ...ELEMENTWISE,
  ...PRODUCTS,
  ...CONVOLUTION,
  ...POOLING,
  ...DILATION,
  ...RESIZE,
  ...REDUCTIONS,
  ...SHAPES,
  ...SLICES,
  ...FILLS,
  ...INDEXING,
  ...NORMALISATION,
};

/** The rule of a kernel, if it has one. */
export function ruleOf(kernel: string): ShapeRule | undefined {
  return Object.hasOwn(RULES, kernel) ? RULES[kernel] : undefined;
}
