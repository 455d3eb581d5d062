/**
 * A tree by the ARIA pattern: one stop for Tab, arrows walk, open and close, letters find. Its lines are flat in the page,
 * each with its level.
 */
import { runKey } from '../../accessibility';
import { h, setAttributes } from '../../dom';
import { childLines, isOpenable, moreText, type Line } from './model';

/** Letters typed within this time are one word. */
const WORD_MS = 700;

export interface TreeOptions {
  label: string;
  /** Opens or closes lines. */
  toggle(lines: Line[], open: boolean): void;
  isOpen(line: Line): boolean;
  copy(line: Line): void;
}

export class Tree {
  readonly element: HTMLElement;
  private lines: Line[] = [];
  private readonly rows = new Map<string, HTMLElement>();
  /** The line that has the focus, or gets it. */
  private currentKey = '0';
  private typed = { word: '', at: 0 };

  constructor(private readonly options: TreeOptions) {
    this.element = h('div', { role: 'tree', 'aria-label': options.label, class: 'tree' });
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('click', (event) => this.click(event));
    this.element.addEventListener('focusin', (event) => {
      const line = this.lineOf(event.target);
      if (line) this.moveTo(line, false);
    });
  }

  get current(): Line | undefined {
    return this.lines.find(({ key }) => key === this.currentKey) ?? this.lines[0];
  }

  show(lines: Line[]): void {
    this.lines = lines;
    if (!lines.some(({ key }) => key === this.currentKey)) this.currentKey = nearest(lines, this.currentKey);
    const wanted = lines.map((line) => this.rowOf(line));
    const focused = this.hasFocus;
    const isSame =
      this.element.childElementCount === wanted.length && wanted.every((row, i) => this.element.children[i] === row);
    if (!isSame) this.element.replaceChildren(...wanted);
    const keys = new Set(lines.map(({ key }) => key));
    for (const key of this.rows.keys()) if (!keys.has(key)) this.rows.delete(key);
    if (focused) this.rows.get(this.currentKey)?.focus();
  }

  private get hasFocus(): boolean {
    return this.element.contains((this.element.getRootNode() as ShadowRoot).activeElement);
  }

  private rowOf(line: Line): HTMLElement {
    const { key, level, position, siblings, label, node, more } = line;
    const row = this.rows.get(key) ?? h('div', { role: 'treeitem', 'data-key': key });
    this.rows.set(key, row);
    const text = node ? node.text : moreText(more ?? 0);
    const isOpen = this.options.isOpen(line);
    const expanded = node && isOpenable(node) ? String(isOpen) : undefined;
    setAttributes(row, {
      'aria-label': label === undefined ? text : `${label}: ${text}`,
      'aria-level': level,
      'aria-posinset': position,
      'aria-setsize': siblings,
      'aria-expanded': expanded,
      'aria-selected': String(key === this.currentKey),
      tabindex: key === this.currentKey ? 0 : -1,
      class: node ? `line ${node.kind}` : 'line left-out',
    });
    row.style.setProperty('--level', String(level - 1));
    const sign = h('span', { class: 'sign', 'aria-hidden': 'true' });
    const name = label === undefined ? [] : [h('span', { class: 'name' }, label), ': '];
    row.replaceChildren(sign, h('span', { class: 'content' }, ...name, h('span', { class: 'value' }, text)));
    return row;
  }

  private lineOf(target: EventTarget | null): Line | undefined {
    const key = target instanceof Element ? target.closest('[data-key]')?.getAttribute('data-key') : undefined;
    return this.lines.find((line) => line.key === key);
  }

  private click(event: MouseEvent): void {
    const line = this.lineOf(event.target);
    if (!line) return;
    // A text that was marked with the mouse stays so.
    if ((document.getSelection()?.toString() ?? '') !== '') return;
    this.moveTo(line, true);
    this.toggle(line);
  }

  private toggle(line: Line): void {
    if (line.node && isOpenable(line.node)) this.options.toggle([line], !this.options.isOpen(line));
  }

  private moveTo(line: Line | undefined, focus = true): void {
    if (!line) return;
    for (const key of [this.currentKey, line.key]) {
      const isNow = key === line.key;
      const row = this.rows.get(key);
      if (row) setAttributes(row, { tabindex: isNow ? 0 : -1, 'aria-selected': String(isNow) });
    }
    this.currentKey = line.key;
    if (focus) this.rows.get(line.key)?.focus();
  }

  private key(event: KeyboardEvent): void {
    const line = this.current;
    if (!line) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && !event.shiftKey && !event.altKey) {
      if ((document.getSelection()?.toString() ?? '') !== '') return;
      event.preventDefault();
      event.stopPropagation();
      this.options.copy(line);
      return;
    }
    const at = this.lines.indexOf(line);
    const isOpen = this.options.isOpen(line);
    const canOpen = line.node !== undefined && isOpenable(line.node);
    runKey(event, {
      ArrowDown: () => this.moveTo(this.lines[at + 1]),
      ArrowUp: () => this.moveTo(this.lines[at - 1]),
      Home: () => this.moveTo(this.lines[0]),
      End: () => this.moveTo(this.lines.at(-1)),
      ArrowRight: () => (canOpen && !isOpen ? this.toggle(line) : canOpen && this.moveTo(this.lines[at + 1])),
      ArrowLeft: () => (canOpen && isOpen ? this.toggle(line) : this.moveTo(line.parent)),
      Enter: () => this.toggle(line),
      ' ': () => this.toggle(line),
      '*': () => this.openSiblings(line),
    });
    if (!event.defaultPrevented && event.key.length === 1) this.find(event, at);
  }

  private openSiblings({ parent }: Line): void {
    const siblings = parent ? childLines(parent) : this.lines.slice(0, 1);
    this.options.toggle(
      siblings.filter(({ node }) => node && isOpenable(node)),
      true,
    );
  }

  /** Goes to the next name that begins with what was typed. */
  private find(event: KeyboardEvent, at: number): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const goesOn = event.timeStamp - this.typed.at < WORD_MS;
    const word = (goesOn ? this.typed.word : '') + event.key.toLowerCase();
    this.typed = { word, at: event.timeStamp };
    const from = word.length > 1 ? at : at + 1;
    const round = [...this.lines.slice(from), ...this.lines.slice(0, from)];
    this.moveTo(round.find(({ label }) => label?.toLowerCase().startsWith(word)));
  }
}

/** The innermost line that is still there around one that went. */
function nearest(lines: readonly Line[], key: string): string {
  const around = lines.filter((line) => key.startsWith(`${line.key}.`)).at(-1);
  return around?.key ?? '0';
}
