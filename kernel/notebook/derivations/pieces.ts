/** A Markdown text in pieces. Each piece is a cell; all pieces, one after the other, are the text. */
import { blocksOf } from './blocks';
import { linesOf, plainText, written, type Line } from './lines';

/** Plain data, to be kept with the cell while it is edited. */
export interface Piece {
  readonly kind: 'markdown' | 'code';
  /** `markdown`; `typescript` for code; `yaml` or `toml` for the front matter. */
  readonly language: string;
  /** What stands in front of the cell's text: blank lines, the line that opens the block. */
  readonly before: string;
  /** The cell's text, as the file has it. */
  readonly text: string;
  /** What stands behind it: the end of its last line, the line that closes the block, blank lines. */
  readonly after: string;
  /** Blanks in front of each of its lines, where the block is indented. */
  readonly indent: string;
}

/** Front matter, prose by its headings, and blocks of TypeScript. */
export function piecesOf(text: string): Piece[] {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const lines = linesOf(text.slice(mark.length));
  const front = frontMatterOf(lines);
  const body = lines.slice(front?.length ?? 0);
  const pieces = [...(front ? [fenced(front, FRONT[front[0]!.text.trimEnd()]!)] : []), ...bodyOf(body)];
  if (pieces.length === 0) return text === '' ? [] : [prose([{ text, end: '' }])];
  return [{ ...pieces[0]!, before: mark + pieces[0]!.before }, ...pieces.slice(1)];
}

/** The text of a piece, as an editor shows it. */
export function shownText({ text, indent }: Piece): string {
  const lines = linesOf(text);
  const shown = plainText(lines.map((line) => ({ ...line, text: withoutIndent(line.text, indent) })));
  // What ends the last line stands behind the text: a line break at its end is an empty line.
  return lines.length > 0 && lines.at(-1)!.end !== '' ? `${shown}\n` : shown;
}

function withoutIndent(line: string, indent: string): string {
  let blanks = 0;
  while (blanks < indent.length && line[blanks] === ' ') blanks++;
  return line.slice(blanks);
}

// --- front matter ---------------------------------------------------------------------------------------------------

const FRONT: Readonly<Record<string, string>> = { '---': 'yaml', '+++': 'toml' };

function frontMatterOf(lines: readonly Line[]): Line[] | undefined {
  const mark = lines[0]?.text.trimEnd();
  if (mark === undefined || !Object.hasOwn(FRONT, mark)) return undefined;
  const closing = lines.findIndex(
    ({ text }, i) => i > 0 && [mark, mark === '---' ? '...' : mark].includes(text.trimEnd()),
  );
  return closing < 0 ? undefined : lines.slice(0, closing + 1);
}

// --- body -----------------------------------------------------------------------------------------------------------

function bodyOf(lines: readonly Line[]): Piece[] {
  const pieces: Piece[] = [];
  let blank = '';
  const add = (piece: Piece) => {
    pieces.push({ ...piece, before: blank + piece.before });
    blank = '';
  };
  const addProse = (begin: number, end: number) => {
    const between = lines.slice(begin, end);
    if (between.some((line) => !isBlank(line))) return add(prose(between));
    const last = pieces.pop();
    if (last) pieces.push({ ...last, after: last.after + written(between) });
    else blank += written(between);
  };
  let begin = 0;
  for (const block of blocksOf(lines)) {
    addProse(begin, block.begin);
    if (block.kind === 'code') add(fenced(lines.slice(block.begin, block.end), 'typescript'));
    begin = block.kind === 'code' ? block.end : block.begin;
  }
  addProse(begin, lines.length);
  return pieces;
}

function isBlank({ text }: Line): boolean {
  return text.trim() === '';
}

function prose(lines: readonly Line[]): Piece {
  const first = lines.findIndex((line) => !isBlank(line));
  const last = lines.findLastIndex((line) => !isBlank(line));
  const [begin, end] = first < 0 ? [lines.length, lines.length] : [first, last + 1];
  return {
    kind: 'markdown',
    language: 'markdown',
    before: written(lines.slice(0, begin)),
    ...inside(lines.slice(begin, end), written(lines.slice(end))),
    indent: '',
  };
}

/** A block between a line that opens it and one that closes it, unless the text ends before. */
function fenced(lines: readonly Line[], language: string): Piece {
  const [opening, ...rest] = lines as [Line, ...Line[]];
  const isClosed = rest.length > 0 && closes(opening.text, rest.at(-1)!.text);
  const [content, closing] = isClosed ? [rest.slice(0, -1), rest.slice(-1)] : [rest, []];
  return {
    kind: 'code',
    language,
    before: written([opening]),
    ...inside(content, written(closing)),
    indent: /^ */.exec(opening.text)![0],
  };
}

/** The end of the last line is behind the text. */
function inside(lines: readonly Line[], behind: string): Pick<Piece, 'text' | 'after'> {
  const end = lines.at(-1)?.end ?? '';
  const text = written(lines);
  return { text: text.slice(0, text.length - end.length), after: end + behind };
}

function closes(opening: string, line: string): boolean {
  const fence = /^ *(`{3,}|~{3,})/.exec(opening)?.[1];
  if (fence === undefined) return true;
  const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return closing !== undefined && closing[0] === fence[0] && closing.length >= fence.length;
}
