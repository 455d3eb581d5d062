/** The figure of a training as one picture: what the page shows in tabs stands there one below the other. */
import { fitting, wrapped, type WidthOf } from '../fitting';
import { PRINT_LOOK } from '../look';
import type { Mark } from '../marks';
import type { Panel } from '../panel/panel';
import { progressText } from '../../views/progress';
import type { LossCurvesView } from '../../views/types';
import { decodedCurves, decodedLastRun } from './curves';
import type { Decode } from './curves';
import { drawingOf, isEmpty, pagesOf, rangeNotes, USUAL_CHOICES } from './drawing';
import type { Page } from './pages/page';
import { whereText } from './reading';
import { stillPage } from './still';

export interface TrainingPicture {
  /** The pages from the top, with their panels. */
  pages: { id: Page['id']; panels: Panel[] }[];
  /** Title, key, names and headings. */
  marks: Mark[];
  notes: string[];
  /** Where the panels end: notes stand below. */
  bottom: number;
}

const MARGIN = 12;
const [TITLE, STATE, LINE, HEADING] = [20, 40, 15, 24];

export function trainingPicture(
  view: LossCurvesView,
  { decode, width, widthOf }: { decode: Decode; width: number; widthOf: WidthOf },
): TrainingPicture {
  const data = decodedCurves(view, decode);
  const drawing = drawingOf(data, decodedLastRun(view, decode), USUAL_CHOICES);
  const shown = isEmpty(data) ? [] : pagesOf(data);
  const text = { kind: 'text', x: MARGIN, fill: 'foreground' } as const;
  const where = whereText(data, null);
  const state = [progressText(data.progress), ...(where ? [where] : [])].join(' · ');
  const room = width - MARGIN;
  const states = wrapped(state, room, (part) => widthOf(part, 11, false));
  const title = fitting(view.title, room, (part) => widthOf(part, 14, true));
  const marks: Mark[] = [
    { ...text, y: TITLE, text: title, size: 14, isBold: true },
    ...states.map((line, i): Mark => ({ ...text, y: STATE + LINE * i, text: line, size: 11, fill: 'muted' })),
  ];
  const pages: TrainingPicture['pages'] = [];
  let bottom = STATE + LINE * states.length - 1;
  for (const page of shown) {
    // As the page has tabs only where there are several.
    if (shown.length > 1) {
      marks.push({ ...text, y: bottom + 12, text: page.title(data), size: 12.5, isBold: true });
      bottom += HEADING;
    }
    const still = stillPage(page, drawing, { look: PRINT_LOOK, width, top: bottom, widthOf });
    marks.push(...still.marks);
    pages.push({ id: page.id, panels: still.panels });
    bottom = still.bottom + 6;
  }
  const notes = [...(view.lastRun ? [view.lastRun.note] : []), ...view.notes, ...rangeNotes(drawing, true)];
  return { pages, marks, notes, bottom };
}
