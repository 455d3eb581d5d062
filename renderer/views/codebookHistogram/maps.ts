/** Images with the codes that they were given, cell by cell. */
import type { CodeMaps } from '../../../kernel/views/types';
import { rowName } from '../../../kernel/views/wording';
import { runKey } from '../../accessibility';
import { decode } from '../../data';
import { h, setAttributes, svg } from '../../dom';
import { count } from '../../numbers';
import { imageCanvas } from '../../samples';
import type { Usage } from '../../../kernel/figures/codebook/usage';

interface Shown {
  element: HTMLElement;
  codes: ArrayLike<number>;
  /** Marks the cells of the chosen code. */
  marks: SVGElement;
  /** Marks the cell that keys are at. */
  at: SVGElement;
  cell: number;
}

export class MapPart {
  readonly element = h('div', { class: 'maps' });
  private readonly shown: Shown[];
  private readonly columns: number;
  private readonly rows: number;

  /**
   * @param choose hears of a code that is pointed at (`pinned`: that is chosen)
   * @throws RangeError when the arrays do not fit each other
   */
  constructor(
    { shape, samples, grid, codes: encoded }: CodeMaps,
    private readonly usage: Usage,
    private readonly choose: (code: number | null, pinned: boolean) => void,
    private readonly say: (text: string) => void,
  ) {
    [this.rows, this.columns] = grid;
    const [values, codes] = [decode(samples), decode(encoded)];
    const size = shape.height * shape.width * shape.channels;
    const n = Math.floor(values.length / size);
    if (codes.length !== n * this.rows * this.columns) {
      throw new RangeError(`${n} images of ${this.rows} × ${this.columns} codes, and ${codes.length} codes`);
    }
    this.shown = Array.from({ length: n }, (_, i) => {
      const own = codes.subarray(i * this.rows * this.columns, (i + 1) * this.rows * this.columns);
      return this.mapOf(imageCanvas(values.subarray(i * size, (i + 1) * size), shape), own, i, shape);
    });
    this.element.append(...this.shown.map(({ element }) => element));
  }

  /** Marks where the images have a code. */
  mark(code: number | null): void {
    for (const { codes, marks } of this.shown) {
      const cells = Array.from(codes).flatMap((one, cell) => (one === code ? [cell] : []));
      marks.replaceChildren(...cells.map((cell) => svg('rect', this.boxOf(cell))));
    }
  }

  private boxOf(cell: number) {
    const [x, y] = [cell % this.columns, Math.floor(cell / this.columns)];
    return { x, y, width: 1, height: 1 };
  }

  private mapOf(picture: HTMLCanvasElement, codes: ArrayLike<number>, i: number, shape: CodeMaps['shape']): Shown {
    // As large as the page has room for, in even rows.
    picture.style.width = '100%';
    picture.style.aspectRatio = `${shape.width} / ${shape.height}`;
    const size = { width: '100%', height: '100%' };
    const [marks, at] = [svg('g', { class: 'chosen' }), svg('g', { class: 'at' })];
    const lines = [
      ...Array.from({ length: this.columns - 1 }, (_, x) =>
        svg('line', { x1: x + 1, x2: x + 1, y1: 0, y2: this.rows }),
      ),
      ...Array.from({ length: this.rows - 1 }, (_, y) =>
        svg('line', { x1: 0, x2: this.columns, y1: y + 1, y2: y + 1 }),
      ),
    ];
    const view = { ...size, viewBox: `0 0 ${this.columns} ${this.rows}`, preserveAspectRatio: 'none' };
    const over = svg('svg', { ...view, 'aria-hidden': 'true' }, svg('g', { class: 'grid' }, ...lines), marks, at);
    const label = `Codes of ${rowName(i)}. Arrow keys move from cell to cell, Enter chooses its code.`;
    const element = h('div', { class: 'map', role: 'application', tabindex: 0, 'aria-label': label }, picture, over);
    const shown: Shown = { element, codes, marks, at, cell: 0 };
    const under = (event: MouseEvent) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const x = Math.min(this.columns - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * this.columns)));
      const y = Math.min(this.rows - 1, Math.max(0, Math.floor(((event.clientY - top) / height) * this.rows)));
      return y * this.columns + x;
    };
    element.addEventListener('pointermove', (event) => this.choose(codes[under(event)]!, false));
    element.addEventListener('pointerleave', () => this.choose(null, false));
    element.addEventListener('click', (event) => this.goTo(shown, under(event), true));
    element.addEventListener('keydown', (event) => this.onKey(event, shown, i));
    element.addEventListener('blur', () => at.replaceChildren());
    return shown;
  }

  private goTo(shown: Shown, cell: number, pinned: boolean): void {
    shown.cell = cell;
    const rect = svg('rect');
    setAttributes(rect, this.boxOf(cell));
    shown.at.replaceChildren(rect);
    this.choose(shown.codes[cell]!, pinned);
  }

  private onKey(event: KeyboardEvent, shown: Shown, row: number): void {
    const { rows, columns } = this;
    const move = (dx: number, dy: number) => {
      const x = Math.min(columns - 1, Math.max(0, (shown.cell % columns) + dx));
      const y = Math.min(rows - 1, Math.max(0, Math.floor(shown.cell / columns) + dy));
      this.goTo(shown, y * columns + x, true);
      const code = shown.codes[shown.cell]!;
      const uses = count(this.usage.counts[code] ?? 0);
      this.say(`${rowName(row)}, cell ${x}, ${y}: code ${code}, ${uses} uses`);
    };
    runKey(event, {
      ArrowLeft: () => move(-1, 0),
      ArrowRight: () => move(1, 0),
      ArrowUp: () => move(0, -1),
      ArrowDown: () => move(0, 1),
      Enter: () => move(0, 0),
      Escape: () => this.choose(null, true),
    });
  }
}
