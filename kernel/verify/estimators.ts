/** Identities of densities, bounds and their estimators. */
import type { Verification } from './verification';

export const estimators: Verification[] = [];
