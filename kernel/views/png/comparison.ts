import { BANDS, decodedComparison, hasSeeds, linesOf, USUAL_CHOICES } from '../../figures/comparison/data';
import { comparisonPicture } from '../../figures/comparison/picture';
import { decode } from '../encoding';
import type { ComparisonView } from '../types';
import { drawPanels } from './figures/panels';
import { pageWidth } from './page';

const WIDTH = 860;

/** Compared trainings as the live view shows them before anyone has touched it: a panel for each term. */
export function comparisonPng(view: ComparisonView): Buffer {
  const data = decodedComparison(view, decode);
  const terms = data.terms.map((term) => linesOf(data, term, USUAL_CHOICES));
  const drawing = { terms, choices: USUAL_CHOICES, unit: view.unit, zoom: {} };
  const notes = [view.summary, ...view.notes, ...(hasSeeds(terms) ? [BANDS] : [])];
  return drawPanels(pageWidth(WIDTH), (room) => ({
    ...comparisonPicture(view.title, data, drawing, room),
    notes,
  }));
}
