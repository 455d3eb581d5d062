import type { MarkdownIt } from 'markdown-it';

/**
 * Reads `\ref{…}` and `\eqref{…}` outside of formulas, which Markdown would take for an escaped letter. Tokens
 * `equation_reference` have the label as their content, and the command as their markup.
 */
export function references(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'equation_reference', (state, silent) => {
    const match = /^\\(eqref|ref)\{([^{}]*)\}/.exec(state.src.slice(state.pos));
    if (!match) return false;
    if (!silent) Object.assign(state.push('equation_reference', '', 0), { content: match[2], markup: match[1] });
    state.pos += match[0].length;
    return true;
  });
}
