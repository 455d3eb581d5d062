/** Derivation checks: formulas held against the numbers of their two sides. */
import { defineView } from '../../view';
import { DerivationChecks } from './derivationChecks';
import { derivationChecksSchema } from './model';

export const view = defineView(derivationChecksSchema, (context, first) =>
  Promise.resolve(new DerivationChecks(context, first)),
);
