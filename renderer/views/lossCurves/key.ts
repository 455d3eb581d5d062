/** The key above the panels: what each kind of line is; and where the cursor stands. */
import { h, setText, svg } from '../../dom';
import { count, quantity } from '../../numbers';
import { epochOf } from '../../../kernel/views/progress';
import { indexAt } from './curves';
import type { LossData } from './curves';

export interface KeyEntry {
  text: string;
  colour: string;
  width: number;
  dash?: string;
  marker?: boolean;
  /** Colours of a scale, from its least to its greatest value, instead of a line. */
  scale?: readonly string[];
  /** Whether an area is meant, not a line. */
  area?: boolean;
}

export class Key {
  /** Where the cursor stands: beside how far the training has come. */
  readonly where = h('span', { class: 'where' });
  readonly element = h('ul', { class: 'key' });
  private shown = '';

  render(entries: KeyEntry[], where: string): void {
    const state = JSON.stringify(entries);
    if (state !== this.shown) {
      this.shown = state;
      this.element.replaceChildren(
        ...entries.map((entry) => h('li', {}, ...(entry.scale || entry.width > 0 ? [swatch(entry)] : []), entry.text)),
      );
    }
    setText(this.where, where);
  }
}

export const SWATCH = 22;

/** What stands before the text of an entry, its foot at 10 pixels. */
export function swatchMarks({ colour, width, dash, marker, scale, area }: KeyEntry, background: string): SVGElement[] {
  if (scale) {
    const part = SWATCH / scale.length;
    return scale.map((fill, i) => svg('rect', { x: i * part, y: 0, width: part + 0.5, height: 10, fill }));
  }
  if (width === 0) return [];
  if (area) return [svg('rect', { x: 0, y: 0, width: SWATCH, height: 10, fill: colour })];
  const line = svg('line', { x1: 0, y1: 5, x2: SWATCH, y2: 5, stroke: colour, 'stroke-width': width });
  if (dash !== undefined) line.setAttribute('stroke-dasharray', dash);
  const ring = { cx: SWATCH / 2, cy: 5, r: 2.5, stroke: colour, 'stroke-width': width, fill: background };
  return marker ? [line, svg('circle', ring)] : [line];
}

function swatch(entry: KeyEntry): SVGSVGElement {
  const marks = swatchMarks(entry, 'var(--ll-background)');
  return svg('svg', { width: SWATCH, height: 10, 'aria-hidden': 'true' }, ...marks);
}

/** `step 210 · epoch 3 · β 0.4`; without a cursor `β 1`: how far the training has come stands above. */
export function whereText(data: LossData, step: number | null): string {
  const at = step ?? data.lastStep;
  if (at === 0) return data.progress.state === 'running' ? 'no step yet' : 'no step was taken';
  const schedules = data.schedules.map((schedule) => {
    const index = indexAt(schedule, at);
    return index < 0 ? [] : [`${schedule.name} ${quantity(schedule.values[index]!)}`];
  });
  if (step === null) return schedules.flat().join(' · ');
  const epoch = epochOf(at, data.stepsPerEpoch, data.progress);
  return [`step ${count(at)}`, `epoch ${count(epoch)}`, ...schedules.flat()].join(' · ');
}
