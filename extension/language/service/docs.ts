/** Docstrings as Markdown. */
import ts from 'typescript';
import type { Documentation } from '../protocol';
import type { Formulas } from './formulas';

type Docs = Pick<ts.QuickInfo, 'displayParts' | 'documentation' | 'tags'>;

export function documentationOf({ displayParts, documentation, tags }: Docs, formulas: Formulas): Documentation {
  return { signature: signatureOf(displayParts), markdown: markdownOf(documentation, tags, formulas) };
}

/** As if names from other cells were the cell's own: without what links them. */
function signatureOf(parts: ts.SymbolDisplayPart[] | undefined): string {
  return ts
    .displayPartsToString(parts)
    .replace(/^\(alias\) /, '')
    .replace(/\nimport \w+$/, '');
}

export function markdownOf(
  documentation: ts.SymbolDisplayPart[] | undefined,
  tags: ts.JSDocTagInfo[] | undefined,
  formulas: Formulas,
): string {
  const text = plain(documentation);
  const told = (tags ?? []).map(tagText).filter((line) => line !== '');
  return formulas.drawn([text, ...told].filter(Boolean).join('\n\n'));
}

/** `{@link Name}` as the name. `[n, d]: …` says a shape: Markdown would take it for a link's address, and show nothing. */
export function plain(parts: ts.SymbolDisplayPart[] | undefined): string {
  return (parts ?? [])
    .filter(({ kind }) => kind !== 'link')
    .map(({ kind, text }) => (kind === 'linkName' ? `\`${text}\`` : kind === 'linkText' ? text.trim() : text))
    .join('')
    .replace(/^([ \t]*)\[([^\]\n]*)\]:/gm, '$1\\[$2\\]:');
}

function tagText({ name, text }: ts.JSDocTagInfo): string {
  const about = plain(text).trim();
  const first = text?.[0];
  switch (name) {
    case 'param':
    case 'template': {
      const called = first && first.kind !== 'text' ? first.text : about.split(/\s/, 1)[0]!;
      return `**${called}** — ${about.slice(called.length).replace(/^\s*[-—–]?\s*/, '')}`;
    }
    case 'example':
      return about.includes('```') ? about : `\`\`\`typescript\n${about}\n\`\`\``;
    case 'internal':
      return '';
    default:
      return about === '' ? `*@${name}*` : `*@${name}* ${about}`;
  }
}
