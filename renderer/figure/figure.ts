/**
 * The frame around every view: title, controls, caption, table, saving, theme and size.
 */
import { usesScreenReader } from '../accessibility';
import { h, setText } from '../dom';
import { messageOf } from '../errors';
import type { ThemeWatcher } from '../theme';
import { button, Toggle } from './controls';
import { fileStem, rasterize, saveDataUrl, saveText } from './save';
import type { SvgImage } from './save';
import { Sheet } from './sheet';
import { TablePanel, toCsv } from './table';
import type { TableData } from './table';

export interface FigureText {
  title: string;
  /** The caption and the text alternative. */
  summary: string;
  notes: string[];
}

export class Figure extends Sheet {
  /** For the view's own controls. */
  readonly controls = h('div', { class: 'controls', role: 'group', 'aria-label': 'View' });
  private readonly title = h('div', { class: 'title', id: 'title' });
  private readonly summary = h('p', { id: 'summary' });
  private readonly notes = h('div');
  private readonly table = new TablePanel();
  private readonly tableToggle: Toggle;
  private text: FigureText = { title: '', summary: '', notes: [] };
  private tableData: TableData = { columns: [], rows: 0, row: () => [] };
  private draw: (() => SvgImage | Promise<SvgImage>) | undefined;

  constructor(parent: HTMLElement, watcher: ThemeWatcher) {
    super(parent, watcher);
    this.tableToggle = new Toggle('Table', 'Show the numbers as a table', false, (open) => (this.table.open = open));
    const tools = h('div', { class: 'tools' }, this.controls, this.tableToggle.element, this.saveButtons());
    this.root.prepend(
      h(
        'figure',
        { 'aria-labelledby': 'title', 'aria-describedby': 'summary' },
        h('header', {}, this.title, tools),
        this.problem,
        this.body,
        this.table.element,
        h('figcaption', {}, this.summary, this.notes),
      ),
    );
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
