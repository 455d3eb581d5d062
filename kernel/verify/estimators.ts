/** Identities of densities, bounds and their estimators. */
import { bounds } from './estimators/bounds';
import { densities } from './estimators/densities';
import { gradients } from './estimators/gradients';
import type { Verification } from './verification';

export const estimators: Verification[] = [...densities, ...bounds, ...gradients];
