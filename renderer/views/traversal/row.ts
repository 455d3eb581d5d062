/** One dimension: its name and what it carries, its slider, and the samples along it. */
import type { TraversedDimension } from '../../../kernel/views/types';
import { h, setText } from '../../dom';
import { coordinate, quantity } from '../../numbers';
import type { TypedArray } from '../../data';
import type { Theme } from '../../theme';
import { cellIn, GAP, stepAt, valueAt } from '../../../kernel/figures/traversal/places';
import { drawSample, paperOf } from './drawing';
import type { Traversal } from './model';

export interface RowEvents {
  /** While it moves. */
  onMove(value: number): void;
  /** When the slider is released. */
  onRest(): void;
}

/** Values between two samples that the slider stops at. */
const FINE = 10;

export class DimensionRow {
  private readonly label = h('span', { class: 'name' });
  private readonly amount = h('span', { class: 'amount' });
  private readonly fill = h('span', { class: 'fill' });
  private readonly input = h('input', { type: 'range' });
  private readonly output = h('output');
  private readonly canvas = h('canvas', { 'aria-hidden': 'true' });
  private readonly mark = h('span', { class: 'mark', 'aria-hidden': 'true' });
  readonly element: HTMLElement;
  private cell = { width: 40, height: 40 };

  constructor(
    private dimension: TraversedDimension,
    private steps: number,
    events: RowEvents,
  ) {
    const bar = h('span', { class: 'share', 'aria-hidden': 'true' }, this.fill);
    const strip = h('div', { class: 'strip' }, this.canvas, this.mark);
    const head = h('div', { class: 'head' }, h('label', {}, this.label, this.input, this.output), bar, this.amount);
    this.element = h('div', { class: 'row' }, head, strip);
    this.input.addEventListener('input', () => events.onMove(this.input.valueAsNumber));
    this.input.addEventListener('change', () => events.onRest());
    // The notebook around the figure takes arrow keys for its own.
    this.input.addEventListener('keydown', (event) => event.stopPropagation());
    this.canvas.addEventListener('click', (event) => {
      const step = Math.floor((event.clientX - this.canvas.getBoundingClientRect().left) / (this.cell.width + GAP));
      events.onMove(valueAt(this.dimension, Math.max(0, Math.min(this.steps - 1, step)), this.steps));
      events.onRest();
    });
  }

  /** @param amount the dimension's value by the measure, as it is written beside the others */
  show(dimension: TraversedDimension, steps: number, most: number, measure: string | undefined, amount: string): void {
    [this.dimension, this.steps] = [dimension, steps];
    const { name, value, low, high } = dimension;
    setText(this.label, name);
    setText(this.amount, amount);
    this.amount.title = measure ?? '';
    this.fill.style.width = `${(100 * Math.max(0, value ?? 0)) / most}%`;
    Object.assign(this.input, {
      min: String(low),
      max: String(high),
      step: String((high - low) / ((steps - 1) * FINE)),
    });
    this.input.setAttribute('aria-label', value === undefined ? name : `${name}, ${measure} ${quantity(value)}`);
  }

  draw(samples: readonly TypedArray[], data: Traversal, room: number, theme: Theme): void {
    const cell = (this.cell = cellIn(data.shape, this.steps, room));
    const { width } = cell;
    const paper = paperOf(this.canvas, this.steps * (width + GAP) - GAP, cell.height);
    samples.forEach((sample, i) => drawSample(paper, sample, data, { x: i * (width + GAP), y: 0, ...cell }, theme));
  }

  /** @param isMoved whether it stands elsewhere than where it began */
  setValue(value: number, isMoved: boolean): void {
    if (this.input.valueAsNumber !== value) this.input.value = String(value);
    const text = coordinate(value);
    setText(this.output, text);
    this.input.setAttribute('aria-valuetext', text);
    this.element.classList.toggle('moved', isMoved);
    const step = stepAt(this.dimension, value, this.steps);
    const { width, height } = this.cell;
    const { style } = this.mark;
    style.left = `${step * (width + GAP) - 2}px`;
    style.width = `${width + 4}px`;
    style.height = `${height + 4}px`;
  }
}
