/** Hierarchies: Markovian and top-down. */
import type { Verification } from './verification';

export const hierarchical: Verification[] = [];
