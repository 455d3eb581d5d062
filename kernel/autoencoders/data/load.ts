import { DataError } from '../training/checkData';
import { readCsv } from './csv';
import type { Dataset } from './dataset';
import { IMAGE_FILE } from './images/listing';
import { isFolder } from './files';
import { readIdxDataset } from './idx';
import { readImageFolder } from './imageFolder';
import { readJson } from './json';
import { readNpy } from './npy';
import { collect } from './collect';
import { streamReader } from './streaming/streamData';

export interface LoadOptions {
  /** For tables: the column that holds the class of each sample. */
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
const READERS: [RegExp, (file: string, options: LoadOptions) => Promise<Dataset>][] = [
  [/\.(csv|tsv|txt|dat|data)$/i, (file, { label }) => readCsv(file, { label })],
  [/\.json$/i, (file, { label }) => readJson(file, { label })],
  [/\.npy$/i, (file) => readNpy(file)],
  [/[-.]idx\d?(-ubyte)?$/i, (file) => readIdxDataset(file)],
];

/**
 * Data from a file or folder: a table (.csv, .tsv, .txt, .json, .parquet), NumPy's .npy and .npz, safetensors, frames of a
 * .wav, IDX (text, .npy and IDX may be compressed, .gz), or a folder of PNG and JPEG files. For sets larger than memory
 * see {@link streamData}.
 *
 * @throws {DataError} saying what was found and what was expected
 */
export async function loadData(file: string, options: LoadOptions = {}): Promise<Dataset> {
  if (await isFolder(file)) return readImageFolder(file, { size: options.size });
  const streams = /\.(npz|safetensors|parquet|wave?)$/i.test(file) ? streamReader(file) : undefined;
  if (streams) return collect(await streams(file, options));
  const reader = READERS.find(([pattern]) => pattern.test(file.replace(/\.gz$/i, '')));
  if (reader) return reader[1](file, options);
  const advice = IMAGE_FILE.test(file)
    ? 'give the folder that holds the images'
    : 'rename the file if it is one of these';
  throw new DataError(
    `${file}: expected .csv, .tsv, .json, .parquet, .npy, .npz, .safetensors, .wav, IDX (…-idx3-ubyte) or a folder of images; ${advice}`,
  );
}
