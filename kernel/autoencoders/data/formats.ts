/** Every format has one reader, a stream; what is loaded is that stream, collected. */
import { object, path, takes } from '../arguments';
import type { SampleStream } from '../samples';
import { DataError } from './checkData';
import { collect } from './collect';
import { readCsv, streamCsv } from './csv';
import type { Dataset } from './dataset';
import { IMAGE_FILE } from './images/listing';
import { isFolder } from './files';
import { readJson, streamJson } from './json';
import { readParquet, streamParquet } from './parquet/index';
import type { ReadOptions } from './readOptions';
import { streamIdx } from './streaming/idx';
import { streamImageFolder } from './streaming/imageFolder';
import { streamNpy, streamNpz } from './streaming/npy';
import { streamSafetensors } from './streaming/safetensors';
import { streamWav } from './streaming/wav';

export type FormatName = 'csv' | 'json' | 'parquet' | 'npy' | 'npz' | 'safetensors' | 'wav' | 'idx' | 'folder';

interface Format {
  name: FormatName;
  /** Matches the end of a file's name, without `.gz`. */
  pattern: RegExp;
  stream(file: string, options: ReadOptions): Promise<SampleStream>;
  /** The same samples at once, where one pass is enough for that; default: the stream, collected. */
  load?(file: string, options: ReadOptions): Promise<Dataset>;
}

const FORMATS: Format[] = [
  { name: 'csv', pattern: /\.(csv|tsv|txt|dat|data)$/i, stream: streamCsv, load: readCsv },
  { name: 'json', pattern: /\.json$/i, stream: streamJson, load: readJson },
  { name: 'parquet', pattern: /\.parquet$/i, stream: streamParquet, load: readParquet },
  { name: 'npy', pattern: /\.npy$/i, stream: streamNpy },
  { name: 'npz', pattern: /\.npz$/i, stream: streamNpz },
  {
    name: 'safetensors',
    pattern: /\.safetensors$/i,
    stream: (file, { array, ...options }) => streamSafetensors(file, { tensor: array, ...options }),
  },
  { name: 'wav', pattern: /\.wave?$/i, stream: (file, { frame, hop, name }) => streamWav(file, { frame, hop, name }) },
  { name: 'idx', pattern: /[-.]idx\d?(-ubyte)?$/i, stream: streamIdx },
];

const FOLDER: Format = { name: 'folder', pattern: /^/, stream: streamImageFolder };

/**
 * Data from a file or folder: a table (.csv, .tsv, .txt, .json, .parquet), NumPy's .npy and .npz, safetensors, frames of a
 * .wav, IDX, or a folder of PNG and JPEG files. For sets larger than memory see
 * {@link streamData}, which reads the same values.
 *
 * @throws {DataError} saying what was found and what was expected
 */
export async function loadData(file: string, options: ReadOptions = {}): Promise<Dataset> {
  takes('loadData', ['file', file, path], ['options', options, object()]);
  const format = await formatOf(file);
  return format.load?.(file, options) ?? collect(await format.stream(file, options));
}

/**
 * The same data as {@link loadData}, as a stream for sets larger than memory: `fit` and `score` take it as they take a
 * data set.
 *
 * @throws {DataError} saying what was found and what was expected
 */
export async function streamData(file: string, options: ReadOptions = {}): Promise<SampleStream> {
  takes('streamData', ['file', file, path], ['options', options, object()]);
  return (await formatOf(file)).stream(file, options);
}

async function formatOf(file: string): Promise<Format> {
  if (await isFolder(file)) return FOLDER;
  return formatNamed(file);
}

/** @throws {DataError} for a file whose name says no format */
export function formatOfName(file: string): FormatName {
  return formatNamed(file).name;
}

function formatNamed(file: string): Format {
  const format = FORMATS.find(({ pattern }) => pattern.test(file.replace(/\.gz$/i, '')));
  if (format) return format;
  const advice = IMAGE_FILE.test(file)
    ? 'give the folder that holds the images'
    : 'rename the file if it is one of these';
  throw new DataError(
    `${file}: expected .csv, .tsv, .json, .parquet, .npy, .npz, .safetensors, .wav, IDX (…-idx3-ubyte) or a folder of images; ${advice}`,
  );
}
