import type { TraversalView } from '../../../kernel/views/types';
import { adoptStyles, h, setText } from '../../dom';
import { sample as sampleSchema, splitSamples } from '../../data';
import type { TypedArray } from '../../data';
import { button, Select } from '../../figure/controls';
import type { SvgImage } from '../../figure/save';
import { Newest } from '../../newest';
import { alike } from '../../numbers';
import { parse } from '../../view';
import type { Drawn, ViewContext } from '../../view';
import { layoutShape } from '../../../kernel/views/pictures/layouts';
import { largeSize, movedFrom, placeText, stepAt, traversalNotes } from '../../../kernel/figures/traversal/places';
import { drawSample, paperOf } from './drawing';
import { drawn, pointsAround, readTraversal, traversalTable } from './model';
import type { Traversal } from './model';
import { printTraversal } from './print';
import { DimensionRow } from './row';
import styles from './traversal.css';

interface Question {
  z: number[];
  /** Whether the rows are wanted around it, too. */
  rows: boolean;
}

const NO_KERNEL = 'saved samples, no live kernel';

export class TraversalFigure implements Drawn<TraversalView> {
  private readonly list = h('div', { class: 'rows', role: 'group', 'aria-label': 'Latent dimensions' });
  private readonly canvas = h('canvas', { role: 'img', 'aria-label': 'Decoded sample' });
  private readonly place = h('div', { class: 'place' });
  private readonly source = h('p', { class: 'source' });
  private readonly around: Select;
  private readonly newest: Newest<Question, { shape: Traversal['shape']; samples: TypedArray[] }>;
  private rows: DimensionRow[] = [];
  private data: Traversal;
  private z: number[];
  private anchor = 0;
  /** Which row was moved last. */
  private moved = 0;
  /** What the rows show: the saved samples, or those around another point. */
  private strips: Pick<Traversal, 'shape' | 'rows'>;
  private decoded: { sample: TypedArray; shape: Traversal['shape']; source: string } | undefined;
  private width = 0;

  constructor(
    private readonly context: ViewContext,
    first: TraversalView,
  ) {
    const { figure, channel, settings } = context;
    adoptStyles(figure.root, styles);
    this.data = readTraversal(first);
    this.strips = this.data;
    this.z = settings.numbers('z') ?? [...first.anchors[0]!.z];
    if (this.z.length !== first.latentDimensions) this.z = [...first.anchors[0]!.z];
    this.around = new Select('Around', (index) => this.startFrom(index));
    figure.controls.append(
      this.around.element,
      button('Reset', { title: 'Reset all dimensions' }, () => this.startFrom(this.anchor)),
    );
    const panel = h('div', { class: 'decoded' }, h('div', { class: 'frame' }, this.canvas), this.place, this.source);
    figure.body.append(h('div', { class: 'traversal' }, this.list, panel));
    this.newest = new Newest({
      ask: (question) => this.decode(question),
      onAnswer: (question, answer) => this.take(question, answer),
      onReason: (_question, reason) => this.fallBack(reason),
    });
    channel.onLiveChange(() => this.showAnchors());
    figure.setDrawing((width) => this.print(width));
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
    this.update(first);
    if (this.isMoved()) this.look(true);
  }

  update(view: TraversalView): void {
    const isOther = view.latentDimensions !== this.data.view.latentDimensions || view.id !== this.data.view.id;
    this.data = readTraversal(view);
    this.strips = this.data;
    this.decoded = undefined;
    if (isOther) this.z = [...view.anchors[0]!.z];
    this.anchor = 0;
    const { figure } = this.context;
    figure.setText({ title: view.title, summary: view.summary, caption: '', notes: traversalNotes(view) });
    const most = Math.max(...view.dimensions.map(({ value = 0 }) => value), 1e-12);
    while (this.rows.length > view.dimensions.length) this.rows.pop()!.element.remove();
    const amounts = alike(view.dimensions.map(({ value }) => value ?? NaN));
    view.dimensions.forEach((dimension, i) => {
      const known = this.rows[i];
      const row = known ?? this.newRow(i, view.steps);
      row.show(dimension, view.steps, most, view.measure, dimension.value === undefined ? '' : amounts[i]!);
    });
    this.showAnchors();
    this.render();
  }

  dispose(): void {
    this.newest.close();
  }

  private newRow(i: number, steps: number): DimensionRow {
    const row = new DimensionRow(this.data.view.dimensions[i]!, steps, {
      onMove: (value) => this.move(i, value),
      onRest: () => this.rest(),
    });
    this.rows.push(row);
    this.list.append(row.element);
    return row;
  }

  private get live(): boolean {
    return this.data.view.decodes && this.context.channel.live;
  }

  /** Other points than the first are decoded by a kernel alone. */
  private showAnchors(): void {
    const { anchors } = this.data.view;
    this.around.element.hidden = !this.live || anchors.length < 2;
    this.around.show(
      anchors.map(({ name }) => name),
      this.anchor,
    );
    this.renderPoint();
  }

  private startFrom(anchor: number): void {
    this.anchor = anchor;
    this.z = [...this.data.view.anchors[anchor]!.z];
    this.look(true);
    this.context.figure.announce(`Around ${this.data.view.anchors[anchor]!.name}`);
  }

  private move(row: number, value: number): void {
    this.moved = row;
    this.z = this.z.with(this.data.view.dimensions[row]!.index, value);
    this.look(false);
  }

  private rest(): void {
    this.context.settings.set('z', this.z);
    this.look(true);
  }

  /** Shows what is decoded here: the kernel's answer when it comes, what is saved until then. */
  private look(rows: boolean): void {
    const isStart = this.anchor === 0 && !this.isMoved();
    if (isStart) this.strips = this.data;
    this.decoded = undefined;
    if (this.live && !isStart) this.newest.ask({ z: [...this.z], rows });
    else if (rows) this.strips = this.data;
    this.render();
  }

  private isMoved(): boolean {
    return this.movedDimensions().length > 0;
  }

  private movedDimensions(): number[] {
    const from = this.data.view.anchors[this.anchor]!.z;
    return movedFrom(from, this.z);
  }

  private async decode({ z, rows }: Question): Promise<{ shape: Traversal['shape']; samples: TypedArray[] }> {
    const { view } = this.data;
    const points = rows ? pointsAround(z, view) : [z];
    const result = await this.context.channel.ask({ kind: 'decodeAll', z: points });
    if (result.kind !== 'decoded') throw new Error(`the kernel answered “${result.kind}”`);
    const { shape, values } = parse(sampleSchema, result.sample);
    const stored = shapeOf(shape, values.shape);
    const samples = splitSamples(values, stored).map((one) => drawn(one, stored, view.layout));
    if (samples.length !== points.length)
      throw new Error(`the kernel decoded ${samples.length} of ${points.length} points`);
    return { shape: layoutShape(stored, view.layout), samples };
  }

  private take({ z, rows }: Question, { shape, samples }: { shape: Traversal['shape']; samples: TypedArray[] }): void {
    const { steps, dimensions } = this.data.view;
    this.decoded = { sample: samples.at(-1)!, shape, source: '' };
    // The reader may have gone on: rows around another point would not be those of the sliders.
    if (rows && z.every((value, j) => value === this.z[j])) {
      this.strips = { shape, rows: dimensions.map((_, row) => samples.slice(row * steps, (row + 1) * steps)) };
    }
    this.render();
  }

  private fallBack(reason: string): void {
    this.decoded = undefined;
    this.renderPoint(`saved samples: ${reason}`);
  }

  private render(): void {
    if (this.width === 0) return;
    const { theme } = this.context.figure;
    const room = this.list.getBoundingClientRect().width || this.width;
    const narrow = room < 520;
    this.list.classList.toggle('narrow', narrow);
    const data = { ...this.data, ...this.strips };
    this.rows.forEach((row, i) => row.draw(this.strips.rows[i] ?? [], data, narrow ? room : room - 262, theme));
    this.renderPoint();
  }

  private renderPoint(reason?: string): void {
    const { view } = this.data;
    const { figure } = this.context;
    const from = view.anchors[this.anchor]!.z;
    view.dimensions.forEach(({ index }, i) =>
      this.rows[i]?.setValue(this.z[index]!, Math.abs(this.z[index]! - from[index]!) > 1e-9),
    );
    const { sample, shape, source } = this.decoded ?? this.saved(reason);
    const { width, height } = largeSize(shape);
    const paper = paperOf(this.canvas, width, height);
    drawSample(paper, sample, { ...this.data, shape }, { x: 0, y: 0, width, height }, figure.theme);
    setText(this.place, this.placeText());
    setText(this.source, source);
    this.canvas.setAttribute('aria-label', `Decoded sample, ${this.placeText()}`);
    figure.setTable(traversalTable(this.data, this.z));
  }

  /** The saved sample that is nearest, and what is not told by it. */
  private saved(reason?: string): { sample: TypedArray; shape: Traversal['shape']; source: string } {
    const { view, rows, middle, shape } = this.data;
    const where = reason ?? (this.live ? '' : NO_KERNEL);
    const moved = this.movedDimensions();
    if (moved.length === 0) return { sample: middle, shape, source: where };
    const row = this.moved;
    const dimension = view.dimensions[row]!;
    const sample = rows[row]![stepAt(dimension, this.z[dimension.index]!, view.steps)]!;
    const others = moved.filter((j) => j !== dimension.index).length;
    const rest = others > 0 ? `; only ${dimension.name} moves in it: the others need a live kernel` : '';
    return { sample, shape, source: where === '' ? '' : `${where}${rest}` };
  }

  private placeText(): string {
    return placeText(this.data.view, this.z, this.anchor);
  }

  private print(width?: number): SvgImage {
    const { sample, shape, source } = this.decoded ?? this.saved();
    const place = { z: this.z, anchor: this.anchor, source };
    return printTraversal(this.data, this.strips, place, { sample, shape }, width ?? Math.max(this.width, 640));
  }
}

/** An answer's images may be smaller than the model's. */
function shapeOf(shape: Traversal['shape'], [, height, width]: number[]): Traversal['shape'] {
  return shape.kind === 'image' ? { ...shape, height: height!, width: width! } : shape;
}
