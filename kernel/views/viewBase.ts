/** What all views have. */

export const VIEW_VERSION = 1;

/** A typed array in JSON: little-endian bytes in base64, row-major. */
export interface EncodedArray {
  dtype: 'float32' | 'uint8' | 'int32' | 'uint16';
  shape: number[];
  data: string;
  /** `png`: the bytes, of images [n, h, w, c], are a PNG file with the images one below the other. */
  packing?: 'png';
  /**
   * For uint16 that stand for other numbers: these are `low + step · code`, a scale for each column, but for a few far ones
   * and their places in the array; see `codes.ts`.
   */
  scale?: { low: number[]; step: number[]; far?: { places: number[]; values: number[] } };
  /** Ascending numbers, each as its difference from the one before it. Read as int32. */
  as?: 'differences';
}

export interface ViewBase {
  version: typeof VIEW_VERSION;
  /** Addresses live frames and questions to the kernel; unique for each view ever built. */
  id: string;
  title: string;
  /** One sentence of what is seen: the figure's text alternative. */
  summary: string;
}
