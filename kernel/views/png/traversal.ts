import { printColours } from '../../figures/colours';
import { traversalPicture } from '../../figures/traversal/picture';
import { spanOf } from '../../figures/span';
import type { Place } from '../../figures/marks';
import { traversalNotes } from '../../figures/traversal/places';
import { besideEachOther, layoutShape } from '../pictures/layouts';
import { splitSamples } from '../samples';
import type { TraversalView } from '../types';
import { drawPng, measureWith } from './canvas';
import { drawNotes, noteLines, notesHeight, widthIn } from './figures/notes';
import { paintMarks } from './figures/paintMarks';
import { pageWidth } from './page';
import { drawSample } from './samples';

const WIDTH = 920;
/** More would make a picture that nobody looks at to its end. */
const MOST_ROWS = 40;

/** A traversal as the live view shows it before a slider was moved. */
export function traversalPng(view: TraversalView): Buffer {
  const width = pageWidth(WIDTH);
  const shown = { ...view, dimensions: view.dimensions.slice(0, MOST_ROWS) };
  const shape = layoutShape(view.sampleShape, view.layout);
  const place = { z: view.anchors[0]!.z, anchor: 0, source: '' };
  const { marks, cells, large, frames, bottom } = measureWith((context) =>
    traversalPicture(shown, shape, place, { width, widthOf: widthIn(context) }),
  );
  const inRow = (sample: ArrayLike<number>) => {
    const { sampleShape, layout } = view;
    const isStrip = layout?.kind === 'frames' && sampleShape.kind === 'image';
    return isStrip ? besideEachOther(sample, sampleShape, layout.count) : sample;
  };
  const samples = splitSamples(view.samples);
  const [middle] = splitSamples(view.middle);
  const range = view.sampleShape.kind === 'vector' ? spanOf(...samples, ...(middle ? [middle] : [])) : [0, 255];
  const lines = noteLines(traversalNotes(shown), width);
  return drawPng(width, Math.ceil(bottom + notesHeight(lines)), (context) => {
    const draw = (sample: ArrayLike<number>, at: Place) =>
      drawSample(context, inRow(sample), shape, range as [number, number], at);
    paintMarks(context, marks, printColours);
    for (const cell of cells) draw(samples[cell.row * view.steps + cell.step]!, cell.place);
    if (middle) draw(middle, large);
    paintMarks(context, frames, printColours);
    drawNotes(context, lines, bottom);
  });
}
