/** Markdown derivations: notes as notebooks, and back. What nobody edited is written as it was, byte for byte. */
import { commonEnd, linesOf, type Line } from './lines';
import { piecesOf, shownText, type Piece } from './pieces';
import { isTaggedAs, tagsOf, withTags } from './tags';

/** A cell of a derivation. Its lines end with `\n`. */
export interface DerivationCell {
  readonly kind: Piece['kind'];
  readonly language: string;
  readonly text: string;
  /** Tags of a block of code, as `parameters`, from the line that opens it. */
  readonly tags?: readonly string[];
  /** The piece of the file that it was; absent for a cell that is new. */
  readonly origin?: Origin;
}

/** Plain data, to be kept with the cell while it is edited. */
export interface Origin extends Piece {
  /** Its place among the pieces of the file. */
  readonly at: number;
}

export class DerivationError extends Error {
  override readonly name = 'DerivationError';
}

/**
 * The cells of a Markdown file: its front matter, prose by its headings, and its blocks of TypeScript.
 *
 * @throws DerivationError for a file that is not text in UTF-8
 */
export function readDerivation(bytes: Uint8Array): DerivationCell[] {
  return piecesOf(decoded(bytes)).map((piece, at) => {
    const { kind, language } = piece;
    const tags = kind === 'code' ? tagsOf(piece.before) : [];
    return { kind, language, text: shownText(piece), ...(tags.length > 0 && { tags }), origin: { ...piece, at } };
  });
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DerivationError('The file is not UTF-8 text. Convert it first: iconv -f ENCODING -t utf-8 FILE');
  }
}

/** The file of these cells. Between cells that were not neighbours before stands a blank line. */
export function writeDerivation(cells: readonly DerivationCell[]): Uint8Array {
  const end = commonEnd(cells.map(({ origin }) => (origin ? wholeOf(origin) : '')).join(''));
  let text = '';
  cells.forEach((cell, i) => {
    const { origin } = cell;
    const last = cells[i - 1]?.origin;
    const areNeighbours = origin !== undefined && last !== undefined && origin.at === last.at + 1;
    if (text !== '' && !areNeighbours) text = withBlankLine(text, end);
    text +=
      origin && origin.kind === cell.kind && origin.language === cell.language
        ? again(cell, origin, end)
        : fresh(cell, end);
  });
  return new TextEncoder().encode(text);
}

function wholeOf({ before, text, after }: Piece): string {
  return before + text + after;
}

function withBlankLine(text: string, end: string): string {
  const lines = linesOf(text);
  const ended = lines.at(-1)!.end === '' ? text + end : text;
  return lines.at(-1)!.text.trim() === '' && lines.at(-1)!.end !== '' ? ended : ended + end;
}

/** A cell that the file had. */
function again(cell: DerivationCell, found: Origin, end: string): string {
  const isTagged = cell.kind !== 'code' || isTaggedAs(found.before, cell.tags ?? []);
  const origin = isTagged ? found : { ...found, before: withTags(found.before, cell.tags ?? []) };
  if (normal(cell.text) === shownText(origin)) return wholeOf(origin);
  const text = withEnds(indented(normal(cell.text), origin.indent), linesOf(origin.text), end);
  if (origin.kind === 'markdown') return origin.before + text + (origin.after || '');
  const [before, after] = longEnough(origin, text);
  const needsEnd = text !== '' && after !== '' && !/^[\r\n]/.test(after);
  return before + text + (needsEnd ? end : '') + after;
}

/** A cell that is new. */
function fresh({ kind, language, text, tags = [] }: DerivationCell, end: string): string {
  const lines = normal(text).replaceAll('\n', end);
  if (kind === 'markdown') return lines + end;
  const fence = fenceAround(text, '```');
  const opening = withTags(`${fence}${language}`, kind === 'code' ? tags : []);
  return `${opening}${end}${lines}${end}${fence}${end}`;
}

function normal(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function indented(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join('\n');
}

/**
 * An edited text with the line ends of the one before: lines at its beginning and its end that are still the same keep
 * theirs, all others get the common one.
 */
function withEnds(text: string, before: readonly Line[], common: string): string {
  const lines = text.split('\n');
  const most = Math.min(lines.length, before.length);
  const isSame = (i: number, j: number) => lines[i] === before[j]?.text;
  let head = 0;
  while (head < most && isSame(head, head)) head++;
  const shift = before.length - lines.length;
  const isKept = (i: number) => i < head || shift === 0;
  const endOf = (i: number) => (isKept(i) ? before[i] : isSame(i, i + shift) ? before[i + shift] : undefined)?.end;
  return lines.map((line, i) => (i === lines.length - 1 ? line : line + (endOf(i) || common))).join('');
}

// --- fences ---------------------------------------------------------------------------------------------------------

/** A fence that no line of the text closes, at least as long as this one. */
function fenceAround(text: string, fence: string): string {
  const mark = fence[0]!;
  const closing = new RegExp(`^ {0,3}(${mark}{${fence.length},})[ \\t]*$`, 'gm');
  const longest = [...text.matchAll(closing)].reduce((most, [, found]) => Math.max(most, found!.length), 0);
  return longest === 0 ? fence : mark.repeat(longest + 1);
}

/** What stands around a block, with a longer fence where its text has one that would close it. */
function longEnough({ before, after }: Piece, text: string): [string, string] {
  const fence = /(`{3,}|~{3,})[^\r\n]*(?:\r\n|\r|\n)?$/.exec(before)?.[1];
  if (fence === undefined) return [before, after];
  const longer = fenceAround(text, fence);
  if (longer === fence) return [before, after];
  const at = before.lastIndexOf(fence);
  return [before.slice(0, at) + longer + before.slice(at + fence.length), after.replace(/(`{3,}|~{3,})/, longer)];
}
