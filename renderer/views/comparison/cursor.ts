/** The cursor that all panels share: a line at one place, a dot on each curve, and a card with the values of a term. */
import { BesidePlace } from '../../besidePlace';
import { h, setText } from '../../dom';
import { categoryColour } from '../../palette';
import { scaleOf } from '../../panels/panel';
import type { Panel } from '../../panels/panel';
import type { Theme } from '../../theme';
import { readingsAt, runsText, valueText } from './reading';
import type { GroupReading } from './reading';
import type { GroupLine } from '../../../kernel/figures/comparison/data';

const GAP = 12;

export interface CursorState {
  at: number | null;
  /** The panel whose values the card has. */
  panel: number;
  /** `total, step 1,200` */
  heading: string;
  groups: readonly string[];
}

export class ReadingLayer {
  private readonly marks = h('div');
  private readonly heading = h('b');
  private readonly rows = h('div');
  private readonly card = h('div', { class: 'card' }, this.heading, this.rows);
  readonly element = h('div', { class: 'overlay', 'aria-hidden': 'true' }, this.marks, this.card);
  private readonly place = new BesidePlace(this.card, this.element);

  render(lines: readonly (readonly GroupLine[])[], panels: readonly Panel[], state: CursorState, theme: Theme): void {
    const { at, panel: chosen } = state;
    const isShown = (panel: Panel) => at !== null && at >= panel.x.range[0] && at <= panel.x.range[1];
    this.marks.replaceChildren(
      ...panels.flatMap((panel, i) => (isShown(panel) ? marksOf(panel, lines[i] ?? [], at!, theme) : [])),
    );
    const panel = panels[chosen];
    const readings = panel && isShown(panel) ? readingsAt(lines[chosen] ?? [], at!) : [];
    this.card.hidden = readings.length === 0;
    if (!panel || readings.length === 0) return;
    setText(this.heading, state.heading);
    this.rows.replaceChildren(...readings.flatMap((one) => rowsOf(one, state.groups, theme)));
    const left = scaleOf(panel).x(at!);
    const { box } = panel;
    // Beside the line, on the side that has room.
    this.place.put(({ width }, room) => {
      const isRight = left + GAP + width <= Math.max(box.left + box.width, room.width);
      return [isRight ? left + GAP : Math.max(0, left - GAP - width), box.top + 6];
    });
  }
}

function rowsOf(reading: GroupReading, groups: readonly string[], theme: Theme): HTMLElement[] {
  const swatch = h('i', { class: reading.split === 'train' ? 'swatch' : 'swatch dotted' });
  swatch.style.setProperty('--colour', categoryColour(theme.categories, reading.group));
  const name = `${groups[reading.group]!}${reading.split === 'validation' ? ', validation' : ''}`;
  const row = h('div', { class: 'row' }, swatch, h('span', {}, name), h('span', {}, valueText(reading)));
  if (reading.runs.length === 0) return [row];
  return [row, h('div', { class: 'row runs' }, `runs ${runsText(reading)}`)];
}

function marksOf(panel: Panel, lines: readonly GroupLine[], at: number, theme: Theme): HTMLElement[] {
  const { box } = panel;
  const scale = scaleOf(panel);
  const left = scale.x(at);
  const line = h('div', { class: 'cursor-line' });
  move(line, left, box.top);
  line.style.height = `${box.height}px`;
  const dots = readingsAt(lines, at).flatMap(({ group, value }) => {
    const top = scale.y(value);
    if (!(top >= box.top && top <= box.top + box.height)) return [];
    const dot = h('div', { class: 'dot' });
    move(dot, left, top);
    dot.style.backgroundColor = categoryColour(theme.categories, group);
    return [dot];
  });
  return [line, ...dots];
}

function move(element: HTMLElement, left: number, top: number): void {
  element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
}
