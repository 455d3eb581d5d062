/** Arcs that cannot end the process. */
import type * as Canvas from '@napi-rs/canvas';

type Context = Canvas.SKRSContext2D;

/** Whether Skia, which computes in float32, has it as a number. */
const isDrawable = (value: number) => Number.isFinite(Math.fround(value));

/**
 * Arcs and ellipses of numbers that are not finite draw nothing, as HTML has it. The canvas library aborts the whole process
 * for them, and with it the kernel and its models.
 */
export function withSafeArcs(context: Context): Context {
  const arc = context.arc.bind(context);
  const ellipse = context.ellipse.bind(context);
  context.arc = (x, y, radius, ...angles) => {
    if ([x, y, radius].every(isDrawable)) arc(x, y, radius, ...angles);
  };
  context.ellipse = (x, y, radiusX, radiusY, ...angles) => {
    if ([x, y, radiusX, radiusY].every(isDrawable)) ellipse(x, y, radiusX, radiusY, ...angles);
  };
  return context;
}
