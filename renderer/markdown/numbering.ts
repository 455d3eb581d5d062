import type { MarkdownIt, StateCore, Token } from 'markdown-it';
import type { FormulaMark, MarkdownTexts } from '../../kernel/protocol';
import { anchorOf, Equations, type NumberedEquation } from '../../kernel/notebook/markdown/equations';
import { escapeHtml } from '../../kernel/notebook/markdown/escape';

/** What goes with a cell through markdown-it. */
interface Env {
  latentlabText?: string;
}

/** Tokens of KaTeX's plugin that stand on separate lines. */
const DISPLAY = new Set(['math_block', 'math_inline_block', 'math_inline_bare_block']);

/** The number of a labelled equation, and the formula without the label. */
export interface Labelled {
  readonly number: string;
  readonly tex: string;
}

/**
 * Numbers the equations of a notebook in the order of its cells, whichever of them are drawn, and in which order. Until
 * the texts of all cells are known, those that were drawn are counted in that order.
 */
export class Numbering {
  private md: MarkdownIt | undefined;
  private texts: readonly string[] = [];
  private told = false;
  /** Display formulas by the text of their cell: parsed once. */
  private readonly formulas = new Map<string, readonly string[]>();
  private byCell = new Map<string, readonly NumberedEquation[]>();
  private equations = new Equations();
  private labelled = new Map<string, Labelled>();
  private marks = new Map<string, readonly (FormulaMark | null)[]>();
  private about: MarkdownTexts | undefined;
  /** Whether the formulas of a cell are asked for, not their drawing. */
  private reading = false;

  /** @param drawn hears of each cell that is drawn, before it is */
  extend(md: MarkdownIt, drawn: () => void): void {
    this.md = md;
    md.core.ruler.before('normalize', 'cell_text', (state) => {
      (state.env as Env).latentlabText = state.src;
    });
    md.core.ruler.push('equation_numbers', (state) => {
      if (this.reading) return;
      this.mark(state);
      nameHeadings(state);
      drawn();
    });
    const { rules } = md.renderer;
    rules['equation_open'] = (tokens, index) => {
      const { cell, at, anchors } = tokens[index]!.meta as { cell: string; at: number; anchors: string[] };
      const targets = anchors.map((anchor) => `<a id="${anchor}"></a>`).join('');
      return `<span class="latentlab-equation" data-cell="${cell}" data-at="${at}">${targets}`;
    };
    rules['equation_close'] = () => '</span>';
    rules['equation_reference'] = (tokens, index) => {
      const { content: label, markup: command } = tokens[index]!;
      const attributes = `data-label="${escapeHtml(label)}" data-command="${command}"`;
      const text = escapeHtml(this.referenceText(label, command));
      return `<a class="latentlab-reference" href="#${anchorOf(label)}" ${attributes}>${text}</a>`;
    };
  }

  /** What the notebook is now: the texts of all Markdown cells, in their order, and what is known of their formulas. */
  setTexts(message: MarkdownTexts): void {
    this.told = true;
    this.about = message;
    this.texts = message.texts;
    this.marks = new Map();
    message.texts.forEach((text, i) => {
      const cell = nameOf(text);
      if (!this.marks.has(cell)) this.marks.set(cell, message.marks?.[i] ?? []);
    });
    this.count();
  }

  /** What the checks say of a cell's formula: null if it has none; undefined if nothing is known. */
  markOf(cell: string, at: number): FormulaMark | null | undefined {
    return this.about?.words && this.marks.get(cell)?.[at];
  }

  get words(): MarkdownTexts['words'] {
    return this.about?.words;
  }

  /** What the header says of all formulas, and the cell that it stands in: the first with a heading of the first level. */
  get tally(): { readonly cell: string; readonly text: string } | undefined {
    const first = this.texts.find((text) => /^#\s/m.test(text));
    const text = this.about?.tally;
    return first !== undefined && text !== undefined ? { cell: nameOf(first), text } : undefined;
  }

  /** The text of a cell that is in the notebook. */
  textOf(cell: string): string | undefined {
    return this.texts.find((text) => nameOf(text) === cell);
  }

  /** What the tags of a cell's formula say, as the notebook is now; undefined of a cell that is in it no more. */
  tagsOf(cell: string, at: number): readonly string[] | undefined {
    return this.byCell.get(cell)?.[at]?.numbers;
  }

  referenceText(label: string, command: string): string {
    const number = this.labelled.get(label)?.number ?? '??';
    return command === 'eqref' ? `(${number})` : number;
  }

  /** Where a label stands. */
  find(label: string): Labelled | undefined {
    return this.labelled.get(label);
  }

  private count(): void {
    this.equations = new Equations();
    this.byCell = new Map();
    this.labelled = new Map();
    for (const text of this.texts) {
      const numbered = this.formulasIn(text).map((tex) => this.number(tex));
      const cell = nameOf(text);
      if (!this.byCell.has(cell)) this.byCell.set(cell, numbered);
    }
    for (const text of [...this.formulas.keys()]) if (!this.texts.includes(text)) this.formulas.delete(text);
  }

  private number(tex: string): NumberedEquation {
    const numbered = this.equations.number(tex);
    for (const [, label] of tex.matchAll(/\\label\s*\{([^{}]*)\}/g)) {
      const number = this.equations.numberOf(label!.trim());
      if (number !== undefined && !this.labelled.has(label!.trim())) this.labelled.set(label!.trim(), { number, tex });
    }
    return numbered;
  }

  private formulasIn(text: string): readonly string[] {
    const known = this.formulas.get(text);
    if (known) return known;
    if (!this.md) return [];
    this.reading = true;
    try {
      const found = everyToken(this.md.parse(text, {}))
        .filter(({ type }) => DISPLAY.has(type))
        .map(({ content }) => content);
      this.formulas.set(text, found);
      return found;
    } finally {
      this.reading = false;
    }
  }

  /** Writes numbers into the formulas of a cell that is being drawn, and marks them for {@link Page}. */
  private mark(state: StateCore): void {
    const text = (state.env as Env).latentlabText!;
    const formulas = everyToken(state.tokens).filter(({ type }) => DISPLAY.has(type));
    const cell = nameOf(text);
    if (!this.told && formulas.length > 0 && !this.byCell.has(cell)) this.add(text);
    // A cell that was edited just now has numbers of its own until all texts are sent again.
    const numbered = this.byCell.get(cell) ?? formulas.map(({ content }) => new Equations().number(content));
    let at = 0;
    const marked = (tokens: readonly Token[]): Token[] =>
      tokens.flatMap((token) => {
        if (token.children) token.children = marked(token.children);
        if (token.type === 'math_inline') token.content = this.withReferences(token.content);
        if (!DISPLAY.has(token.type)) return [token];
        const { tex, anchors } = numbered[at] ?? { tex: token.content, anchors: [] };
        token.content = this.withReferences(tex);
        const [open, close] = [new state.Token('equation_open', '', 0), new state.Token('equation_close', '', 0)];
        open.meta = { cell, at: at++, anchors };
        return [open, token, close];
      });
    state.tokens = marked(state.tokens);
  }

  private add(text: string): void {
    this.texts = [...this.texts, text];
    this.count();
  }

  /** References inside a formula, as text: VS Code lets no formula have links. */
  private withReferences(tex: string): string {
    return tex.replace(/\\(eqref|ref)\s*\{([^{}]*)\}/g, (_, command: string, label: string) => {
      return `\\text{${this.referenceText(label.trim(), command)}}`;
    });
  }
}

/** A heading of the first level tells its cell, for what stands below the title of a notebook. */
function nameHeadings(state: StateCore): void {
  const cell = nameOf((state.env as Env).latentlabText!);
  for (const token of state.tokens)
    if (token.type === 'heading_open' && token.tag === 'h1') token.attrSet('data-cell', cell);
}

function everyToken(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => [token, ...everyToken(token.children ?? [])]);
}

/** A short name of a text, to find its formulas on the page. */
function nameOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0)!)) * 0x100000001b3n);
  return hash.toString(36);
}
