/** Formulas of notes and their checks: found, linked and written. One bundle, loaded with the first formula. */
import { formulaText, formulaTree } from '../../views/formula';
import { writeCheck, type Written } from '../formulas/writeCheck';

export { declaredTypes } from './declared';
export { displayFormulas, type DisplayFormula } from './find';
export {
  checksIn,
  linked,
  linksOf,
  written,
  type LinkedCheck,
  type Links,
  type Mark,
  type Part,
  type Tally,
} from './link';

/** A display formula in one line of plain text. */
export function plainFormula(tex: string): string {
  return formulaText(formulaTree(tex.replace(/\\label\s*\{[^{}]*\}/g, '')));
}

/** The cell that checks a formula. */
export function checkCell(tex: string, declared: ReadonlyMap<string, string>): Written {
  const label = /\\label\s*\{([^{}]*)\}/.exec(tex)?.[1]?.trim();
  return writeCheck(tex, { label, text: plainFormula(tex), declared });
}
