/** The scale of differences to the right of the samples: a bar of colours, or which line is which. */
import { quantity } from '../../views/wording';
import type { ColourRole, Mark, Place, TextMark } from '../marks';

/** Pixels on the right of the samples that it takes. */
export const SCALE_WIDTH = 76;
/** Pixels below its bar for what it measures. */
const MEANING = 34;
const STEPS = 48;

/** @param right of the samples; `top` and `foot` are theirs too */
export function scaleBeside(right: number, top: number, foot: number): Place {
  // Its three numbers need room of their own.
  return { x: right + 16, y: top, width: 10, height: Math.max(44, Math.min(160, foot - top)) };
}

/** Where all of it ends. */
export const footOf = ({ y, height }: Place) => y + height + MEANING;

export interface ColourScale {
  /** From −limit to limit. */
  limit: number;
  unit?: string;
  /** The colour of a share from −1 to 1. */
  colourOf(share: number): ColourRole;
}

export function colourScaleMarks({ x, y, width, height }: Place, { limit, unit = '', colourOf }: ColourScale): Mark[] {
  const cells = Array.from({ length: STEPS }, (_, i): Mark => {
    const fill = colourOf(1 - (2 * (i + 0.5)) / STEPS);
    const step = height / STEPS;
    // A little higher than its place, so that no line is seen between two.
    return { kind: 'rect', x, y: y + i * step, width, height: step + (i < STEPS - 1 ? 0.5 : 0), fill };
  });
  const right = x + width + 5;
  const texts = [
    small(`+${quantity(limit)}${unit}`, right, y + 9),
    small('0', right, y + height / 2 + 3.5),
    small(`−${quantity(limit)}${unit}`, right, y + height),
    small('output', x, y + height + 14),
    small('− input', x, y + height + 26),
  ];
  return [
    ...cells,
    { kind: 'rect', x, y, width, height, stroke: 'line' },
    { kind: 'group', id: 'difference scale', marks: texts },
  ];
}

/**
 * Which line is which, and how high the differences are drawn.
 *
 * @param limit undefined: they are not drawn
 */
export function lineKeyMarks({ x, y }: Place, methods: number, limit: number | undefined): Mark[] {
  const line = (at: number, stroke: ColourRole, strokeWidth: number): Mark => {
    return { kind: 'path', points: [[x - 6, at], [x + 8, at]], stroke, strokeWidth }; // prettier-ignore
  };
  // The rows say which colour is whose: here they stand as one bundle.
  const apart = Math.min(4, 12 / methods);
  const outputs = Array.from({ length: methods }, (_, m) =>
    line(y + 22 + apart * (m - (methods - 1) / 2), `category ${m + 1}`, 1.5),
  );
  const texts = [
    small('input', x + 14, y + 12),
    small(methods > 1 ? 'outputs' : 'output', x + 14, y + 26),
    ...(limit === undefined ? [] : [small('difference', x - 6, y + 48), small(`±${quantity(limit)}`, x - 6, y + 60)]),
  ];
  return [line(y + 8, 'muted', 1), ...outputs, { kind: 'group', id: 'difference scale', marks: texts }];
}

const small = (text: string, x: number, y: number): TextMark => ({ kind: 'text', x, y, text, size: 10, fill: 'muted' });
