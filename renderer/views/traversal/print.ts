/** A traversal as a file: sliders where they stand, the samples along them, the decoded one, as in the kernel's picture. */
import type { Place } from '../../../kernel/figures/marks';
import { traversalPicture } from '../../../kernel/figures/traversal/picture';
import type { TraversalPlace } from '../../../kernel/figures/traversal/picture';
import { svg } from '../../dom';
import type { TypedArray } from '../../data';
import { coloursOf, markElement } from '../../figure/marks';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { categoryColour } from '../../palette';
import { printMeasure } from '../../panels/printed';
import { imageCanvas, profilePath } from '../../samples';
import { PRINT_THEME } from '../../theme';
import type { Traversal } from './model';

/** @param large the sample that is decoded at the place */
export function printTraversal(
  { view, range }: Traversal,
  strips: Pick<Traversal, 'shape' | 'rows'>,
  place: TraversalPlace,
  large: { sample: TypedArray; shape: Traversal['shape'] },
  width: number,
): SvgImage {
  const picture = traversalPicture(view, strips.shape, place, { width, widthOf: printMeasure() });
  const colours = coloursOf(PRINT_THEME);
  const samples = picture.cells.flatMap((cell) => {
    const sample = strips.rows[cell.row]?.[cell.step];
    return sample ? sampleElements(sample, strips.shape, range, cell.place) : [];
  });
  const layers = [
    ...picture.marks.map((mark) => markElement(mark, colours)),
    ...samples,
    ...sampleElements(large.sample, large.shape, range, picture.large),
    ...picture.frames.map((mark) => markElement(mark, colours)),
  ];
  return standalone(layers, width, picture.bottom, PRINT_THEME);
}

/** A sample in a box: its pixels, or its profile. */
export function sampleElements(
  sample: ArrayLike<number>,
  shape: Traversal['shape'],
  range: [number, number],
  box: Place,
): SVGElement[] {
  if (shape.kind === 'image') {
    const href = imageCanvas(sample, shape).toDataURL('image/png');
    const image = svg('image', { ...box, href, preserveAspectRatio: 'none' });
    image.style.imageRendering = 'pixelated';
    return [image];
  }
  const inner = { x: box.x + 3, y: box.y + 3, width: box.width - 6, height: box.height - 6 };
  const stroke = categoryColour(PRINT_THEME.categories, 0);
  return [
    svg('rect', { ...box, fill: 'none', stroke: PRINT_THEME.grid }),
    svg('path', { d: profilePath(sample, range, inner), fill: 'none', stroke, 'stroke-width': 1.5 }),
  ];
}
