import type { RowTable } from '../../../engine/index';
import type { Samples, SampleShape } from '../../samples';

/** Some samples, by value. */
export interface Batch {
  /** [m, d], row by row. */
  readonly values: Float32Array;
  /** [m], or null if classes are not known. */
  readonly labels: Int32Array | null;
  /** [m]: the row of the data that each is, counted from 0. */
  readonly rows: Int32Array;
  /** What the values are rows of, where that lies in memory and stays as it is. */
  readonly table?: RowTable;
}

/** An epoch under way. */
export interface EpochBatches {
  /** The next batch; the last one of an epoch may be smaller. */
  next(): Promise<Batch>;
  /** Frees what is open, whether or not all batches were taken. */
  close(): Promise<void>;
}

/** Which order the samples come in, and from where on. */
export interface EpochPlace {
  seed: number;
  epoch: number;
  batchSize: number;
  /** Batches of this epoch that are done. */
  done: number;
}

export interface BatchSource {
  readonly name: string;
  /** How one sample is drawn. */
  readonly shape: SampleShape;
  /** Samples of an epoch. */
  readonly length: number;
  /** Samples of a batch, where the source says that; absent: `fit` does. */
  readonly batchSize?: number;
  /**
   * What is known of the data without reading them again, to tell whether a stopped training continues with the same.
   */
  readonly fingerprint: Readonly<Record<string, number | string>>;
  epoch(place: EpochPlace): EpochBatches;
  /** Up to so many samples: all there are, a random part, or of a stream the first. */
  some(count: number, seed: number): Promise<Samples>;
}
