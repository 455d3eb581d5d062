/** The cursor that all panels share: a line at one step, a dot on each curve, and the values in the panels' names. */
import type { SmoothedCurve } from '../../../kernel/views/smoothing';
import { h, setText } from '../../dom';
import { count, reading as written } from '../../numbers';
import { categoryColour } from '../../palette';
import { scaleOf } from '../../panels/panel';
import type { Panel } from '../../panels/panel';
import type { Theme } from '../../theme';
import { indexAt } from './curves';
import type { Curve, LossData, Term } from './curves';

interface PanelMarks {
  label: HTMLElement;
  name: HTMLElement;
  colour: string;
  reading: HTMLElement;
  line: HTMLElement;
  train: HTMLElement;
  validation: HTMLElement;
}

/** The training value that a reading shows: at a step smoothed as drawn, else the mean over the last epoch. */
export interface Reading {
  step: number | null;
  /** The weight of the moving average; 0: the measured values are shown. */
  weight: number;
  smoothed: (term: Term) => SmoothedCurve | undefined;
}

export class CursorLayer {
  readonly element = h('div', { class: 'overlay', 'aria-hidden': 'true' });
  private panels: PanelMarks[] = [];

  render(data: LossData, panels: readonly Panel[], reading: Reading, theme: Theme): void {
    this.ensurePanels(data.terms.length);
    data.terms.forEach((term, i) => {
      const marks = this.panels[i]!;
      const panel = panels[i]!;
      setText(marks.name, term.name);
      const colour = categoryColour(theme.categories, i);
      if (marks.colour !== colour) marks.name.style.setProperty('--colour', (marks.colour = colour));
      place(marks.label, panel.box.left, panel.box.top - 20);
      marks.label.style.maxWidth = `${panel.box.width + 8}px`;
      setText(marks.reading, readingText(term, reading));
      marks.label.title = `${term.name}: ${readingTitle(term, reading)}`;
      drawMarks(marks, term, panel, reading, colour, theme);
    });
  }

  private ensurePanels(count: number): void {
    if (this.panels.length === count) return;
    this.panels = Array.from({ length: count }, () => {
      const name = h('b');
      const reading = h('span', { class: 'reading' });
      const marks = {
        name,
        colour: '',
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

/** `243.1 smoothed · val. 245.0` at a step; `243.4 last epoch · val. 245.0` without one. */
export function readingText(term: Term, { step, weight, smoothed }: Reading): string {
  const parts: string[] = [];
  const { train, validation } = term;
  if (step === null && train && train.steps.length > 0) parts.push(`${written(train.last)} last epoch`);
  if (step !== null && indexAt(train, step) >= 0) {
    parts.push(
      weight > 0 ? `${written(drawnAt(smoothed(term)!, step).value)} smoothed` : written(measuredAt(train, step)),
    );
  }
  const validationIndex = indexAt(validation, step ?? Infinity);
  if (validationIndex >= 0) parts.push(`val. ${written(validation!.values[validationIndex]!)}`);
  return parts.join(' · ');
}

/** `243.1 smoothed (moving average of weight 0.9; measured at step 930: 248.7) · validation 245.0` */
export function readingTitle(term: Term, reading: Reading): string {
  const { step, weight } = reading;
  const text = readingText(term, reading).replace('val. ', 'validation ');
  if (step === null) return text.replace(' last epoch', ' in the last epoch (mean)');
  const index = indexAt(term.train, step);
  if (weight === 0 || index < 0) return text;
  const measured = `measured at step ${count(term.train!.steps[index]!)}: ${written(measuredAt(term.train, step))}`;
  return text.replace(' smoothed', ` smoothed (moving average of weight ${weight}; ${measured})`);
}

function measuredAt(curve: Curve | undefined, step: number): number {
  return curve?.values[indexAt(curve, step)] ?? NaN;
}

/** The point of a smoothed curve at a step; the first one where the step lies before. */
function drawnAt(smoothed: SmoothedCurve, step: number): { step: number; value: number } {
  const index = Math.max(0, indexAt(smoothed, step));
  return { step: smoothed.steps[index] ?? NaN, value: smoothed.values[index] ?? NaN };
}

function drawMarks(
  marks: PanelMarks,
  term: Term,
  panel: Panel,
  { step, smoothed }: Reading,
  colour: string,
  theme: Theme,
): void {
  const { box } = panel;
  const scale = scaleOf(panel);
  const left = step === null ? NaN : scale.x(step);
  const visible = left >= box.left - 1 && left <= box.left + box.width + 1;
  marks.line.hidden = !visible;
  if (visible) {
    place(marks.line, left, box.top);
    marks.line.style.height = `${box.height}px`;
  }
  const dot = (element: HTMLElement, curve: SmoothedCurve | undefined, fill: string) => {
    const at = step === null || indexAt(curve, step) < 0 ? undefined : drawnAt(curve!, step);
    const top = at ? scale.y(at.value) : NaN;
    const across = at ? scale.x(at.step) : NaN;
    element.hidden = !(visible && top >= box.top && top <= box.top + box.height && across >= box.left);
    if (element.hidden) return;
    place(element, across, top);
    element.style.backgroundColor = fill;
  };
  dot(marks.train, smoothed(term), colour);
  dot(marks.validation, term.validation, theme.foreground);
}

function place(element: HTMLElement, left: number, top: number): void {
  element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
}
