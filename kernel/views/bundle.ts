import { anomaliesPng } from './png/anomalies';
import { codebookHistogramPng } from './png/codebookHistogram';
import { comparisonPng } from './png/comparison';
import { diagramPng } from './png/figures/diagram';
import { figurePng } from './png/figures/figure';
import { derivationChecksPng } from './png/derivationChecks';
import { latentScatterPng } from './png/scatter/latentScatter';
import { lossCurvesPng } from './png/figures/lossCurves';
import { metricsPng } from './png/metrics';
import { reconstructionsPng } from './png/reconstructions';
import { drawnWithin } from './png/canvas';
import { drawnFor, type Page } from './png/page';
import { LEAST_PICTURE_ROOM, OUTPUT_ROOM } from './pictures/room';
import { sweepPng } from './png/sweep/index';
import { traversalPng } from './png/traversal';
import { MIME } from './types';
import type { ViewByMime } from './types';

type Draw = { [M in keyof ViewByMime]: (view: ViewByMime[M]) => Buffer };

const DRAW: Draw = {
  [MIME.lossCurves]: lossCurvesPng,
  [MIME.latentScatter]: latentScatterPng,
  [MIME.reconstructions]: reconstructionsPng,
  [MIME.codebookHistogram]: codebookHistogramPng,
  [MIME.derivationChecks]: derivationChecksPng,
  [MIME.comparison]: comparisonPng,
  [MIME.traversal]: traversalPng,
  [MIME.anomalies]: anomaliesPng,
  [MIME.metrics]: metricsPng,
  [MIME.sweep]: sweepPng,
  [MIME.diagram]: diagramPng,
  [MIME.figure]: figurePng,
};

/** Bytes of a picture beside a view: in an output it is written in base64, four characters for three bytes. */
function roomBeside(view: unknown): number {
  const left = OUTPUT_ROOM - JSON.stringify(view).length;
  // Who asks for all of the data does not ask for a coarse picture of them.
  return left < 0 ? Infinity : Math.max(LEAST_PICTURE_ROOM, 0.75 * left);
}

/**
 * A view as a notebook output: the JSON for our renderer, a PNG for GitHub, JupyterLab and print, and the summary as text.
 * Draws the picture, so it is for outputs that stay; live frames carry the view alone. Where no picture can be drawn (no
 * canvas library for this platform, say) the text says why, and the view is shown all the same.
 */
export function bundle<M extends keyof ViewByMime>(mime: M, view: ViewByMime[M]): Record<string, unknown> {
  try {
    const picture = drawnWithin(roomBeside(view), () => DRAW[mime](view));
    return { [mime]: view, 'image/png': picture.toString('base64'), 'text/plain': view.summary };
  } catch (error) {
    return { [mime]: view, 'text/plain': `${view.summary} (No picture: ${(error as Error).message})` };
  }
}

/**
 * A view as a figure on paper.
 *
 * @throws Error where no picture can be drawn (no canvas library for this platform, say)
 */
export function figureFile<M extends keyof ViewByMime>(mime: M, view: ViewByMime[M], page: Page): Buffer {
  return drawnFor(page, () => DRAW[mime](view));
}
