/** The row in which a figure for a paper is chosen: format, width, colours. */
import { h } from '../../dom';
import { button, Select } from '../controls';
import { COLUMNS, FORMATS, LEAST_MM, MOST_MM, type PaperOptions } from './options';

/** What was chosen last, for all figures of the page. */
let last: PaperOptions = { format: FORMATS[0]!, widthMm: COLUMNS[0]!.widthMm, colours: 'colour' };

const COLOURS = ['colour', 'grey'] as const;

export class PaperPanel {
  readonly element: HTMLElement;
  private readonly width: HTMLInputElement;
  private readonly columns: Select;
  private options = last;

  /** @param save saves what the user chose; the figure shows what it throws */
  constructor(save: (options: PaperOptions) => void) {
    const format = new Select('Format', (index) => this.choose({ format: FORMATS[index]! }));
    format.show(
      FORMATS.map((one) => one.toUpperCase()),
      FORMATS.indexOf(this.options.format),
    );
    format.element.hidden = FORMATS.length < 2;
    this.columns = new Select('Width', (index) => this.chooseColumn(index));
    this.width = h('input', {
      type: 'number',
      min: LEAST_MM,
      max: MOST_MM,
      step: 1,
      'aria-label': 'Width in millimetres',
    });
    this.width.addEventListener('change', () => this.choose({ widthMm: this.typed() }));
    // The notebook around the figure takes keys for its own.
    this.width.addEventListener('keydown', (event) => event.stopPropagation());
    const colours = new Select('Colours', (index) => this.choose({ colours: COLOURS[index]! }));
    colours.show(['as shown', 'greys'], COLOURS.indexOf(this.options.colours));
    const go = button('Save', { label: 'Save the figure for a paper' }, () => save(this.options));
    this.element = h(
      'div',
      { class: 'paper', role: 'group', 'aria-label': 'Figure for a paper', hidden: true },
      format.element,
      this.columns.element,
      h('label', {}, this.width, h('span', { 'aria-hidden': 'true' }, 'mm')),
      colours.element,
      go,
    );
    this.show();
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  set open(open: boolean) {
    this.element.hidden = !open;
    if (open) this.element.querySelector('select')?.focus();
  }

  private choose(change: Partial<PaperOptions>): void {
    last = this.options = { ...this.options, ...change };
    this.show();
  }

  private chooseColumn(index: number): void {
    const column = COLUMNS[index];
    if (column) this.choose({ widthMm: column.widthMm });
    else this.width.focus();
  }

  /** What stands in the field, brought into what can be printed. */
  private typed(): number {
    const { valueAsNumber } = this.width;
    return Number.isFinite(valueAsNumber) ? Math.max(LEAST_MM, Math.min(MOST_MM, valueAsNumber)) : this.options.widthMm;
  }

  private show(): void {
    const { widthMm } = this.options;
    const at = COLUMNS.findIndex((column) => column.widthMm === widthMm);
    const names = COLUMNS.map((column) => `${column.name}, ${column.widthMm} mm`);
    this.columns.show([...names, 'another width'], at < 0 ? COLUMNS.length : at);
    this.width.value = String(widthMm);
  }
}
