/** The key above the panels: what each kind of line is, and where the cursor stands. */
import { h, setText, svg } from '../../dom';
import { withAlpha } from '../../colours';
import { count, quantity } from '../../numbers';
import { categoryColour } from '../../palette';
import type { Theme } from '../../theme';
import { epochOf } from '../../../kernel/views/progress';
import { indexAt } from './curves';
import type { LossData } from './curves';
import { lastRunColour, SCHEDULE_DASHES } from './spec';
import type { Drawing } from './spec';

export interface KeyEntry {
  text: string;
  colour: string;
  width: number;
  dash?: string;
  marker?: boolean;
}

export function keyEntries({ data, choices, lastRun }: Drawing, theme: Theme): KeyEntry[] {
  const colour = categoryColour(theme.categories, 0);
  const entries: KeyEntry[] = [];
  if (data.terms.some((term) => term.train !== undefined)) {
    if (choices.smoothing > 0) {
      entries.push({ text: 'training, smoothed', colour, width: 2 });
      entries.push({ text: 'each step', colour: withAlpha(colour, theme.dark ? 0.5 : 0.4), width: 3 });
    } else {
      entries.push({ text: 'training, each step', colour, width: 1 });
    }
  }
  if (data.terms.some((term) => term.validation !== undefined)) {
    entries.push({ text: 'validation', colour: theme.foreground, width: 1.25, marker: true });
  }
  if (data.terms.some(({ name }) => lastRun.has(name)))
    entries.push({ text: 'last run', colour: lastRunColour(theme), width: 2 });
  data.schedules.forEach(({ name }, i) => {
    const dash = SCHEDULE_DASHES[i % SCHEDULE_DASHES.length]!.join(' ');
    entries.push({ text: `${name} (right axis)`, colour: theme.muted, width: 1.25, dash });
  });
  return entries;
}

export class Key {
  private readonly where = h('li', { class: 'where' });
  readonly element = h('ul', { class: 'key' }, this.where);
  private shown = '';

  render(entries: KeyEntry[], where: string): void {
    const state = JSON.stringify(entries);
    if (state !== this.shown) {
      this.shown = state;
      this.element.replaceChildren(...entries.map((entry) => h('li', {}, swatch(entry), entry.text)), this.where);
    }
    setText(this.where, where);
  }
}

function swatch({ colour, width, dash, marker }: KeyEntry): SVGSVGElement {
  const line = svg('line', { x1: 0, y1: 5, x2: 22, y2: 5, stroke: colour, 'stroke-width': width });
  if (dash !== undefined) line.setAttribute('stroke-dasharray', dash);
  const drawing = svg('svg', { width: 22, height: 10, 'aria-hidden': 'true' }, line);
  if (marker) {
    const circle = { cx: 11, cy: 5, r: 2.5, stroke: colour, 'stroke-width': width, fill: 'var(--ll-background)' };
    drawing.append(svg('circle', circle));
  }
  return drawing;
}

/** `step 210 · epoch 3 · β 0.4` */
export function whereText(data: LossData, step: number | null): string {
  const at = step ?? data.lastStep;
  if (at === 0) return data.progress.state === 'running' ? 'no step yet' : 'no step was taken';
  const schedules = data.schedules.map((schedule) => {
    const index = indexAt(schedule, at);
    return index < 0 ? '' : ` · ${schedule.name} ${quantity(schedule.values[index]!)}`;
  });
  return `step ${count(at)} · epoch ${count(epochOf(at, data.stepsPerEpoch, data.progress))}${schedules.join('')}`;
}
