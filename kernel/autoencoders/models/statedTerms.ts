import type * as tf from '@tensorflow/tfjs';
import { evaluateAbstractly } from '../../engine/index';
import { declarationsOf, valuesOf } from '../objectives/terms';
import type { TermDeclaration, Terms } from '../objectives/terms';

/** Shapes and types of what the terms are given, by name. */
type Types = Parameters<typeof evaluateAbstractly>[1];

/** What terms say of themselves beside their values. No number is computed for it: they run on placeholders. */
export function statedTerms(
  terms: (tensors: Readonly<Record<string, tf.Tensor>>) => Terms,
  given: Types,
  variables: Readonly<Record<string, tf.Variable>>,
): Readonly<Record<string, TermDeclaration>> {
  let found: Record<string, TermDeclaration> = {};
  const run = (tensors: Readonly<Record<string, tf.Tensor>>) => {
    const stated = terms(tensors);
    found = declarationsOf(stated);
    return valuesOf(stated);
  };
  evaluateAbstractly(run, given, variables);
  return found;
}
