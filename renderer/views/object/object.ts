import type { ObjectView } from '../../../kernel/views/types';
import { copyText } from '../../clipboard';
import { adoptStyles, h } from '../../dom';
import { messageOf } from '../../errors';
import { button } from '../../figure/controls';
import type { Sheet } from '../../figure/sheet';
import type { Drawn, ViewContext } from '../../view';
import { allKeys, linesOf, openAtFirst, textOf, type Line } from './model';
import styles from './object.css';
import { Tree } from './tree';

/** A value with what it holds, as a tree that is opened and copied from. */
export class ObjectTree implements Drawn<ObjectView> {
  private open: Set<string>;
  private readonly tree: Tree;
  private readonly all: HTMLButtonElement;

  constructor(
    private readonly context: ViewContext<Sheet>,
    private shown: ObjectView,
  ) {
    const { figure } = context;
    adoptStyles(figure.root, styles);
    this.open = openAtFirst(shown.root);
    this.tree = new Tree({
      label: shown.summary,
      isOpen: ({ key }) => this.open.has(key),
      toggle: (lines, open) => this.toggle(lines, open),
      copy: (line) => void this.copyValue(line),
    });
    this.all = button('Open all', { title: 'Open or close the whole tree' }, () => this.toggleAll());
    const tools = h(
      'div',
      { class: 'tools', role: 'toolbar', 'aria-label': 'Value' },
      button('Copy value', { title: 'Copy the chosen line’s value (Ctrl+C)' }, () => void this.copyValue()),
      button(
        'Copy path',
        { title: 'Copy the JavaScript path from the value to the chosen line' },
        () => void this.copyPath(),
      ),
      this.all,
    );
    figure.body.append(h('div', { class: 'value-tree' }, this.tree.element, tools));
    this.colour();
    figure.onTheme(() => this.colour());
    this.render();
  }

  update(view: ObjectView): void {
    const isOther = JSON.stringify(view.root) !== JSON.stringify(this.shown.root);
    this.shown = view;
    this.tree.element.setAttribute('aria-label', view.summary);
    if (isOther) this.render();
  }

  dispose(): void {
    this.tree.element.remove();
  }

  private render(): void {
    this.tree.show(linesOf(this.shown.root, this.open));
    this.all.textContent = this.isAllOpen ? 'Close all' : 'Open all';
  }

  private get isAllOpen(): boolean {
    return [...allKeys(this.shown.root)].every((key) => this.open.has(key));
  }

  private toggle(lines: readonly Line[], open: boolean): void {
    for (const { key } of lines) {
      if (open) this.open.add(key);
      else this.open.delete(key);
    }
    this.render();
  }

  private toggleAll(): void {
    this.open = this.isAllOpen ? new Set(['0']) : allKeys(this.shown.root);
    this.render();
    this.context.figure.announce(this.isAllOpen ? 'All open' : 'All closed');
  }

  private async copyValue(line = this.tree.current): Promise<void> {
    if (line?.node) await this.copy(textOf(line.node), 'Value copied');
  }

  private async copyPath(): Promise<void> {
    const path = this.tree.current?.path;
    if (path) await this.copy(path.replace(/^\./, ''), 'Path copied');
    else this.context.figure.announce(path === '' ? 'The value itself has no path' : 'No path leads there');
  }

  private async copy(text: string, said: string): Promise<void> {
    const { figure } = this.context;
    try {
      await copyText(text);
      figure.setProblem(null);
      figure.announce(said);
    } catch (error) {
      figure.setProblem(`Not copied: ${messageOf(error)}`);
    }
  }

  private colour(): void {
    const { element, theme } = this.context.figure;
    for (const [name, colour] of Object.entries(theme.values)) element.style.setProperty(`--ll-value-${name}`, colour);
  }
}
