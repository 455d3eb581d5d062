import type { CheckFormula } from '../../kernel/protocol';
import { reasonOf } from '../../kernel/notebook/markdown/undrawn';
import type { Numbering } from './numbering';

/** Keeps numbers right in cells that are drawn already: VS Code draws a cell again only when it is edited itself. */
export class Page {
  private waiting = false;
  private readonly roots = new WeakSet<ShadowRoot>();

  /** @param ask for the cell that checks a formula */
  constructor(
    private readonly numbering: Numbering,
    private readonly ask: (message: CheckFormula) => void,
  ) {}

  /** Once, after what is being drawn stands on the page. */
  patchSoon(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      for (const root of markdownRoots()) this.patch(root);
    });
  }

  private patch(root: ShadowRoot): void {
    if (!this.roots.has(root)) this.listen(root);
    for (const equation of root.querySelectorAll<HTMLElement>('.latentlab-equation')) {
      this.number(equation);
      this.mark(equation);
    }
    for (const heading of root.querySelectorAll<HTMLElement>('h1[data-cell]')) this.tell(heading);
    for (const link of root.querySelectorAll<HTMLElement>('.latentlab-reference')) this.refer(link);
    for (const broken of root.querySelectorAll<HTMLElement>('.katex-error')) explain(broken);
  }

  private number(equation: HTMLElement): void {
    const { cell, at } = equation.dataset;
    const tags = this.numbering.tagsOf(cell!, Number(at));
    // An edited cell keeps its numbers until those of all cells are known.
    if (!tags) return;
    equation.querySelectorAll('.katex-html .tag .mord.text').forEach((tag, i) => setText(tag, `(${tags[i] ?? '?'})`));
    // What a screen reader reads: the tag is the last cell of its row.
    equation.querySelectorAll('.katex-mathml mtext').forEach((text) => {
      if (/^\([^()]*\)$/.test(text.textContent ?? '') && tags.length === 1) setText(text, `(${tags[0]})`);
    });
  }

  /** The verdict of its checks beside a formula; where it has none, a button that writes one. */
  private mark(equation: HTMLElement): void {
    const { cell = '', at } = equation.dataset;
    const { words } = this.numbering;
    const mark = this.numbering.markOf(cell, Number(at));
    const known = equation.querySelector<HTMLElement>('.latentlab-verdict');
    // The message about an edited cell comes soon.
    if (mark === undefined || !words) {
      known?.remove();
      return;
    }
    const kind = mark ?? 'check';
    if (known?.dataset['kind'] === kind) return;
    known?.remove();
    const verdict = mark ? sign(mark, words[mark]) : this.button(cell, Number(at), words.check);
    verdict.classList.add('latentlab-verdict');
    verdict.dataset['kind'] = kind;
    equation.append(verdict);
  }

  private button(cell: string, at: number, label: string): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = '✓?';
    button.title = label;
    button.setAttribute('aria-label', label);
    button.addEventListener('click', (event) => {
      event.stopPropagation();
      const text = this.numbering.textOf(cell);
      if (text !== undefined) this.ask({ type: 'checkFormula', text, at });
    });
    return button;
  }

  /** How many formulas hold, below the title. */
  private tell(heading: HTMLElement): void {
    const { tally } = this.numbering;
    const next = heading.nextElementSibling;
    const known = next?.classList.contains('latentlab-tally') ? next : undefined;
    if (!tally || !this.numbering.isTitle(heading.dataset['cell'] ?? '')) {
      known?.remove();
      return;
    }
    const line = known ?? document.createElement('p');
    line.className = 'latentlab-tally';
    setText(line, tally.text);
    if (!known) heading.after(line);
  }

  private refer(link: HTMLElement): void {
    const { label, command } = link.dataset;
    const isFound = this.numbering.find(label!) !== undefined;
    setText(link, this.numbering.referenceText(label!, command!));
    link.title = isFound ? '' : `No equation is labelled ${label}.`;
    link.classList.toggle('latentlab-missing', !isFound);
  }

  /** Shows the formula that a reference is to, while the pointer or the focus is on it. */
  private listen(root: ShadowRoot): void {
    this.roots.add(root);
    let shown: HTMLElement | undefined;
    const hide = () => {
      shown?.remove();
      shown = undefined;
    };
    const show = (event: Event) => {
      const link = (event.target as HTMLElement).closest<HTMLElement>('.latentlab-reference');
      const formula = link && formulaOf(link);
      hide();
      if (!formula) return;
      shown = document.createElement('span');
      shown.className = 'latentlab-formula-hover';
      shown.setAttribute('role', 'tooltip');
      shown.append(formula.cloneNode(true));
      link.append(shown);
    };
    for (const type of ['mouseover', 'focusin']) root.addEventListener(type, show);
    for (const type of ['mouseout', 'focusout']) root.addEventListener(type, hide);
    const style = document.createElement('style');
    style.textContent = STYLE;
    root.append(style);
  }
}

function markdownRoots(): ShadowRoot[] {
  return [...document.querySelectorAll('.preview, .markup > *')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
}

function formulaOf(link: HTMLElement): Element | undefined {
  const anchor = link.getAttribute('href')?.slice(1);
  if (!anchor) return undefined;
  for (const root of markdownRoots()) {
    const formula = root.getElementById(anchor)?.closest('.latentlab-equation')?.querySelector('.katex, .katex-error');
    if (formula) return formula;
  }
  return undefined;
}

/** VS Code shows the reason, and the source in a tooltip: the source is shown, and the reason behind it. */
function explain(broken: HTMLElement): void {
  if (broken.nextElementSibling?.classList.contains('latentlab-reason')) return;
  const [text, title] = [broken.textContent ?? '', broken.title];
  const [source, reason] = text.startsWith('ParseError') ? [title, text] : [text, title];
  setText(broken, source);
  const element = document.createElement('em');
  element.className = 'latentlab-reason';
  element.textContent = ` not drawn: ${reasonOf(reason)}`;
  broken.after(element);
}

function sign(mark: 'holds' | 'fails', says: string): HTMLElement {
  const element = document.createElement('span');
  element.textContent = mark === 'holds' ? '✓' : '✗';
  element.title = says;
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', says);
  return element;
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const STYLE = `
.latentlab-equation { display: block; position: relative; }
.latentlab-reference { position: relative; }
.latentlab-missing { color: var(--vscode-errorForeground); text-decoration: underline wavy; }
.latentlab-formula-hover {
  position: absolute; z-index: 2; bottom: 100%; left: 0; padding: 8px 12px; width: max-content; max-width: 80vw;
  overflow: auto; color: var(--vscode-editorHoverWidget-foreground); background: var(--vscode-editorHoverWidget-background);
  border: 1px solid var(--vscode-editorHoverWidget-border); border-radius: 4px;
}
.latentlab-formula-hover .tag { display: none; }
.latentlab-fold {
  margin: 8px 0; padding: 4px 12px; border-left: 3px solid var(--vscode-textBlockQuote-border);
  background: var(--vscode-textBlockQuote-background);
}
.latentlab-fold > summary { cursor: pointer; font-weight: 600; }
.latentlab-fold-warning, .latentlab-fold-caution, .latentlab-fold-danger { border-left-color: var(--vscode-editorWarning-foreground); }
.latentlab-fold-note, .latentlab-fold-info, .latentlab-fold-tip { border-left-color: var(--vscode-editorInfo-foreground); }
.katex-error, .latentlab-undrawn code { color: inherit !important; font-family: var(--vscode-editor-font-family, monospace); }
.latentlab-reason, .latentlab-undrawn em { color: var(--vscode-descriptionForeground); }
.latentlab-equation:has(> .latentlab-verdict) { padding-right: 28px; }
.latentlab-verdict {
  position: absolute; right: 0; top: 50%; translate: 0 -50%; min-width: 22px; text-align: center; font-weight: 600;
}
.latentlab-verdict[data-kind="holds"] { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
.latentlab-verdict[data-kind="fails"] { color: var(--vscode-errorForeground); }
button.latentlab-verdict {
  padding: 2px 4px; border: 1px solid var(--vscode-button-border, transparent); border-radius: 4px; cursor: pointer; opacity: 0;
  font: inherit; font-size: 12px; color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground);
}
.latentlab-equation:hover > button.latentlab-verdict, button.latentlab-verdict:focus-visible { opacity: 1; }
button.latentlab-verdict:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.latentlab-tally { color: var(--vscode-descriptionForeground); }
`;
