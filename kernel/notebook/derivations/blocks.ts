/** Where a Markdown text can be cut into cells. */
import MarkdownIt from 'markdown-it';
import { formulaBlocks } from '../markdown/formulaBlocks';
import { notes } from '../markdown/notes';
import { plainText, type Line } from './lines';

/** A block that begins a cell, by its lines: from the first to before the end. */
export interface Block {
  readonly kind: 'heading' | 'code';
  readonly begin: number;
  readonly end: number;
}

/** Languages of fenced blocks that are cells of code. */
const CODE = /^(?:ts|typescript)$/i;

// What the cells are drawn by, so that nothing that folds or is a formula is cut.
const md = new MarkdownIt('commonmark').use(notes).use(formulaBlocks);
// Where blocks are is all that is asked.
md.core.ruler.enableOnly(['normalize', 'block']);

/**
 * Headings and fenced blocks of TypeScript, by CommonMark's rules. Those inside of lists and quotations are part of
 * these, and those between the lines of a container (`::: details`, `<details>`) part of it: a reader folds it as a whole.
 */
export function blocksOf(lines: readonly Line[]): Block[] {
  const tokens = md.parse(plainText(lines), {}).filter(({ level, map }) => level === 0 && map !== null);
  const fences = tokens.filter(({ type }) => type === 'fence').map(({ map }) => map!);
  const folded = foldedIn(lines, fences);
  return tokens.flatMap(({ type, info, map }): Block[] => {
    const [begin, end] = map!;
    const isCode = type === 'fence' && CODE.test(info.trim().split(/[\s{]/)[0]!);
    if (!isCode && type !== 'heading_open') return [];
    if (folded.some((range) => range[0] <= begin && begin < range[1])) return [];
    return [{ kind: isCode ? 'code' : 'heading', begin, end }];
  });
}

type Range = readonly [begin: number, end: number];

/** Lines from `<details>` to `</details>`, which are blocks of HTML with Markdown between them; one that never ends is none. */
function foldedIn(lines: readonly Line[], fences: readonly Range[]): Range[] {
  const found: Range[] = [];
  const open: number[] = [];
  lines.forEach(({ text }, i) => {
    if (fences.some(([begin, end]) => begin <= i && i < end)) return;
    const ends = /<\/details>/i.test(text);
    if (/^ {0,3}<details\b/i.test(text) && !ends) open.push(i);
    else if (ends && open.length > 0) found.push([open.pop()!, i + 1]);
  });
  return found;
}
