/** A latent scatter as a picture: the plane, beside it a decoded sample and the legend, below it the decoder's grid. */
import type { LatentScatterView, SampleShape } from '../../views/types';
import { fitting, wrapped, type WidthOf } from '../fitting';
import type { Mark } from '../marks';
import type { Box } from '../panel/panel';
import { gridLines, planeAxes } from './axes';
import { boxMarks } from './boxMarks';
import { crowdIn, crowdOf, isMany } from './crowd';
import type { ScatterData } from './data';
import { groupsOf } from './legend';
import { legendMarks } from './legendMarks';
import { nearestCell } from './mosaic';
import { captionOf, planeNotes } from './notes';
import { countOutside, extentOf, fitPlane } from './plane';
import type { Plane } from './plane';
import { pointRadius } from './points';
import { roomFor, UNDER } from './room';
import { cellLines, LEAST_HEIGHT, sampleSize } from './sample';
import { scaleMarks } from './scaleMarks';

export interface PlanePart {
  plane: Plane;
  /** The points, or in their place what the decoder makes of each region. */
  shows: 'points' | 'grid';
  /** What lies behind and before it. */
  behind: Mark[];
  before: Mark[];
  /** Whether these end at the edges of the plane. */
  isCut: boolean;
}

export interface ScatterPicture {
  /** Title, heading, legend or scale, and the words of the sample. */
  marks: Mark[];
  planes: PlanePart[];
  sample: { values: ArrayLike<number>; shape: SampleShape; box: Box } | null;
  /** Points of a square CSS pixel where they are most; 0: each is drawn. */
  crowd: number;
  notes: string[];
  bottom: number;
}

const [MARGIN, TITLE, TOP] = [12, 20, 30];
const HEADING = { above: 20, height: 26 };
/** Between the parts of the column. */
const GAP = 12;
/** Lines of words. */
const [LINE, WORDS] = [17.4, 12];

/** @param view the heading's and the caption's */
export function scatterPicture(
  { title, totalPoints }: Pick<LatentScatterView, 'title' | 'totalPoints'>,
  data: ScatterData,
  { width, widthOf }: { width: number; widthOf: WidthOf },
): ScatterPicture {
  const { coordinates, space, d, n } = data;
  const room = roomFor(width, d > 1);
  const extent = extentOf(space.extent?.([0, 1]) ?? coordinates, space.isEqual);
  const shifted = (by: number): Box => ({ ...room.area, top: room.area.top + by });
  const plane = fitPlane(extent, shifted(TOP), space.isEqual);
  const heading = fitting(title, width - 2 * MARGIN, (part) => widthOf(part, 14, true));
  const text = { kind: 'text', x: MARGIN, fill: 'foreground', isBold: true } as const;
  const marks: Mark[] = [{ ...text, y: TITLE, text: heading, size: 14 }];
  const planes: PlanePart[] = [framed(plane, data, 'points')];
  const foot = TOP + room.stage.height;
  const column = { ...room.aside, top: TOP + room.aside.top, foot, isUnder: room.isNarrow, side: room.side };
  const aside = asideOf(data, column, widthOf);
  marks.push(...aside.marks);
  let bottom = Math.max(foot, aside.bottom);
  if (data.grid && data.isOfGrid) {
    marks.push({ ...text, y: bottom + HEADING.above, text: 'Decoder mean over the plane', size: 12.5 });
    bottom += HEADING.height;
    planes.push(framed(fitPlane(extent, shifted(bottom), space.isEqual), data, 'grid'));
    bottom += room.stage.height;
  }
  const crowd = isMany(n) ? crowdIn(crowdOf(finite(coordinates)), plane, pointRadius(n)) : 0;
  const about = { d, space, outliers: countOutside(coordinates, extent), isDensity: crowd > 0 };
  const notes = [captionOf(data, totalPoints), ...planeNotes(about, true)];
  return { marks, planes, sample: aside.sample, crowd, notes, bottom };
}

/** Coordinates of the points that have both. */
function finite(coordinates: Float32Array): Float32Array {
  return coordinates.filter((_, k) => Number.isFinite(coordinates[k & ~1]! + coordinates[k | 1]!));
}

function framed(plane: Plane, { space, names }: ScatterData, shows: PlanePart['shows']): PlanePart {
  if (space.solid) return { plane, shows, ...boxMarks(plane, space.solid), isCut: true };
  const [behind, before] = [gridLines(plane, names[1] !== null), planeAxes(plane, names)];
  return { plane, shows, behind, before, isCut: false };
}

interface Column {
  left: number;
  top: number;
  width: number;
  /** That of the plane. */
  foot: number;
  /** Whether it is under the plane: its parts then stand beside each other where they have room. */
  isUnder: boolean;
  /** That of the sample's square. */
  side: number;
}

function asideOf(data: ScatterData, column: Column, widthOf: WidthOf) {
  const { left, top, width, foot, isUnder } = column;
  const first = sampleAtFirst(data, column, widthOf);
  const groups = groupsOf(data.colouring);
  const place = { left, top, width };
  if (first) {
    const isBeside = isUnder && width - first.width - UNDER.gap >= UNDER.legend;
    if (isBeside) {
      place.left += first.width + UNDER.gap;
      place.width -= first.width + UNDER.gap;
    } else place.top = first.bottom + (isUnder ? UNDER.gap : GAP);
  }
  const legend =
    data.colouring.kind === 'scale'
      ? scaleMarks(data.colouring, place, widthOf)
      : legendMarks(groups, { ...place, height: isUnder ? 0 : foot - place.top }, widthOf);
  return {
    marks: [...(first?.marks ?? []), ...legend.marks],
    sample: first && { values: first.values, shape: data.shape, box: first.box },
    bottom: Math.max(first?.bottom ?? 0, place.top + legend.height),
  };
}

/** The middle of the saved grid, decoded, with what it is below. */
function sampleAtFirst(
  { grid, shape, d, dimensions }: ScatterData,
  { left, top, width, side }: Column,
  widthOf: WidthOf,
) {
  if (!grid) return null;
  const { z, sample: values } = nearestCell(
    grid,
    Array.from({ length: d }, () => 0),
  );
  const size = sampleSize(shape, side);
  const measure = (text: string) => widthOf(text, WORDS, false);
  const said = [
    ...cellLines(z, dimensions).map((text) => ({ text, fill: 'foreground' as const })),
    { text: 'saved grid', fill: 'muted' as const },
  ].flatMap(({ text, fill }) => wrapped(text, width, measure).map((line) => ({ line, fill })));
  const below = top + Math.max(LEAST_HEIGHT, size.height) + 6;
  return {
    ...{ values, box: { left, top, ...size } },
    width: Math.max(size.width, ...said.map(({ line }) => measure(line))),
    marks: said.map(({ line, fill }, i): Mark => ({ kind: 'text', x: left, y: below + 12.5 + LINE * i, text: line, size: WORDS, fill })), // prettier-ignore
    bottom: below + LINE * said.length + 2,
  };
}
