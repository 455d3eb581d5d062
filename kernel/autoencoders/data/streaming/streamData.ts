import { DataError } from '../../training/checkData';
import type { SampleStream } from '../../samples';
import { isFolder } from '../files';
import { streamCsv } from './csv';
import { streamIdx } from './idx';
import { streamImageFolder } from './imageFolder';
import { streamNpy, streamNpz } from './npy';
import { streamParquet } from './parquet';
import { streamSafetensors } from './safetensors';
import { streamWav } from './wav';

export interface StreamOptions {
  /** For tables (.csv, .tsv, .txt, .parquet): the column that holds the class of each sample. */
  label?: string;
  /** For archives (.npz, .safetensors): the array of samples. */
  array?: string;
  /** For folders of images: [height, width] that all are brought to. */
  size?: [number, number];
  /** For sound (.wav): samples in a frame, and from the start of a frame to that of the next. */
  frame?: number;
  hop?: number;
}

/** Readers by the end of a file's name, `.gz` left out. */
const STREAMS: [RegExp, (file: string, options: StreamOptions) => Promise<SampleStream>][] = [
  [/\.(csv|tsv|txt|dat|data)$/i, (file, { label }) => streamCsv(file, { label })],
  [/\.parquet$/i, (file, { label }) => streamParquet(file, { label })],
  [/\.npy$/i, (file) => streamNpy(file)],
  [/\.npz$/i, (file, { array }) => streamNpz(file, { array })],
  [/\.safetensors$/i, (file, { array }) => streamSafetensors(file, { tensor: array })],
  [/\.wave?$/i, (file, { frame, hop }) => streamWav(file, { frame, hop })],
  [/[-.]idx\d?(-ubyte)?$/i, (file) => streamIdx(file)],
];

/** The reader of streams for a file of this name; undefined when there is none. */
export function streamReader(file: string) {
  return STREAMS.find(([pattern]) => pattern.test(file.replace(/\.gz$/i, '')))?.[1];
}

/**
 * Data from a file or folder as a stream, for sets larger than memory: `fit` and `score` take it as they take a data set.
 * A table (.csv, .tsv, .txt, .parquet), NumPy's .npy and .npz, safetensors, WAV, IDX, or a folder of PNG and JPEG files.
 *
 * @throws {DataError} saying what was found and what was expected
 */
export async function streamData(file: string, options: StreamOptions = {}): Promise<SampleStream> {
  if (await isFolder(file)) return streamImageFolder(file, { size: options.size });
  const reader = streamReader(file);
  if (reader) return reader(file, options);
  const known = '.csv, .tsv, .parquet, .npy, .npz, .safetensors, .wav, IDX (…-idx3-ubyte) or a folder of images';
  throw new DataError(`${file}: expected ${known}; other formats are read whole, by loadData`);
}
