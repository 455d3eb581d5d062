/** What is drawn of a training, and where its panels lie: one rule for pages, pictures and files. */
import { arrange, arrangeGrid } from '../panel/arrangement';
import type { Arrangement } from '../panel/arrangement';
import type { Zoom } from '../panel/panel';
import { smoothedCurve, WEIGHT } from '../../views/smoothing';
import { quantity } from '../../views/wording';
import type { DecodedLastRun, LossData, Term } from './curves';
import { PAGES } from './pages';
import type { Choices, Drawing, Page } from './pages/page';
import { canBeLog, valueRange } from './ranges';

/** What a reader finds who has chosen nothing. */
export const USUAL_CHOICES: Choices = { smoothing: WEIGHT, log: false, full: false, lastRun: true };

/** Those that have something to show of a training. */
export function pagesOf(data: LossData): readonly Page[] {
  return PAGES.filter((page, i) => i === 0 || page.count(data) > 0);
}

/** @param lastRun empty where it is not drawn */
export function drawingOf(data: LossData, lastRun: DecodedLastRun, choices: Choices, zoom: Zoom = {}): Drawing {
  const trained = data.terms.filter((term) => term.train !== undefined);
  const smoothed = new Map(trained.map((term) => [term, smoothedCurve(term.train!, choices.smoothing)]));
  const ranges = data.terms.map((term) => {
    const log = choices.log && canBeLog(term);
    return { ...valueRange(term, choices.full, log, lastRun.get(term.name)), log };
  });
  return { data, choices, smoothed, ranges, lastRun, zoom };
}

/** Value axes with long labels get more room. */
export function arrangementOf(page: Page, drawing: Drawing, width: number): Arrangement {
  const count = page.count(drawing.data);
  const place = (longest?: number) =>
    page.layout === 'grid'
      ? arrangeGrid(count, width, longest)
      : arrange(count, width, page.hasRightAxis(drawing.data), longest);
  return place(page.longestLabel(drawing, place().boxes));
}

/** Whether there is no curve to draw, and none will come: an empty grid would promise curves that do not come. */
export function isEmpty({ terms, lastStep, progress }: LossData): boolean {
  if (terms.length === 0) return true;
  return lastStep === 0 && progress.state !== 'running';
}

/**
 * What the axes of the terms leave out, or cannot show.
 *
 * @param isStill whether the reader cannot ask for more: then it is said how high the curves go
 */
export function rangeNotes({ data, ranges, choices }: Drawing, isStill: boolean): string[] {
  const notes: string[] = [];
  const clipped = data.terms.filter((_, i) => ranges[i]!.clipped);
  if (clipped.length > 0) {
    const peak = ({ train }: Term) => ` (up to ${quantity(greatest(train!.values))})`;
    const names = clipped.map((term) => `${term.name}${isStill ? peak(term) : ''}`).join(', ');
    notes.push(
      `The highest 5 % of the steps of ${names} lie above the axis${isStill ? '.' : '; “Full range” shows them.'}`,
    );
  }
  const linear = data.terms.filter((term) => !canBeLog(term)).map(({ name }) => name);
  if (choices.log && linear.length > 0) notes.push(`${linear.join(', ')}: linear axis, there are values ≤ 0.`);
  return notes;
}

function greatest(values: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > most) most = values[i]!;
  return most;
}
