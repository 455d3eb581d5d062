/** The cursor that all panels share: a line at one step, a dot on each curve, and the values in the panels' names. */
import { h, setText } from '../../dom';
import { scaleOf } from '../../panels/panel';
import type { Panel } from '../../panels/panel';
import { indexAt } from '../../../kernel/figures/training/curves';
import type { PanelText } from '../../../kernel/figures/training/pages/page';
import { drawnAt, readingsOf } from '../../../kernel/figures/training/reading';

interface PanelMarks {
  label: HTMLElement;
  name: HTMLElement;
  colour: string;
  reading: HTMLElement;
  /** Pixels that the label has. */
  room: number;
  line: HTMLElement;
  dots: HTMLElement[];
}

/** Dots that a panel can have: of a term its training and its validation, of a stack one a term. */
const MOST_DOTS = 8;

export class CursorLayer {
  readonly element = h('div', { class: 'overlay', 'aria-hidden': 'true' });
  private panels: PanelMarks[] = [];

  render(texts: readonly PanelText[], panels: readonly Panel[], step: number | null): void {
    this.ensurePanels(texts.length);
    texts.forEach((text, i) => {
      const { name, colour, title, dots } = text;
      const marks = this.panels[i]!;
      const panel = panels[i]!;
      setText(marks.name, name);
      if (marks.colour !== colour) marks.name.style.setProperty('--colour', (marks.colour = colour));
      place(marks.label, panel.box.left, panel.box.top - 20);
      const room = panel.box.width + 8;
      if (marks.room !== room) {
        marks.room = room;
        marks.label.style.maxWidth = `${room}px`;
        marks.label.style.setProperty('--room', `${room}px`);
      }
      const readings = readingsOf(text);
      setText(marks.reading, readings.find((one) => fits(name, one, room)) ?? readings.at(-1)!);
      marks.label.title = `${name}: ${title}`;
      drawMarks(marks, panel, dots, step);
    });
  }

  private ensurePanels(count: number): void {
    if (this.panels.length === count) return;
    this.panels = Array.from({ length: count }, () => {
      const name = h('b');
      const reading = h('span', { class: 'reading' });
      return {
        ...{ name, colour: '', room: NaN, reading, label: h('div', { class: 'panel-name' }, name, reading) },
        ...{ line: h('div', { class: 'cursor-line' }), dots: [] },
      };
    });
    this.element.replaceChildren(...this.panels.flatMap(({ label, line }) => [label, line]));
  }
}

/** By how wide letters are about: to measure each state of a training would cost it a layout. */
function fits(name: string, reading: string, room: number): boolean {
  return 28 + 7.4 * name.length + 7 * reading.length <= room;
}

function drawMarks(marks: PanelMarks, panel: Panel, dots: PanelText['dots'], step: number | null): void {
  const { box } = panel;
  const scale = scaleOf(panel);
  const left = step === null ? NaN : scale.x(step);
  const visible = left >= box.left - 1 && left <= box.left + box.width + 1;
  marks.line.hidden = !visible;
  if (visible) {
    place(marks.line, left, box.top);
    marks.line.style.height = `${box.height}px`;
  }
  const shown = dots.slice(0, MOST_DOTS);
  while (marks.dots.length < shown.length) {
    const dot = h('div', { class: 'dot' });
    marks.line.parentElement!.append(dot);
    marks.dots.push(dot);
  }
  marks.dots.forEach((element, i) => {
    const { curve, colour } = shown[i] ?? {};
    const at = step === null || indexAt(curve, step) < 0 ? undefined : drawnAt(curve!, step);
    const top = at ? scale.y(at.value) : NaN;
    const across = at ? scale.x(at.step) : NaN;
    element.hidden = !(visible && top >= box.top && top <= box.top + box.height && across >= box.left);
    if (element.hidden) return;
    place(element, across, top);
    element.style.backgroundColor = colour!;
  });
}

function place(element: HTMLElement, left: number, top: number): void {
  element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
}
