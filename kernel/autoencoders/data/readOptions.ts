import type { ArrayKind } from './convert';
import type { Fit } from './images/fitting';

/** The options for a file or folder of data; each format takes those it has use for. */
export interface ReadOptions {
  /**
   * For tables: the column with the class of each sample. Default: a column that plainly holds classes; a notice says
   * so.
   */
  label?: string;
  /** For tables: the columns of numbers to take, in this order. Default: all but the label. */
  columns?: string[];
  /** For tables as text: what stands between two values. Default: tab, semicolon, comma or blanks, whichever it uses. */
  delimiter?: string;
  /** For tables as text: whether the first row names the columns. Default: as it looks beside the second. */
  header?: 'auto' | boolean;
  /** For archives (.npz, .safetensors): the array of samples. */
  array?: string;
  /** For archives: the array of classes; for IDX: the file of them. */
  labels?: string;
  /** Name of each class, where the file has none. */
  classNames?: string[];
  /** For arrays (.npy, .npz, .safetensors): what [n, a, b] holds; default: images. `sequence`: [n, steps, features]. */
  as?: ArrayKind;
  /** For folders of images: [height, width], to which all images are resized. */
  size?: [number, number];
  /** For folders of images of several sizes: by interpolation (default), by cutting, or by padding; see {@link Fit}. */
  fit?: Fit;
  /** For folders of images: the value of pixels that are added. Default 0. */
  fill?: number;
  /** For folders of images: 1 for grey, 3 for colour. Default: grey when every image is. */
  channels?: 1 | 3;
  /** For folders of images: those of more pixels are refused. Default 2²⁶, 8192 × 8192. */
  maxPixels?: number;
  /** For sound (.wav): samples in a frame, and from the start of a frame to that of the next. */
  frame?: number;
  /** Sound: numbers from one window’s beginning to the next. */
  hop?: number;
  /** What messages call it. Default: the file. */
  name?: string;
}
