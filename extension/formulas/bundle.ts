/** What finds, links and writes checks of formulas: its own bundle, loaded with the first formula. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as EquationChecks from '../../kernel/notebook/equationChecks/index';

export type FormulaTools = typeof EquationChecks;

/** @param product the extension's folder */
export function formulaTools(product: string): () => FormulaTools {
  let loaded: FormulaTools | undefined;
  return () => {
    if (!loaded) {
      const file = path.join(product, 'dist', 'extension', 'equationChecks.cjs');
      loaded = createRequire(file)(file) as FormulaTools;
    }
    return loaded;
  };
}

/** Whether a text may hold display formulas: only then is it worth reading. */
export const mayHaveFormulas = (text: string) => text.includes('$$') || text.includes('\\begin{');
