/** Figures for a paper, from a cell: a view as PDF, SVG or PNG of a width in millimetres. */
import path from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { object, path as pathKind, takes, type Kind } from '../../autoencoders/arguments';
import * as views from '../../views/index';
import type { ViewByMime } from '../../views/index';
import type { View } from './modelViews';
import { JUPYTER_DISPLAY } from './display';

/** Options of {@link saveFigure}. */
export interface FigureOptions {
  /** Width on paper in millimetres; the height follows. Default 174, two columns; one column has about 85. */
  widthMm?: number;
  /** `grey`: categories differ in lightness, and nothing has a hue. Default `colour`. */
  colours?: 'colour' | 'grey';
}

/** What can be printed without losing its labels, and still is a page. */
const [LEAST, MOST] = [40, 400];

const FORMATS = { '.pdf': 'pdf', '.svg': 'svg', '.png': 'png' } as const;

/**
 * Saves a view as a figure for a paper, drawn as in the saved notebook and in reports. A PDF contains the glyphs that
 * it uses, an SVG has its text as paths, and a PNG has 600 dots per inch. Labels have about 7 points.
 *
 * ```ts
 * await saveFigure(await latentScatter(vae, data), 'figures/latents.pdf', { widthMm: 85 });
 * ```
 *
 * @param file the ending decides the format; missing folders are created
 * @returns the file, absolute
 * @throws TypeError for a value that is not a view, an unknown ending, or an unknown option
 */
export async function saveFigure(
  view: View<views.ViewBase>,
  file: string,
  options: FigureOptions = {},
): Promise<string> {
  takes('saveFigure', ['view', view, viewKind], ['file', file, pathKind], ['options', options, object()]);
  const { widthMm = 174, colours = 'colour' } = options;
  takes('saveFigure', ['widthMm', widthMm, widthKind], ['colours', colours, colourKind]);
  const format = FORMATS[path.extname(file).toLowerCase() as keyof typeof FORMATS];
  if (!format) throw new TypeError(`saveFigure: ${file} ends in none of ${Object.keys(FORMATS).join(', ')}.`);
  const bytes = views.figureFile(mimeOf(view)!, view.view as ViewByMime[keyof ViewByMime], {
    format,
    widthMm,
    colours,
  });
  const whole = path.resolve(file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, bytes);
  return whole;
}

function mimeOf(view: View<views.ViewBase>): keyof ViewByMime | undefined {
  const known: readonly string[] = Object.values(views.MIME);
  return Object.keys(view[JUPYTER_DISPLAY]()).find((mime) => known.includes(mime)) as keyof ViewByMime | undefined;
}

const viewKind: Kind = (value) => {
  const isView = typeof value === 'object' && value !== null && 'view' in value && JUPYTER_DISPLAY in value;
  if (isView && mimeOf(value as View<views.ViewBase>)) return undefined;
  return 'a view (latentScatter, lossCurves, reconstructions, samples, codebookHistogram, compare, check, plot, scatter, diagram, …)';
};

const widthKind: Kind = (value) =>
  typeof value === 'number' && value >= LEAST && value <= MOST ? undefined : `millimetres from ${LEAST} to ${MOST}`;

const colourKind: Kind = (value) => (value === 'colour' || value === 'grey' ? undefined : '"colour" or "grey"');
