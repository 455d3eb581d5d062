import type { SampleShape } from '../samples';
import type { Standardization } from './standardization';

/** What a `Dataset` is made of. */
export interface DatasetParts {
  /** Where the samples come from, for messages and titles. */
  name?: string;
  /** [n, d], row by row; images in [0, 1]. */
  values: Float32Array;
  shape: SampleShape;
  /** Class index of each sample. */
  labels?: Int32Array | null;
  /** Name of each class; may be empty. */
  classNames?: string[];
  /** What was found when they were read and dealt with: samples without a class, say. */
  notices?: readonly string[];
  /** What was subtracted and divided by, where the data were standardised. */
  standardization?: Standardization | null;
}
