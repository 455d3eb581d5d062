/** What a view is to the rest of the renderer. */
import * as z from 'zod/mini';
import type { ViewBase } from '../kernel/views/types';
import type { Channel } from './channel';
import type { Figure } from './figure/figure';
import type { ViewSettings } from './settings';

export interface ViewContext {
  figure: Figure;
  channel: Channel;
  settings: ViewSettings;
}

/** A drawn view, as its author writes it. */
export interface Drawn<V> {
  /** Shows other data in place: the same nodes, the reader's zoom and choices kept. */
  update(view: V): void;
  dispose(): void;
}

/** A drawn view, as the host of outputs sees it. */
export interface OpenView {
  /** @throws InvalidView */
  update(json: unknown): void;
  dispose(): void;
}

export interface ViewModule {
  /** @throws InvalidView when the JSON is not this view, or an error when this page cannot draw it */
  open(context: ViewContext, json: unknown): Promise<OpenView>;
}

/** The JSON is not what its MIME type says. The message names the field and what was found. */
export class InvalidView extends Error {
  override name = 'InvalidView';
}

/**
 * @param schema checks the JSON of the view
 * @param draw   draws a view into a figure; it may have to load code first
 */
export function defineView<V extends ViewBase>(
  schema: z.ZodMiniType<V>,
  draw: (context: ViewContext, view: V) => Promise<Drawn<V>>,
): ViewModule {
  return {
    async open(context, json) {
      const drawn = await guard(() => draw(context, parse(schema, json)));
      return {
        update: (next) => {
          const view = parse(schema, next);
          asInvalid(() => drawn.update(view));
        },
        dispose: () => drawn.dispose(),
      };
    },
  };
}

export function parse<T>(schema: z.ZodMiniType<T>, json: unknown): T {
  const result = z.safeParse(schema, json);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  const where = first === undefined || first.path.length === 0 ? 'the object' : first.path.join('.');
  throw new InvalidView(`${where}: ${first?.message ?? 'not as described'}`);
}

/** Arrays whose bytes do not fit their shapes show up as range errors while drawing. */
function asInvalid(action: () => void): void {
  try {
    action();
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
