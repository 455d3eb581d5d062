/** What a figure for a paper may be. */

export interface PaperOptions {
  format: 'pdf' | 'svg';
  /** Width on paper in millimetres; the height follows. */
  widthMm: number;
  /** `grey`: categories differ in lightness, and everything else has no hue. */
  colours: 'colour' | 'grey';
}

declare const LATENTLAB_IN_REPORT: boolean;

/** What can be written here: what writes PDF would make each HTML report half as large again. */
export const FORMATS: readonly PaperOptions['format'][] = LATENTLAB_IN_REPORT ? ['svg'] : ['pdf', 'svg'];

/** Usual widths of columns, in millimetres. */
export const COLUMNS: readonly { name: string; widthMm: number }[] = [
  { name: 'single column', widthMm: 85 },
  { name: 'one and a half', widthMm: 114 },
  { name: 'double column', widthMm: 174 },
];

export const LEAST_MM = 40;
export const MOST_MM = 400;

/** CSS pixels of a millimetre. */
export const PIXELS_PER_MM = 96 / 25.4;

/**
 * Pixels that a figure of this width is laid out in. Labels of 11 pixels come to about 7 points on paper, the least that
 * journals ask for.
 */
export function layoutWidth(widthMm: number): number {
  return Math.round(widthMm * PIXELS_PER_MM * 1.15);
}
