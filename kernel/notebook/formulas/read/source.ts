/** The LaTeX of a part of a formula. KaTeX tells the places of signs alone, not those of commands and braces around them. */
import { tokensOf, type Token } from './tokens';

/** What separates parts in the source: what aligns, breaks lines and makes room. */
const SEPARATOR =
  /\\q?quad(?![A-Za-z])|\\\\(?:\s*\[[^\]]*\])?|\\[;:](?:\\[;:])+|(?<!\\)&|\\begin\s*\{[^}]*\}|\\end\s*\{[^}]*\}/g;

/** The LaTeX of tokens in the middle of a side, as near as their signs tell: for remarks. */
export function texOf(tokens: readonly Token[], source: string): string {
  const [start, end] = signs(tokens);
  if (!(end > start)) return '';
  const from = commandBefore(source, start);
  return tidy(source.slice(from, closed(source, from, end)));
}

/**
 * The LaTeX of a whole side: from what separates it on its left to what separates it on its right.
 *
 * @param all tokens of the formula
 * @returns undefined if what was found is no LaTeX of its own
 */
export function sideTex(side: readonly Token[], all: readonly Token[], source: string): string | undefined {
  const [start, end] = signs(side);
  if (!(end > start)) return undefined;
  const leaves = leavesOf(all);
  const before = Math.max(0, ...leaves.map((leaf) => leaf.end).filter((at) => at <= start));
  const after = Math.min(source.length, ...leaves.map((leaf) => leaf.start).filter((at) => at >= end));
  const left = [...source.slice(before, start).matchAll(SEPARATOR)].at(-1);
  const right = [...source.slice(end, after).matchAll(SEPARATOR)][0];
  const from = left ? before + left.index + left[0].length : before;
  const to = right ? end + right.index : after;
  const tex = tidy(source.slice(from, to))
    .replace(/[.,;]$/, '')
    .trim();
  try {
    tokensOf(tex);
    return tex;
  } catch {
    return undefined;
  }
}

/** One line, without what aligns. */
export function tidy(text: string): string {
  const plain = /\\begin/.test(text) ? text : text.replace(/\\\\(\[[^\]]*\])?|(?<!\\)&/g, ' ');
  return plain.replace(/\s+/g, ' ').trim();
}

function signs(tokens: readonly Token[]): [number, number] {
  const leaves = leavesOf(tokens);
  return [Math.min(...leaves.map(({ start }) => start)), Math.max(...leaves.map(({ end }) => end))];
}

/** Places of single signs. */
function leavesOf(tokens: readonly Token[]): { start: number; end: number }[] {
  return tokens.flatMap((token) => {
    const parts = ['sub', 'sup', 'body', 'over', 'under'].flatMap(
      (key) => (token as unknown as Partial<Record<string, Token[]>>)[key] ?? [],
    );
    const own = token.end > token.start ? [{ start: token.start, end: token.end }] : [];
    return parts.length > 0 && token.kind !== 'symbol'
      ? leavesOf(parts).concat(parts.length ? own.filter(isSmall) : own)
      : [...own, ...leavesOf(parts)];
  });
}

const isSmall = ({ start, end }: { start: number; end: number }) => end - start <= 8;

/** With the commands right before that a part begins with, such as `\\mathbb{` or `\\sum_`. */
function commandBefore(source: string, start: number): number {
  const command = COMMANDS.exec(source.slice(0, start));
  return command ? start - command[0].length : start;
}

const COMMANDS =
  /(?:\\(?:math(?:rm|bf|bb|cal|scr)|boldsymbol|bm|text|operatorname|hat|tilde|bar|[td]?frac|sum|prod|int|max|min|nabla|left|[bB]igg?)\s*[_^]?\s*\{?\s*)+$/;

/** Up to the braces that are still open. */
function closed(source: string, from: number, end: number): number {
  let depth = 0;
  for (let i = from; i < source.length; i++) {
    if (source[i - 1] !== '\\' && source[i] === '{') depth++;
    if (source[i - 1] !== '\\' && source[i] === '}') depth--;
    if (i >= end - 1 && depth <= 0) return depth < 0 ? i : i + 1;
  }
  return end;
}
