import { stat } from 'node:fs/promises';
import { DataError } from '../training/checkData';
import { readCsv } from './csv';
import type { Dataset } from './dataset';
import { IMAGE_FILE } from './decodeImage';
import { unreadable } from './files';
import { readIdxDataset } from './idx';
import { readImageFolder } from './imageFolder';
import { readJson } from './json';
import { readNpy } from './npy';

export interface LoadOptions {
  /** For tables: the column that holds the class of each sample. */
  label?: string;
  /** For folders of images: [height, width] that all are brought to. */
  size?: [number, number];
}

/** Readers by the end of a file's name, `.gz` left out. */
const READERS: [RegExp, (file: string, options: LoadOptions) => Promise<Dataset>][] = [
  [/\.(csv|tsv|txt|dat|data)$/i, (file, { label }) => readCsv(file, { label })],
  [/\.json$/i, (file, { label }) => readJson(file, { label })],
  [/\.npy$/i, (file) => readNpy(file)],
  [/[-.]idx\d?(-ubyte)?$/i, (file) => readIdxDataset(file)],
];

/**
 * Data from a file or folder: a table (.csv, .tsv, .txt, .json), NumPy's .npy, IDX (each may be compressed, .gz), or a
 * folder of PNG and JPEG files.
 *
 * @throws {DataError} saying what was found and what was expected
 */
export async function loadData(file: string, options: LoadOptions = {}): Promise<Dataset> {
  if (await isFolder(file)) return readImageFolder(file, { size: options.size });
  const reader = READERS.find(([pattern]) => pattern.test(file.replace(/\.gz$/i, '')));
  if (reader) return reader[1](file, options);
  const advice = IMAGE_FILE.test(file)
    ? 'give the folder that holds the images'
    : 'rename the file if it is one of these';
  throw new DataError(`${file}: expected .csv, .tsv, .json, .npy, IDX (…-idx3-ubyte) or a folder of images; ${advice}`);
}

async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch (error) {
    throw unreadable(file, error);
  }
}
