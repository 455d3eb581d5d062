import type { MarkdownIt, StateBlock, StateCore, Token } from 'markdown-it';

/**
 * What folds: containers (`::: details Title` … `:::`), HTML's `<details><summary>Title</summary>` … `</details>`, which
 * GitHub folds too, and callouts (`> [!note] Title`). Details are closed at first, and so is a callout whose type is
 * followed by `-`.
 */
export function folds(md: MarkdownIt): void {
  md.block.ruler.before('fence', 'container', container, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  md.block.ruler.before('container', 'html_details', htmlDetails, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
  md.core.ruler.after('block', 'callouts', callouts);
}

/** Kinds of containers that show nothing at first. */
const CLOSED = new Set(['details', 'spoiler', 'collapse']);

// --- containers -----------------------------------------------------------------------------------------------------

function container(state: StateBlock, first: number, end: number, silent: boolean): boolean {
  const lineAt = (line: number) => state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]);
  const [, colons, kind, title] = /^(:{3,})\s*([\w-]+)\s*(.*?)\s*$/.exec(lineAt(first)) ?? [];
  if (colons === undefined || kind === undefined) return false;
  const last = closingLine(lineAt, colons, first, end);
  if (last === undefined) return false;
  if (!silent) fold(state, { kind, title: title || titleOf(kind), first, inside: first + 1, last });
  return true;
}

/** Only with a summary and an end of its own line: all else is HTML. */
function htmlDetails(state: StateBlock, first: number, end: number, silent: boolean): boolean {
  const lineAt = (line: number) =>
    state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]).trim();
  const opening = /^<details>\s*(.*)$/i.exec(lineAt(first))?.[1];
  if (opening === undefined) return false;
  const [summary, inside] = opening === '' && first + 1 < end ? [lineAt(first + 1), first + 2] : [opening, first + 1];
  const title = /^<summary>(.*)<\/summary>$/i.exec(summary)?.[1];
  if (title === undefined) return false;
  let depth = 0;
  for (let last = inside; last < end; last++) {
    if (/^<details>/i.test(lineAt(last))) depth++;
    if (!/^<\/details>$/i.test(lineAt(last)) || depth-- > 0) continue;
    if (!silent) fold(state, { kind: 'details', title: title || titleOf('details'), first, inside, last });
    return true;
  }
  return false;
}

interface Fold {
  kind: string;
  title: string;
  /** Lines: that of the opening, the first one inside, that of the end. */
  first: number;
  inside: number;
  last: number;
}

function fold(state: StateBlock, { kind, title, first, inside, last }: Fold): void {
  const { lineMax } = state;
  opened(state, kind, title, !CLOSED.has(kind.toLowerCase())).map = [first, last];
  state.lineMax = last;
  state.md.block.tokenize(state, inside, last);
  state.lineMax = lineMax;
  state.push('fold_close', 'details', -1);
  state.line = last + 1;
}

/** The line of as many colons and nothing else; containers inside end first. */
function closingLine(lineAt: (line: number) => string, colons: string, first: number, end: number): number | undefined {
  let depth = 0;
  let fence: string | undefined;
  for (let line = first + 1; line < end; line++) {
    const text = lineAt(line);
    const marker = /^(`{3,}|~{3,})/.exec(text)?.[1];
    if (marker && (fence === undefined || marker.startsWith(fence))) fence = fence === undefined ? marker : undefined;
    if (fence !== undefined || !text.startsWith(colons)) continue;
    const rest = text.slice(colons.length).trim();
    if (text[colons.length] === ':') continue;
    if (rest !== '') depth++;
    else if (depth-- === 0) return line;
  }
  return undefined;
}

function opened(state: StateBlock, kind: string, title: string, isOpen: boolean): Token {
  const open = state.push('fold_open', 'details', 1);
  open.block = true;
  open.attrs = attributesOf(kind, isOpen);
  state.push('fold_title_open', 'summary', 1);
  Object.assign(state.push('inline', '', 0), { content: title, children: [] });
  state.push('fold_title_close', 'summary', -1);
  return open;
}

// --- callouts -------------------------------------------------------------------------------------------------------

/** Makes quotations that begin with `[!note]` folds. */
function callouts(state: StateCore): void {
  const { tokens } = state;
  for (let i = 0; i + 2 < tokens.length; i++) {
    const [open, paragraph, text] = tokens.slice(i, i + 3) as [Token, Token, Token];
    if (open.type !== 'blockquote_open' || paragraph.type !== 'paragraph_open' || text.type !== 'inline') continue;
    const match = /^\[!([\w-]+)\]([+-]?)[ \t]*([^\n]*)(?:\n|$)/.exec(text.content);
    if (!match) continue;
    const [whole, kind, mark, title] = match as unknown as [string, string, string, string];
    const close = tokens.find(
      (token, at) => at > i && token.type === 'blockquote_close' && token.level === open.level,
    )!;
    Object.assign(open, { type: 'fold_open', tag: 'details', attrs: attributesOf(kind, mark !== '-') });
    Object.assign(close, { type: 'fold_close', tag: 'details' });
    text.content = text.content.slice(whole.length);
    const heading = titleTokens(state, title.trim() || titleOf(kind), open.level + 1);
    // A paragraph that was the title alone is gone.
    tokens.splice(i + 1, text.content.trim() === '' ? 3 : 0, ...heading);
  }
}

function titleTokens(state: StateCore, title: string, level: number): Token[] {
  const [open, text, close] = [
    new state.Token('fold_title_open', 'summary', 1),
    new state.Token('inline', '', 0),
    new state.Token('fold_title_close', 'summary', -1),
  ];
  Object.assign(text!, { content: title, children: [], level: level + 1 });
  for (const token of [open!, close!]) Object.assign(token, { level, block: true });
  return [open!, text!, close!];
}

// --- both -----------------------------------------------------------------------------------------------------------

function attributesOf(kind: string, isOpen: boolean): [string, string][] {
  const own: [string, string] = ['class', `latentlab-fold latentlab-fold-${kind.toLowerCase()}`];
  return isOpen ? [own, ['open', '']] : [own];
}

/** `warning` → “Warning”. */
function titleOf(kind: string): string {
  return kind[0]!.toUpperCase() + kind.slice(1).toLowerCase();
}
