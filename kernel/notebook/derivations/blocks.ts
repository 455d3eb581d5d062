/** Where a Markdown text can be cut into cells. */
import MarkdownIt from 'markdown-it';
import type { Line } from './lines';
import { plainText } from './lines';
import { formulaBlocks } from './formulaBlocks';

/** A block that begins a cell, by its lines: from the first to before the end. */
export interface Block {
  readonly kind: 'heading' | 'code';
  readonly begin: number;
  readonly end: number;
}

/** Languages of fenced blocks that are cells of code. */
const CODE = /^(?:ts|typescript)$/i;

const md = new MarkdownIt('commonmark').use(formulaBlocks);
// Where blocks are is all that is asked.
md.core.ruler.enableOnly(['normalize', 'block']);

/**
 * Headings and fenced blocks of TypeScript, by CommonMark's rules. Those inside of lists and quotations are part of
 * these, and those between the lines of a container (`::: details`, `<details>`) part of it: a reader folds it as a whole.
 */
export function blocksOf(lines: readonly Line[]): Block[] {
  const tokens = md.parse(plainText(lines), {}).filter(({ level, map }) => level === 0 && map !== null);
  const containers = containersIn(
    lines,
    tokens.filter(({ type }) => type === 'fence').map(({ map }) => map!),
  );
  return tokens.flatMap(({ type, info, map }): Block[] => {
    const [begin, end] = map!;
    const isCode = type === 'fence' && CODE.test(info.trim().split(/[\s{]/)[0]!);
    if (!isCode && type !== 'heading_open') return [];
    if (containers.some((container) => container[0] <= begin && begin < container[1])) return [];
    return [{ kind: isCode ? 'code' : 'heading', begin, end }];
  });
}

type Range = readonly [begin: number, end: number];

/** Lines from the opening of a container to its end. One that is never closed is none. */
function containersIn(lines: readonly Line[], fences: readonly Range[]): Range[] {
  const found: Range[] = [];
  const open: { readonly closing: RegExp; readonly begin: number }[] = [];
  lines.forEach(({ text }, i) => {
    if (fences.some(([begin, end]) => begin <= i && i < end)) return;
    const innermost = open.at(-1);
    if (innermost?.closing.test(text)) {
      open.pop();
      found.push([innermost.begin, i + 1]);
      return;
    }
    const colons = /^(:{3,})\s*\S/.exec(text)?.[1];
    if (colons !== undefined) open.push({ closing: new RegExp(`^:{${colons.length}}\\s*$`), begin: i });
    else if (/^\s{0,3}<details\b/i.test(text) && !/<\/details>/i.test(text))
      open.push({ closing: /<\/details>/i, begin: i });
  });
  return found;
}
