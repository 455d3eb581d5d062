/** A codebook as one picture: what the page shows in tabs stands there one below the other. */
import { fitting, type WidthOf } from '../fitting';
import { PRINT_LOOK } from '../look';
import type { Mark, Place } from '../marks';
import type { Panel } from '../panel/panel';
import type { CodeMaps, CodebookHistogramView } from '../../views/types';
import type { Decode } from '../training/curves';
import { IN_PANELS, partsOf, readCodebook, USUAL_CHOICES, usedText } from './codebook';
import type { Drawing, Part } from './parts/part';
import { deadCodesText, perplexityText, type Usage } from './usage';

export interface StillPart {
  panels: Panel[];
  marks: Mark[];
  bottom: number;
}

export interface CodebookPicture extends StillPart {
  /** Where the images of the code maps lie, by their index. */
  images: Place[];
  /** Above the images: the cells that have a code each. */
  cells: Mark[];
  notes: string[];
}

const [MARGIN, TITLE, FACTS, HEADING] = [12, 20, 38, 26];
const AXES = 46;
const UNNAMED = 14;

/** Title and numbers above all parts. */
export function codebookHead(title: string, usage: Usage, width: number, widthOf: WidthOf) {
  const cut = (text: string, size: number, isBold: boolean) =>
    fitting(text, width - MARGIN, (part) => widthOf(part, size, isBold));
  const text = { kind: 'text', x: MARGIN } as const;
  const facts = `Perplexity ${perplexityText(usage)} · used ${usedText(usage)}`;
  const marks: Mark[] = [
    { ...text, y: TITLE, text: cut(title, 14, true), size: 14, fill: 'foreground', isBold: true },
    { ...text, y: FACTS, text: cut(facts, 11, false), size: 11, fill: 'muted' },
  ];
  return { marks, bottom: FACTS + 10 };
}

export function stillPart(part: Part, drawing: Drawing, top: number, widthOf: WidthOf): StillPart {
  const panels = part.panels(drawing, top);
  const marks = part.names(drawing).map(({ box, text }): Mark => {
    const room = drawing.width - box.left;
    const name = fitting(text, room, (some) => widthOf(some, 12, true));
    return { kind: 'text', x: box.left, y: box.top + top - 9, text: name, size: 12, fill: 'foreground', isBold: true };
  });
  return { panels, marks, bottom: Math.max(...panels.map(({ box }) => box.top + box.height)) + AXES };
}

export function codebookPicture(
  view: CodebookHistogramView,
  { decode, width, widthOf }: { decode: Decode; width: number; widthOf: WidthOf },
): CodebookPicture {
  const data = readCodebook(view, decode);
  const drawing: Drawing = { data, choices: USUAL_CHOICES, zoom: {}, look: PRINT_LOOK, width, code: null };
  const { marks, bottom } = codebookHead(view.title, data.usage, width, widthOf);
  const picture: CodebookPicture = { panels: [], marks, bottom, images: [], cells: [], notes: [deadCodesText(data.usage)] }; // prettier-ignore
  const parts = partsOf(view, data);
  for (const { id, title } of parts) {
    // As the page has tabs only where there are several.
    if (parts.length > 1) {
      const heading = { kind: 'text', x: MARGIN, y: picture.bottom + 14, size: 12.5, fill: 'foreground' } as const;
      picture.marks.push({ ...heading, text: title, isBold: true });
      picture.bottom += HEADING;
    }
    if (id === 'maps') {
      const maps = mapsIn(view.maps!, picture.bottom, width);
      Object.assign(picture, maps);
      continue;
    }
    const part = IN_PANELS[id];
    // Nothing stands above panels that have no names.
    const top = picture.bottom - (part.names(drawing).length > 0 ? 0 : UNNAMED);
    const still = stillPart(part, drawing, top, widthOf);
    picture.panels.push(...still.panels);
    picture.marks.push(...still.marks);
    picture.bottom = still.bottom;
  }
  return picture;
}

const MAP = { least: 110, most: 190, gap: 12 };

/** The images in even rows, with the borders of their cells. */
function mapsIn({ shape, samples, grid: [rows, columns] }: CodeMaps, top: number, width: number) {
  const room = width - 2 * MARGIN;
  const count = samples.shape[0] ?? 0;
  const fitting = Math.max(1, Math.min(count, Math.floor((room + MAP.gap) / (MAP.least + MAP.gap))));
  const each = Math.min(MAP.most, (room + MAP.gap) / fitting - MAP.gap);
  const height = (each * shape.height) / shape.width;
  const images = Array.from({ length: count }, (_, i): Place => {
    const x = MARGIN + (i % fitting) * ((room + MAP.gap) / fitting);
    return { x, y: top + 4 + Math.floor(i / fitting) * (height + MAP.gap), width: each, height };
  });
  const cells = images.flatMap(({ x, y }) => {
    const line = (x1: number, y1: number, x2: number, y2: number): Mark => {
      return { kind: 'path', points: [[x1, y1], [x2, y2]], stroke: 'rgba(138, 138, 138, 0.35)' }; // prettier-ignore
    };
    const across = (k: number) => x + (k * each) / columns;
    const down = (k: number) => y + (k * height) / rows;
    return [
      ...Array.from({ length: columns - 1 }, (_, k) => line(across(k + 1), y, across(k + 1), y + height)),
      ...Array.from({ length: rows - 1 }, (_, k) => line(x, down(k + 1), x + each, down(k + 1))),
    ];
  });
  return { images, cells, bottom: top + 4 + Math.ceil(count / fitting) * (height + MAP.gap) + 4 };
}
