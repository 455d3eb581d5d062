/** What a model or a network is built of, as a drawing. */
import { randomUUID } from 'node:crypto';
import { object, oneOf, optional, shapeOfAxes, takes, text } from '../../autoencoders/arguments';
import { structureOf, type NetworkEnds } from '../../autoencoders/summaries/structure/index';
import type { MimeBundle } from '../../protocol';
import * as views from '../../views/index';
import { MIME } from '../../views/index';
import { JUPYTER_DISPLAY } from './display';
import type { View } from './view';

/** How {@link diagram} draws, and where a network that is a part stands. */
export interface DiagramOptions extends NetworkEnds {
  /** Default: the model's name. */
  title?: string;
  /** The direction of the arrows. Default: the more readable one for the available width. */
  way?: 'right' | 'down';
}

/** A diagram as a cell's value, and as the text of an SVG file. */
export interface Diagram extends View<views.DiagramView> {
  /** In the colours of print, with its own size in pixels. */
  readonly svg: string;
}

/**
 * Draws what a model is built of: its networks as boxes with their layers and numbers of parameters, what is drawn at
 * random (latents, priors, likelihoods) round, codebooks as tables, and the terms of the loss where they look; arrows tell
 * the shapes of what flows. It is found by recording the terms, so that it holds for a model written in a cell too.
 *
 * ```ts
 * diagram(new VAE({ input: data.shape, latent: 2 }))
 * ```
 *
 * @param model a model; or a network: a part such as `mlp([128])` (with `from` and `to`), what `network` built, or a model
 *   of tfjs's layers
 * @throws TypeError for anything else, naming what was found
 */
export function diagram(model: object, options: DiagramOptions = {}): Diagram {
  takes('diagram', ['options', options, object()]);
  takes('diagram', ['title', options.title, optional(text)], ['way', options.way, optional(oneOf('right', 'down'))]);
  takes('diagram', ['from', options.from, optional(shapeOfAxes())], ['to', options.to, optional(shapeOfAxes())]);
  const { way, title, ...ends } = options;
  const { name, ...structure } = structureOf(model, ends);
  const all = views.diagram({ id: randomUUID(), title: title ?? name, ...structure });
  const view = way === undefined ? all : { ...all, layouts: all.layouts.filter((layout) => layout.way === way) };
  return {
    view,
    get svg() {
      return views.diagramSvg(view);
    },
    [JUPYTER_DISPLAY](): MimeBundle {
      return { ...views.bundle(MIME.diagram, view), 'image/svg+xml': views.diagramSvg(view) };
    },
  };
}
