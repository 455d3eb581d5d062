/** The words of a filter: what stands where. */

export interface Word {
  kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  text: string;
  /** Where it begins, from 0. */
  at: number;
}

/** What is wrong with a filter, and where. */
export class FilterError extends Error {
  override readonly name = 'FilterError';

  /** @param at the place in the filter, from 0 */
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const PATTERNS: [Word['kind'], RegExp][] = [
  ['number', /(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\p{L}\p{N}_])/iuy],
  ['text', /'[^']*'|"[^"]*"/y],
  ['name', /`[^`]+`|[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*/uy],
  ['sign', /<=|>=|==|!=|!~|&&|\|\||[=<>~!(),≤≥≠-]/y],
];

/** Other ways of writing signs. */
const SIGNS: Record<string, string> = {
  '==': '=',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '&&': 'and',
  '||': 'or',
  '!': 'not',
};
const CONNECTIVES = /^(and|or|not|in)$/i;

/** @throws FilterError at what is no word */
export function wordsOf(filter: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < filter.length) {
    if (/\s/.test(filter[at]!)) {
      at++;
      continue;
    }
    const word = wordAt(filter, at);
    words.push(word);
    at += word.length;
  }
  return [...words, { kind: 'end', text: '', at: filter.length }];
}

function wordAt(filter: string, at: number): Word & { length: number } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(filter)?.[0];
    if (text === undefined) continue;
    const isQuoted = kind === 'text' || text.startsWith('`');
    const plain = isQuoted ? text.slice(1, -1) : (SIGNS[text] ?? text);
    const isSign = kind === 'sign' || (!isQuoted && CONNECTIVES.test(text));
    return { kind: isSign ? 'sign' : kind, text: isSign ? plain.toLowerCase() : plain, at, length: text.length };
  }
  const sign = String.fromCodePoint(filter.codePointAt(at)!);
  const isOpen = /['"`]/.test(sign);
  throw new FilterError(isOpen ? `the string that begins with ${sign} has no end` : `“${sign}” means nothing here`, at);
}
