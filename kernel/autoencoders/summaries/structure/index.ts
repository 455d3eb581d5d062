import { Model } from '../../models/model';
import type { AnyModel } from './flow';
import { modelStructure } from './model';
import { networkStructure, type NetworkEnds } from './network';
import type { Structure } from './structure';

export type { NetworkEnds } from './network';
export type { PartKind, Structure, StructureArrow, StructurePart } from './structure';

/**
 * What a model or a network is built of.
 *
 * @throws TypeError for what is neither
 */
export function structureOf(given: unknown, ends: NetworkEnds = {}): Structure {
  return given instanceof Model ? modelStructure(given as unknown as AnyModel) : networkStructure(given, ends);
}
