/** What the user writes of variables, as their scripts know them: some go by another name there. */
import { ownName } from '../compile/ownSource';

const OWN = /^__latentlab|^__module__$|^__default__$/;
const SUFFIX = ownName('');

/** Whether a variable is the kernel's own. */
export function isOwnVariable(name: string): boolean {
  return OWN.test(name);
}

/** What the user calls a variable. */
export function shownName(name: string): string {
  return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name;
}

/**
 * An expression with the names that variables have in a script.
 *
 * @param aliases what a name is called there
 */
export function inScriptNames(expression: string, aliases: Readonly<Record<string, string>>): string {
  const wanted = Object.keys(aliases).filter((name) => expression.includes(name));
  if (wanted.length === 0) return expression;
  return expression.replace(PIECES, (piece: string) => (wanted.includes(piece) ? aliases[piece]! : piece));
}

/** Strings (a template is taken for one), comments, keys of object literals, and variables but no properties. */
const PIECES = new RegExp(
  [
    /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/,
    /\/\/.*|\/\*[^]*?\*\//,
    /(?<=[{,]\s*)[A-Za-z_$][\w$]*\s*:/,
    /(?<![\w$])(?<!(?<!\.\.)\.)[A-Za-z_$][\w$]*/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** The pieces of a logpoint's message: text, and expressions in braces. */
export function logParts(message: string): ({ text: string } | { expression: string })[] {
  const parts: ({ text: string } | { expression: string })[] = [];
  let depth = 0;
  let piece = '';
  for (const character of message) {
    if (character === '{' && depth++ === 0) {
      if (piece) parts.push({ text: piece });
      piece = '';
    } else if (character === '}' && depth > 0 && --depth === 0) {
      parts.push({ expression: piece });
      piece = '';
    } else piece += character;
  }
  if (piece) parts.push({ text: depth > 0 ? `{${piece}` : piece });
  return parts;
}
