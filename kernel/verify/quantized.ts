/** Vector quantisation and its relatives. */
import type { Verification } from './verification';

export const quantized: Verification[] = [];
