/** The display formulas of Markdown, as VS Code and reports draw them. */
import * as plugin from '@vscode/markdown-it-katex';
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { notes } from '../markdown/notes';

export interface DisplayFormula {
  /** Without dollars. */
  readonly tex: string;
  /** The line of the text on which its block begins, from 0. */
  readonly line: number;
}

/** Tokens of KaTeX's plugin that stand on separate lines. */
export const DISPLAY: ReadonlySet<string> = new Set(['math_block', 'math_inline_block', 'math_inline_bare_block']);

type Plugin = typeof plugin.default;

/** VS Code's own plugin, so that a notebook reads the same everywhere. In CommonJS the function is a field of what is exported, and once more of the default. */
const exported = plugin as unknown as { default: Plugin | { default: Plugin } };
export const findFormulas = typeof exported.default === 'function' ? exported.default : exported.default.default;

const markdown = new MarkdownIt({ html: false }).use(findFormulas, { enableBareBlocks: true }).use(notes);

/** In the order of the text. */
export function displayFormulas(text: string): DisplayFormula[] {
  return inOrder(markdown.parse(text, {}), 0);
}

function inOrder(tokens: readonly Token[], outer: number): DisplayFormula[] {
  return tokens.flatMap((token) => {
    const line = token.map?.[0] ?? outer;
    const own = DISPLAY.has(token.type) ? [{ tex: token.content, line }] : [];
    return [...own, ...inOrder(token.children ?? [], line)];
  });
}
