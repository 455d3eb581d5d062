/** Lines of at most 100 columns. */
const WIDTH = 100;

/** A remark, wrapped. */
export function comment(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + word.length + 4 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line, i) => `// ${i === 0 ? '' : '  '}${line}`).join('\n');
}

/** A text as it stands in code; LaTeX keeps its backslashes readable. */
export function literal(text: string): string {
  if (text.includes('\\') && !/[`]|\$\{|\\$/.test(text)) return `String.raw\`${text}\``;
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', ' ')}'`;
}

/** Breaks an expression that is too long before the signs at its top, and behind commas. */
export function wrapped(code: string, indent: string): string {
  if (indent.length + code.length < WIDTH || code.startsWith('String.raw')) return code;
  const parts = topParts(code);
  if (parts.length === 1) return code;
  const lines: string[] = [''];
  for (const part of parts) {
    const last = lines.at(-1)!;
    if (last !== '' && indent.length + 2 + last.length + part.length > WIDTH) lines.push(part.trimStart());
    else lines[lines.length - 1] = last + part;
  }
  return lines.join(`\n${indent}  `);
}

/** Pieces that begin with a sign or follow a comma or an arrow, none of them inside a text. */
function topParts(code: string): string[] {
  const parts: string[] = [''];
  let quote: string | undefined;
  let brackets = 0;
  for (let i = 0; i < code.length; i++) {
    const character = code[i]!;
    if (quote !== undefined) {
      if (character === quote && code[i - 1] !== '\\') quote = undefined;
    } else if (/['"`]/.test(character)) quote = character;
    else if (character === '[' || character === ']') brackets += character === '[' ? 1 : -1;
    else if (
      brackets === 0 &&
      (/^ [+-] /.test(code.slice(i)) || (character === ' ' && /(?:,|=>)$/.test(code.slice(0, i))))
    )
      parts.push('');
    parts[parts.length - 1] += character;
  }
  return parts;
}
