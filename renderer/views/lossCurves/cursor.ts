/** The cursor that all panels share: a line at one step, a dot on each curve, and the values in the panels' names. */
import type { Box } from '../../chart/axes';
import { toX, toY } from '../../chart/axes';
import { h, setText } from '../../dom';
import { count, reading as written } from '../../numbers';
import { categoryColour } from '../../palette';
import type { Theme } from '../../theme';
import { indexAt } from './curves';
import type { Curve, LossData, Term } from './curves';

interface PanelMarks {
  label: HTMLElement;
  name: HTMLElement;
  reading: HTMLElement;
  line: HTMLElement;
  train: HTMLElement;
  validation: HTMLElement;
}

/** What one panel needs to place its marks. Ranges are in axis units. */
export interface PanelScale {
  box: Box;
  x: [number, number];
  y: [number, number];
  log: boolean;
}

/** The training value that a reading shows: smoothed as drawn. */
export interface Reading {
  step: number | null;
  /** The weight of the moving average; 0: the measured values are shown. */
  weight: number;
  smoothed: (term: Term) => ArrayLike<number> | undefined;
}

export class CursorLayer {
  readonly element = h('div', { class: 'overlay', 'aria-hidden': 'true' });
  private panels: PanelMarks[] = [];

  render(data: LossData, scales: PanelScale[], reading: Reading, theme: Theme): void {
    this.ensurePanels(data.terms.length);
    data.terms.forEach((term, i) => {
      const marks = this.panels[i]!;
      const scale = scales[i]!;
      setText(marks.name, term.name);
      marks.name.style.setProperty('--colour', categoryColour(theme.categories, i));
      place(marks.label, scale.box.left, scale.box.top - 20);
      marks.label.style.maxWidth = `${scale.box.width + 8}px`;
      setText(marks.reading, readingText(term, reading));
      marks.label.title = `${term.name}: ${readingTitle(term, reading)}`;
      drawMarks(marks, term, scale, reading, categoryColour(theme.categories, i), theme);
    });
  }

  private ensurePanels(count: number): void {
    if (this.panels.length === count) return;
    this.panels = Array.from({ length: count }, () => {
      const name = h('b');
      const reading = h('span', { class: 'reading' });
      const marks = {
        name,
        reading,
        label: h('div', { class: 'panel-name' }, name, reading),
        line: h('div', { class: 'cursor-line' }),
        train: h('div', { class: 'dot' }),
        validation: h('div', { class: 'dot' }),
      };
      return marks;
    });
    this.element.replaceChildren(
      ...this.panels.flatMap(({ label, line, train, validation }) => [label, line, train, validation]),
    );
  }
}

/** `243.1 smoothed · val. 245.0` at the step, or at the end of the curves. */
export function readingText(term: Term, { step, weight, smoothed }: Reading): string {
  const at = step ?? Infinity;
  const parts: string[] = [];
  const trainIndex = indexAt(term.train, at);
  if (trainIndex >= 0) {
    const value = written(valueAt(smoothed(term), term.train, trainIndex));
    parts.push(weight > 0 ? `${value} smoothed` : value);
  }
  const validationIndex = indexAt(term.validation, at);
  if (validationIndex >= 0) parts.push(`val. ${written(term.validation!.values[validationIndex]!)}`);
  return parts.join(' · ');
}

/** `243.1 smoothed (moving average of weight 0.9; measured at step 930: 248.7) · validation 245.0` */
export function readingTitle(term: Term, reading: Reading): string {
  const { step, weight } = reading;
  const text = readingText(term, reading).replace('val. ', 'validation ');
  const index = indexAt(term.train, step ?? Infinity);
  if (weight === 0 || index < 0) return text;
  const { steps, values } = term.train!;
  const measured = `measured at step ${count(steps[index]!)}: ${written(values[index]!)}`;
  return text.replace(' smoothed', ` smoothed (moving average of weight ${weight}; ${measured})`);
}

function valueAt(smoothed: ArrayLike<number> | undefined, curve: Curve | undefined, index: number): number {
  return smoothed?.[index] ?? curve?.values[index] ?? NaN;
}

function drawMarks(
  marks: PanelMarks,
  term: Term,
  { box, x, y, log }: PanelScale,
  { step, smoothed }: Reading,
  colour: string,
  theme: Theme,
): void {
  const left = step === null ? NaN : toX(step, x, box);
  const visible = left >= box.left - 1 && left <= box.left + box.width + 1;
  marks.line.hidden = !visible;
  if (visible) {
    place(marks.line, left, box.top);
    marks.line.style.height = `${box.height}px`;
  }
  const dot = (element: HTMLElement, curve: Curve | undefined, values: ArrayLike<number> | undefined, fill: string) => {
    const index = step === null ? -1 : indexAt(curve, step);
    const value = index < 0 ? NaN : valueAt(values, curve, index);
    const top = toY(log ? Math.log10(value) : value, y, box);
    const at = index < 0 ? NaN : toX(curve!.steps[index]!, x, box);
    element.hidden = !(visible && top >= box.top && top <= box.top + box.height && at >= box.left);
    if (element.hidden) return;
    place(element, at, top);
    element.style.backgroundColor = fill;
  };
  dot(marks.train, term.train, smoothed(term), colour);
  dot(marks.validation, term.validation, undefined, theme.foreground);
}

function place(element: HTMLElement, left: number, top: number): void {
  element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
}
