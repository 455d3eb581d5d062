import { found } from '../../arguments';
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
  if (!(given instanceof Model)) return networkStructure(given, ends);
  const weights = Object.values(given.parameters);
  if (weights.length > 0 && weights.every(({ isDisposed }) => isDisposed)) {
    throw new TypeError(`diagram takes as "model" a model or a network; found ${found(given)}.`);
  }
  return modelStructure(given as unknown as AnyModel);
}
