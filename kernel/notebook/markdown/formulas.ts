import type { MarkdownIt, StateBlock } from 'markdown-it';
import { escapeHtml } from './escape';

/**
 * Reads display formulas as lecture notes write them: text may follow one on its line, and one that is not closed within
 * its paragraph is no formula. KaTeX's plugin would take all up to the next `$$` for a part of it.
 */
export function formulas(md: MarkdownIt): void {
  md.core.ruler.after('normalize', 'formula_lines', (state) => {
    state.src = endFormulaLines(state.src);
  });
  md.block.ruler.before('fence', 'open_formula', openFormula, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
  md.renderer.rules.open_formula = (tokens, index) => {
    const source = escapeHtml(tokens[index]!.content);
    return `<p class="latentlab-undrawn"><code>${source}</code> <em>not drawn: no $$ closes this formula</em></p>\n`;
  };
}

/** Ends the line after a `$$…$$` that something follows, outside fenced code. */
function endFormulaLines(text: string): string {
  let fence: string | undefined;
  return text
    .split('\n')
    .map((line) => {
      const marker = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
      if (marker && (fence === undefined || marker.startsWith(fence))) fence = fence === undefined ? marker : undefined;
      return fence === undefined ? line.replace(/^([ \t]*\$\$[^$]+\$\$)(?=[^\s$])/, '$1\n\n') : line;
    })
    .join('\n');
}

/** A line that begins with `$$` and more, and a paragraph that ends without another `$$`. */
function openFormula(state: StateBlock, first: number, end: number, silent: boolean): boolean {
  const lineAt = (line: number) => state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]);
  const opening = lineAt(first);
  if (!/^\$\$\s*[^\s$]/.test(opening) || opening.indexOf('$$', 2) >= 0) return false;
  let next = first + 1;
  while (next < end && !state.isEmpty(next)) {
    if (lineAt(next).includes('$$')) return false;
    next++;
  }
  if (silent) return true;
  const token = state.push('open_formula', 'p', 0);
  token.content = state.getLines(first, next, state.blkIndent, false).trim();
  token.map = [first, next];
  state.line = next;
  return true;
}
