/**
 * The frame around every view: title, controls, caption, table, saving, theme and size.
 */
import { usesScreenReader } from '../accessibility';
import { h, setText } from '../dom';
import { messageOf } from '../errors';
import type { ThemeWatcher } from '../theme';
import { button, Toggle } from './controls';
import { Lazy } from '../lazy';
import { FORMATS, layoutWidth } from './paper/options';
import type { PaperOptions } from './paper/options';
import type { PaperPanel } from './paper/panel';
import { fileStem, rasterize, saveDataUrl, saveText } from './save';
import type { SvgImage } from './save';
import { Sheet } from './sheet';
import type { TableData, TablePanel } from './table';

export interface FigureText {
  title: string;
  /** The text alternative: one sentence of all that is seen. */
  summary: string;
  /** What stands below the drawing: what it cannot show itself. Absent: the summary, without the title. */
  caption?: string;
  notes: string[];
}

/** @param width pixels that the drawing is to be laid out in; absent: as it is on the screen */
export type Drawing = (width?: number) => SvgImage | Promise<SvgImage>;

export class Figure extends Sheet {
  /** For the view's own controls. */
  readonly controls = h('div', { class: 'controls', role: 'group', 'aria-label': 'View' });
  private readonly title = h('div', { class: 'title', id: 'title' });
  private readonly summary = h('p', { id: 'summary', class: 'visually-hidden' });
  /** Who hears the summary need not hear it twice. */
  private readonly caption = h('p', { 'aria-hidden': 'true' });
  private readonly notes = h('div');
  private readonly tableSlot = h('div');
  private readonly table = new Lazy<TablePanel>(async () => {
    const { TablePanel } = await import('./table');
    const panel = new TablePanel(false, (text) => this.announce(text));
    panel.show(this.text.title, this.tableData);
    this.tableSlot.append(panel.element);
    return panel;
  });
  private readonly tableToggle: Toggle;
  private text: FigureText = { title: '', summary: '', notes: [] };
  private tableData: TableData = { columns: [], rows: 0, row: () => [] };
  private readonly paperSlot = h('div', { id: 'paper' });
  private readonly paper = new Lazy<PaperPanel>(async () => {
    const { PaperPanel } = await import('./paper/paper');
    const panel = new PaperPanel((options) => this.guarded(this.saveForPaper(options)));
    this.paperSlot.append(panel.element);
    return panel;
  });
  private draw: Drawing | undefined;

  constructor(parent: HTMLElement, watcher: ThemeWatcher) {
    super(parent, watcher);
    this.tableToggle = new Toggle('Table', 'Show the numbers as a table', false, (open) => this.openTable(open));
    const tools = h('div', { class: 'tools' }, this.controls, this.tableToggle.element, this.saveButtons());
    this.root.prepend(
      h(
        'figure',
        { 'aria-labelledby': 'title', 'aria-describedby': 'summary' },
        h('header', {}, this.title, tools),
        this.paperSlot,
        this.problem,
        this.body,
        this.tableSlot,
        h('figcaption', {}, this.summary, this.caption, this.notes),
      ),
    );
    if (usesScreenReader()) {
      this.tableToggle.pressed = true;
      this.openTable(true);
    }
  }

  setText(text: FigureText): void {
    this.text = text;
    setText(this.title, text.title);
    setText(this.summary, text.summary);
    const caption = text.caption ?? withoutTitle(text);
    setText(this.caption, caption);
    this.caption.hidden = caption === '';
    if (this.notes.childElementCount !== text.notes.length) {
      this.notes.replaceChildren(...text.notes.map(() => h('p', { class: 'note' })));
    }
    text.notes.forEach((note, i) => setText(this.notes.children[i]!, note));
  }

  setTable(data: TableData): void {
    this.tableData = data;
    this.table.there?.show(this.text.title, data);
  }

  /** How the figure is drawn for a file, in the colours of print. */
  setDrawing(draw: Drawing): void {
    this.draw = draw;
  }

  override dispose(): void {
    this.table.there?.dispose();
    super.dispose();
  }

  private openTable(open: boolean): void {
    this.table.use((panel) => (panel.open = open));
  }

  private saveButtons(): HTMLElement {
    const one = (format: 'PNG' | 'SVG' | 'CSV', title: string) =>
      button(format, { title, label: `Save as ${format}` }, () => this.guarded(this.save(format)));
    const formats = FORMATS.map((format) => format.toUpperCase()).join(' or ');
    const paper = button('Paper', { title: `${formats} at a width in millimetres, with its font inside` }, () => {
      this.paper.use((panel) => {
        panel.open = !panel.open;
        paper.setAttribute('aria-expanded', String(panel.open));
      });
    });
    paper.setAttribute('aria-expanded', 'false');
    paper.setAttribute('aria-controls', 'paper');
    return h(
      'div',
      { class: 'save', role: 'group', 'aria-label': 'Save' },
      h('span', { 'aria-hidden': 'true' }, 'Save'),
      one('PNG', 'Save the picture as PNG, in print colours'),
      one('SVG', 'Save the picture as SVG, in print colours'),
      one('CSV', 'Save the numbers as CSV'),
      paper,
    );
  }

  private guarded(saving: Promise<void>): void {
    saving.catch((error: unknown) => this.setProblem(`Not saved: ${messageOf(error)}`));
  }

  /** Lays the figure out in the width that it has on paper, the reader's zoom and choices kept, draws it, and lays it out as before. */
  private async saveForPaper(options: PaperOptions): Promise<void> {
    const { draw } = this;
    if (draw === undefined) throw new Error('the figure has not been drawn yet');
    const { loadFont, paperFile } = await import('./paper/paper');
    await loadFont();
    const width = layoutWidth(options.widthMm);
    const image = await this.laidOut(width, () => draw(width));
    const { mime, content, missing } = await paperFile(image, options);
    saveDataUrl(`${fileStem(this.text.title)}.${options.format}`, `data:${mime};base64,${content}`);
    const lacks = `Saved, but the font has no glyph for ${missing.join(' ')}; other names would print.`;
    this.setProblem(missing.length > 0 ? lacks : null);
  }

  private async laidOut<T>(width: number, use: () => T | Promise<T>): Promise<T> {
    const { style } = this.body;
    const before = style.width;
    try {
      const resized = this.untilResized(width);
      style.width = `${width}px`;
      await resized;
      return await use();
    } finally {
      style.width = before;
    }
  }

  /** Settles when views have heard that the body is as wide. */
  private untilResized(width: number): Promise<void> {
    return new Promise((resolve) => {
      const observer = new ResizeObserver(() => {
        if (Math.abs(this.body.getBoundingClientRect().width - width) > 1) return;
        observer.disconnect();
        // Those that listen were there before; some draw with the next frame.
        requestAnimationFrame(() => setTimeout(resolve));
      });
      observer.observe(this.body);
    });
  }

  private async save(format: 'PNG' | 'SVG' | 'CSV'): Promise<void> {
    const stem = fileStem(this.text.title);
    if (format === 'CSV') {
      const { toCsv } = await import('./table');
      return saveText(`${stem}.csv`, 'text/csv', toCsv(this.tableData));
    }
    if (this.draw === undefined) throw new Error('the figure has not been drawn yet');
    const image = await this.draw();
    if (format === 'SVG') saveText(`${stem}.svg`, 'image/svg+xml', image.markup);
    else saveDataUrl(`${stem}.png`, await rasterize(image));
  }
}

/** What the summary says beside the title, which stands above the drawing. */
function withoutTitle({ title, summary }: FigureText): string {
  const rest = summary.startsWith(`${title}: `) ? summary.slice(title.length + 2) : summary;
  // Greek capitals are other letters to a reader: β = 1 is no B.
  return /^[a-z]/.test(rest) ? rest.charAt(0).toUpperCase() + rest.slice(1) : rest;
}
