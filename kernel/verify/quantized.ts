/** Vector quantisation and its relatives. */
import { codebooks } from './quantized/codebooks';
import { gradients } from './quantized/gradients';
import { variants } from './quantized/variants';
import type { Verification } from './verification';

export const quantized: Verification[] = [...codebooks, ...gradients, ...variants];
