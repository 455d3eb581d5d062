import { trainingPicture } from '../../../figures/training/picture';
import { decode } from '../../encoding';
import type { LossCurvesView } from '../../types';
import { pageWidth } from '../page';
import { drawPanels } from './panels';

const WIDTH = 860;

/** A training as the live view shows it before anyone has touched it: the same panels, curves, keys and axes. */
export function lossCurvesPng(view: LossCurvesView): Buffer {
  return drawPanels(pageWidth(WIDTH), (room) => {
    const { pages, ...picture } = trainingPicture(view, { decode, ...room });
    return { ...picture, panels: pages.flatMap(({ panels }) => panels) };
  });
}
