/** A view as a cell's value. */
import type { MimeBundle } from '../../protocol';
import * as views from '../../views/index';
import { JUPYTER_DISPLAY } from './display';

/** Shown where it is the last expression, or by `display`. */
export interface View<T> {
  /** What the renderers draw, as plain data. */
  readonly view: T;
  [JUPYTER_DISPLAY](): MimeBundle;
}

export function viewOf<M extends keyof views.ViewByMime>(
  mime: M,
  view: views.ViewByMime[M],
): View<views.ViewByMime[M]> {
  return { view, [JUPYTER_DISPLAY]: () => views.bundle(mime, view) };
}
