import katex from 'katex';
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { DISPLAY, findFormulas } from '../equationChecks/find';
import type { Mark } from '../equationChecks/link';
import { MARKS } from '../equationChecks/words';
import { joined } from '../format';
import type { Cell } from '../format';
import { anchorOf, Equations } from '../markdown/equations';
import type { NumberedEquation } from '../markdown/equations';
import { notes } from '../markdown/notes';
import { reasonOf } from '../markdown/undrawn';
import { escapeHtml, slug } from '../markdown/escape';
import { highlight } from './highlight';
import { pictureOf } from './pictures';
import type { Attachments, Picture } from './pictures';

/** Renders the markdown of one document: equation numbers, macros and heading ids run through all its cells. */
export class MarkdownRenderer {
  private readonly md = new MarkdownIt({
    html: false,
    linkify: false,
    highlight: (code, language) => highlight(code, language),
  });
  private readonly equations = new Equations();
  private readonly macros = {};
  private readonly slugs = new Map<string, number>();
  private readonly parsed = new Map<Cell, Token[]>();
  private readonly numbered = new Map<Token, NumberedEquation>();
  private readonly marks = new Map<Token, Mark>();
  private readonly pictures = new Map<Token, Picture>();
  /** Whether anything needed KaTeX's style sheet and fonts. */
  usesMath = false;

  /** @param folder that relative paths of images start from */
  constructor(private readonly folder: string) {
    // VS Code's own plugin finds the formulas, so that a notebook reads the same in both; drawing them is done here.
    this.md.use(findFormulas, { enableBareBlocks: true }).use(notes);
    const { rules } = this.md.renderer;
    rules.math_inline = (tokens, index) => this.inlineMath(tokens[index]!.content);
    for (const type of DISPLAY) rules[type] = (tokens, index) => this.displayMath(tokens[index]!);
    rules.image = (tokens, index) => this.image(tokens[index]!);
    rules.heading_open = (tokens, index) => this.heading(tokens, index);
    rules.equation_reference = (tokens, index) => this.reference(tokens[index]!);
  }

  /**
   * Reads the cells in the order of the document, so that references may point forwards.
   *
   * @param marks of the display formulas of each Markdown cell, in their order
   */
  prepare(cells: Cell[], marks: readonly (readonly (Mark | undefined)[])[] = []): void {
    cells
      .filter((cell) => cell.cell_type === 'markdown')
      .forEach((cell, i) => {
        const tokens = this.parse(joined(cell.source), cell.attachments);
        this.parsed.set(cell, tokens);
        displayTokens(tokens).forEach((token, at) => {
          const mark = marks[i]?.[at];
          if (mark) this.marks.set(token, mark);
        });
      });
  }

  /** A markdown cell that {@link prepare} has read. */
  renderCell(cell: Cell): string {
    return this.md.renderer.render(this.parsed.get(cell) ?? [], this.md.options, {});
  }

  /** Markdown outside the cells, such as an output. */
  render(text: string): string {
    return this.md.renderer.render(this.parse(text), this.md.options, {});
  }

  private parse(text: string, attachments: Attachments = {}): Token[] {
    const tokens = this.md.parse(text, {});
    for (const token of tokens.flatMap((one) => [one, ...(one.children ?? [])])) {
      if (DISPLAY.has(token.type)) this.numbered.set(token, this.equations.number(token.content));
      if (token.type === 'image') this.pictures.set(token, pictureOf(sourceOf(token), attachments, this.folder));
    }
    return tokens;
  }

  private inlineMath(content: string): string {
    // GitHub's form $`…`$
    const tex = /^`.*`$/s.test(content) ? content.slice(1, -1) : content;
    return this.katex(tex, /\\begin\{(align|equation|gather|CD|alignat)\*?\}/.test(tex));
  }

  private displayMath(token: Token): string {
    const { tex, anchors } = this.numbered.get(token) ?? { tex: token.content, anchors: [] };
    const targets = anchors.map((anchor) => `<a id="${anchor}"></a>`).join('');
    return `<div class="equation">${targets}${this.katex(tex, true)}${markHtml(this.marks.get(token))}</div>\n`;
  }

  private katex(tex: string, displayMode: boolean): string {
    this.usesMath = true;
    const written = this.equations.resolveInTex(tex);
    try {
      return katex.renderToString(written, {
        displayMode,
        strict: 'ignore',
        globalGroup: true,
        macros: this.macros,
        trust: ({ command, url }: { command: string; url?: string }) =>
          command === '\\href' && url !== undefined && url.startsWith('#eq-'),
      });
    } catch (error) {
      const reason = escapeHtml(reasonOf((error as Error).message));
      return `<code class="katex-error">${escapeHtml(written)}</code> <em class="undrawn">not drawn: ${reason}</em>`;
    }
  }

  private reference(token: Token): string {
    const number = this.equations.numberOf(token.content);
    if (number === undefined) {
      return `<span class="missing" title="no equation is labelled ${escapeHtml(token.content)}">(??)</span>`;
    }
    const text = token.markup === 'eqref' ? `(${number})` : number;
    return `<a href="#${anchorOf(token.content)}">${escapeHtml(text)}</a>`;
  }

  private heading(tokens: Token[], index: number): string {
    const open = tokens[index]!;
    const base = slug(tokens[index + 1]?.content ?? '');
    const seen = this.slugs.get(base) ?? 0;
    this.slugs.set(base, seen + 1);
    return `<${open.tag} id="${seen === 0 ? base : `${base}-${seen}`}">`;
  }

  /** Images become part of the report; one that cannot is named instead, with the reason. */
  private image(token: Token): string {
    const source = sourceOf(token);
    const alt = escapeHtml(token.content);
    const picture = this.pictures.get(token) ?? { missing: 'it was not looked for' };
    if ('url' in picture) return `<img src="${escapeHtml(picture.url)}" alt="${alt}">`;
    const named = /^https?:/.test(source)
      ? `<a href="${escapeHtml(source)}">${alt || 'image'}</a>`
      : alt || escapeHtml(source);
    const title = `${source} is missing: ${picture.missing}`;
    return `<span class="missing" title="${escapeHtml(title)}">[image: ${named}]</span>`;
  }
}

function displayTokens(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => [
    ...(DISPLAY.has(token.type) ? [token] : []),
    ...displayTokens(token.children ?? []),
  ]);
}

function markHtml(mark: Mark | undefined): string {
  if (!mark) return '';
  const { sign, says } = MARKS[mark];
  return `<span class="mark ${mark}" role="img" aria-label="${says}" title="${says}">${sign}</span>`;
}

const sourceOf = (image: Token) => String(image.attrGet('src') ?? '');
