import type { MarkdownIt } from 'markdown-it';
import { folds } from './folds';
import { formulas } from './formulas';
import { references } from './references';

/** What notes on mathematics write beside CommonMark, alike in VS Code and in reports; KaTeX's plugin comes with it. */
export function notes(md: MarkdownIt): void {
  md.use(formulas).use(references).use(folds);
}
