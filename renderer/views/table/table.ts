import type { TableView } from '../../../kernel/views/types';
import { adoptStyles, h, setText } from '../../dom';
import { button } from '../../figure/controls';
import { saveText } from '../../figure/save';
import type { Sheet } from '../../figure/sheet';
import { TablePanel, toCsv, type Cell, type TableData } from '../../figure/table';
import { withRows } from '../../figure/tableData';
import { count, counted } from '../../numbers';
import type { Drawn, ViewContext } from '../../view';
import styles from './table.css';

/** Records, a row each. */
export class RecordTable implements Drawn<TableView> {
  private readonly panel: TablePanel;
  private readonly note = h('span');
  private data: TableData;

  constructor({ figure }: ViewContext<Sheet>, shown: TableView) {
    adoptStyles(figure.root, styles);
    this.data = dataOf(shown);
    this.panel = new TablePanel(true, (text) => figure.announce(text));
    this.panel.open = true;
    const save = button('CSV', { title: 'Save the rows as CSV', label: 'Save as CSV' }, () =>
      saveText('table.csv', 'text/csv', toCsv(this.data)),
    );
    figure.body.append(
      h('div', { class: 'records' }, this.panel.element, h('div', { class: 'about' }, save, this.note)),
    );
    this.update(shown);
  }

  update(view: TableView): void {
    this.data = dataOf(view);
    this.panel.show(view.summary, this.data);
    const { rows, columns, total } = view;
    const size = `${counted(total, 'row')}, ${counted(columns.length, 'column')}`;
    setText(this.note, rows.length < total ? `${size}; the first ${count(rows.length)} are in the output` : size);
  }

  dispose(): void {
    this.panel.dispose();
    this.panel.element.remove();
  }
}

function dataOf({ columns, rows, data }: TableView): TableData {
  const table: TableData = {
    columns: columns.map(({ name }) => name),
    rows: rows.length,
    row: (i) => rows[i]!.map((cell): Cell => (typeof cell === 'boolean' ? String(cell) : cell)),
    words: columns.map(({ numeric }) => !numeric),
    format: cellText,
  };
  return withRows(table, data, (i) => i);
}

/** As the table's text has it. */
function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'number' && !Number.isInteger(cell) ? String(Number(cell.toPrecision(7))) : String(cell);
}
