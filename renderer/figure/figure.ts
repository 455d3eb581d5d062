/**
 * The frame around every view: title, controls, caption, table, saving, theme and size. It lives in a shadow root, so that
 * other outputs' styles and ours leave each other alone.
 */
import { LiveRegion, usesScreenReader } from '../accessibility';
import { adoptStyles, Disposer, h, setText } from '../dom';
import { messageOf } from '../errors';
import { readTheme } from '../theme';
import type { Theme, ThemeWatcher } from '../theme';
import { button, Toggle } from './controls';
import figureStyles from './figure.css';
import { fileStem, rasterize, saveDataUrl, saveText } from './save';
import type { SvgImage } from './save';
import { TablePanel, toCsv } from './table';
import type { TableData } from './table';

export interface FigureText {
  title: string;
  /** The caption and the text alternative. */
  summary: string;
  notes: string[];
}

export class Figure {
  /** Stands in the host's element. Its own children are the charts that need the page's styles (slot). */
  readonly element = h('div', { class: 'latentlab-figure' });
  readonly root = this.element.attachShadow({ mode: 'open' });
  /** Where the view draws. */
  readonly body = h('div', { class: 'body' });
  /** For the view's own controls. */
  readonly controls = h('div', { class: 'controls', role: 'group', 'aria-label': 'View' });
  private readonly title = h('div', { class: 'title', id: 'title' });
  private readonly summary = h('p', { id: 'summary' });
  private readonly notes = h('div');
  private readonly problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  private readonly live = new LiveRegion();
  private readonly table = new TablePanel();
  private readonly tableToggle: Toggle;
  private readonly disposer = new Disposer();
  private readonly themeListeners: (() => void)[] = [];
  private text: FigureText = { title: '', summary: '', notes: [] };
  private tableData: TableData = { columns: [], rows: 0, row: () => [] };
  private draw: (() => SvgImage | Promise<SvgImage>) | undefined;
  theme: Theme;

  constructor(parent: HTMLElement, watcher: ThemeWatcher) {
    parent.append(this.element);
    adoptStyles(this.root, figureStyles);
    this.tableToggle = new Toggle('Table', 'Show the numbers as a table', false, (open) => (this.table.open = open));
    const tools = h('div', { class: 'tools' }, this.controls, this.tableToggle.element, this.saveButtons());
    this.root.append(
      h(
        'figure',
        { 'aria-labelledby': 'title', 'aria-describedby': 'summary' },
        h('header', {}, this.title, tools),
        this.problem,
        this.body,
        this.table.element,
        h('figcaption', {}, this.summary, this.notes),
      ),
      this.live.element,
    );
    this.theme = readTheme(this.element);
    this.applyTheme();
    this.disposer.add(watcher.subscribe(() => this.themeMayHaveChanged()));
    if (usesScreenReader()) this.tableToggle.pressed = this.table.open = true;
  }

  setText(text: FigureText): void {
    this.text = text;
    setText(this.title, text.title);
    setText(this.summary, text.summary);
    if (this.notes.childElementCount !== text.notes.length) {
      this.notes.replaceChildren(...text.notes.map(() => h('p', { class: 'note' })));
    }
    text.notes.forEach((note, i) => setText(this.notes.children[i]!, note));
  }

  setTable(data: TableData): void {
    this.tableData = data;
    this.table.show(this.text.title, data);
  }

  /** How the figure is drawn for a file, in the colours of print. */
  setDrawing(draw: () => SvgImage | Promise<SvgImage>): void {
    this.draw = draw;
  }

  /** Shows what went wrong above the drawing; null takes it away. */
  setProblem(message: string | null): void {
    this.problem.hidden = message === null;
    setText(this.problem, message ?? '');
  }

  announce(text: string): void {
    this.live.say(text);
  }

  onTheme(listener: () => void): void {
    this.themeListeners.push(listener);
  }

  /** Tells the width of the body now and whenever it changes; a hidden figure has none and is left as it is. */
  onResize(listener: (width: number) => void): void {
    let last = 0;
    const tell = () => {
      const width = Math.floor(this.body.getBoundingClientRect().width);
      if (width === 0 || width === last) return;
      last = width;
      listener(width);
    };
    const observer = new ResizeObserver(tell);
    observer.observe(this.body);
    this.disposer.add(() => observer.disconnect());
    tell();
  }

  dispose(): void {
    this.disposer.dispose();
    this.element.remove();
  }

  private themeMayHaveChanged(): void {
    const theme = readTheme(this.element);
    if (JSON.stringify(theme) === JSON.stringify(this.theme)) return;
    this.theme = theme;
    this.applyTheme();
    for (const listener of this.themeListeners) listener();
  }

  private applyTheme(): void {
    const { theme } = this;
    const properties = {
      background: theme.background,
      foreground: theme.foreground,
      muted: theme.muted,
      grid: theme.grid,
      line: theme.line,
      control: theme.control,
      'border-control': theme.kind.startsWith('high-contrast') ? theme.line : theme.control,
      focus: theme.focus,
      accent: theme.accent,
      error: theme.error,
      font: theme.fontFamily,
    };
    for (const [name, value] of Object.entries(properties)) this.element.style.setProperty(`--ll-${name}`, value);
    this.element.style.colorScheme = theme.dark ? 'dark' : 'light';
    this.element.dataset.motion = theme.reducedMotion ? 'reduced' : 'full';
  }

  private saveButtons(): HTMLElement {
    const one = (format: 'PNG' | 'SVG' | 'CSV', title: string) =>
      button(format, { title, label: `Save as ${format}` }, () => {
        this.save(format).catch((error: unknown) => this.setProblem(`Not saved: ${messageOf(error)}`));
      });
    return h(
      'div',
      { class: 'save', role: 'group', 'aria-label': 'Save' },
      h('span', { 'aria-hidden': 'true' }, 'Save'),
      one('PNG', 'Save the picture as PNG, in print colours'),
      one('SVG', 'Save the picture as SVG, in print colours'),
      one('CSV', 'Save the numbers as CSV'),
    );
  }

  private async save(format: 'PNG' | 'SVG' | 'CSV'): Promise<void> {
    const stem = fileStem(this.text.title);
    if (format === 'CSV') return saveText(`${stem}.csv`, 'text/csv', toCsv(this.tableData));
    if (this.draw === undefined) throw new Error('the figure is not drawn yet');
    const image = await this.draw();
    if (format === 'SVG') saveText(`${stem}.svg`, 'image/svg+xml', image.markup);
    else saveDataUrl(`${stem}.png`, await rasterize(image));
  }
}
