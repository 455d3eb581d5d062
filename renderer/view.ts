/** What a view is to the rest of the renderer. */
import type * as z from './schema';
import type { ViewBase } from '../kernel/views/types';
import type { Channel } from './channel';
import { Figure } from './figure/figure';
import { Sheet } from './figure/sheet';
import type { ViewSettings } from './settings';
import type { ThemeWatcher } from './theme';

/** Where a view is to be shown. */
export interface Surface {
  parent: HTMLElement;
  theme: ThemeWatcher;
  channel: Channel;
  settings: ViewSettings;
}

/** What a view is drawn with: a figure with title, caption, table and saving, or a sheet alone. */
export interface ViewContext<S extends Sheet = Figure> {
  figure: S;
  channel: Channel;
  settings: ViewSettings;
}

/** A drawn view, as its author writes it. */
export interface Drawn<V, C = never> {
  /** Shows other data in place: the same nodes, the reader's zoom and choices kept. */
  update(view: V): void;
  /**
   * Shows what is new, of several states in their order.
   *
   * @returns whether they all followed what is shown; else the whole view is wanted
   */
  change?(changes: C[]): boolean;
  dispose(): void;
}

/** A drawn view, as the host of outputs sees it. */
export interface OpenView {
  /** @throws InvalidView */
  update(json: unknown): void;
  /**
   * @returns whether the changes followed what is shown; else the whole view is wanted
   * @throws InvalidView
   */
  change(changes: unknown[]): boolean;
  /** Says above the drawing what went wrong; null takes it away. */
  setProblem(message: string | null): void;
  dispose(): void;
}

export interface ViewModule {
  /** @throws InvalidView when the JSON is not this view, or an error when this page cannot draw it */
  open(surface: Surface, json: unknown): Promise<OpenView>;
}

/** The JSON is not what its MIME type says. The message names the field and what was found. */
export class InvalidView extends Error {
  override name = 'InvalidView';
}

/**
 * A view in a figure.
 *
 * @param schema checks the JSON of the view
 * @param draw   draws a view into a figure; it may have to load code first
 * @param changeSchema checks the JSON of what is new in a live state of it, for views that have such
 */
export function defineView<V extends ViewBase, C = never>(
  schema: z.Schema<V>,
  draw: (context: ViewContext, view: V) => Promise<Drawn<V, C>>,
  changeSchema?: z.Schema<C>,
): ViewModule {
  return drawnOn(Figure, schema, draw, changeSchema);
}

/** A value as it is, on a sheet alone. */
export function defineValueView<V extends ViewBase>(
  schema: z.Schema<V>,
  draw: (context: ViewContext<Sheet>, view: V) => Promise<Drawn<V>>,
): ViewModule {
  return drawnOn(Sheet, schema, draw);
}

function drawnOn<V extends ViewBase, S extends Sheet, C = never>(
  Kind: new (parent: HTMLElement, watcher: ThemeWatcher) => S,
  schema: z.Schema<V>,
  draw: (context: ViewContext<S>, view: V) => Promise<Drawn<V, C>>,
  changeSchema?: z.Schema<C>,
): ViewModule {
  return {
    async open({ parent, theme, channel, settings }, json) {
      const figure = new Kind(parent, theme);
      const drawn = await guard(() => draw({ figure, channel, settings }, parse(schema, json))).catch(
        (error: unknown) => {
          figure.dispose();
          throw error;
        },
      );
      return {
        update: (next) => {
          const view = parse(schema, next);
          asInvalid(() => drawn.update(view));
        },
        change: (news) => {
          if (drawn.change === undefined || changeSchema === undefined)
            throw new InvalidView('this view does not change');
          const changes = news.map((one) => parse(changeSchema, one));
          return asInvalid(() => drawn.change!(changes));
        },
        setProblem: (message) => figure.setProblem(message),
        dispose: () => {
          drawn.dispose();
          figure.dispose();
        },
      };
    },
  };
}

export function parse<T>(schema: z.Schema<T>, json: unknown): T {
  const wrong = schema.problem(json);
  if (wrong === undefined) return json as T;
  throw new InvalidView(`${wrong.path.length === 0 ? 'the object' : wrong.path.join('.')}: ${wrong.message}`);
}

/** Arrays whose bytes do not fit their shapes show up as range errors while drawing. */
function asInvalid<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw translate(error);
  }
}

async function guard<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
  return error instanceof RangeError ? new InvalidView(error.message, { cause: error }) : error;
}
