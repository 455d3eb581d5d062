import type { MarkdownIt } from 'markdown-it';

/**
 * Display formulas as separate blocks, so that a line of `=` or `#` inside one is no heading: `$$ … $$` and
 * `\begin{…} … \end{…}` at the beginning of a line, as VS Code draws them. One that is never closed is no formula.
 */
export function formulaBlocks(md: MarkdownIt): void {
  md.block.ruler.before(
    'fence',
    'formula',
    (state, first, end, silent) => {
      const lineAt = (line: number) => state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]);
      const closing = closingOf(lineAt(first));
      if (!closing) return false;
      let last = first;
      while (!closing(lineAt(last), last === first)) {
        last++;
        // A formula in a list or a quotation ends with it.
        if (last >= end || (state.sCount[last]! < state.blkIndent && lineAt(last) !== '')) return false;
      }
      if (silent) return true;
      state.line = last + 1;
      state.push('formula', 'div', 0).map = [first, last + 1];
      return true;
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
}

type Closing = (line: string, isFirst: boolean) => boolean;

/** What says that a line ends the formula which this line opens; undefined if it opens none. */
function closingOf(line: string): Closing | undefined {
  if (line.startsWith('$$')) return (text, isFirst) => (isFirst ? text.slice(2) : text).includes('$$');
  const environment = /^\\begin\{([^}]+)\}/.exec(line)?.[1];
  return environment === undefined ? undefined : (text) => text.includes(`\\end{${environment}}`);
}
