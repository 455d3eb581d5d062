/** A look at arrays in binary files: their headers, and the first of their numbers. */
import type { SampleStream } from '../../samples';
import { sampleShape } from '../convert';
import { archiveChoice } from '../streaming/archive';
import { fileSource, ByteReader } from '../streaming/byteReader';
import { numbersIn } from '../streaming/elements';
import { idxArray, streamIdx } from '../streaming/idx';
import { streamNpz, npzArrays } from '../streaming/npy';
import { npyArray, realNumbers } from '../streaming/npyHeader';
import { safetensorsArrays, streamSafetensors } from '../streaming/safetensors';
import { checkSize, countOf, type StoredArray } from '../streaming/storedArray';
import { streamWav } from '../streaming/wav';
import type { DataSurvey, Reader } from './facts';
import { classCounts, surveyNumbers } from './numbers';
import { tableSurvey } from './tableLook';

/** Numbers that are looked at. */
const MOST = 4_000_000;

interface Told {
  reader: Reader;
  format: string;
  bytes: number | null;
}

/** @throws {DataError} when it is no .npy file, or holds no samples of real numbers */
export async function surveyNpy(file: string): Promise<DataSurvey> {
  const source = await fileSource(file);
  const array = realNumbers(await npyArray(file, source));
  return surveyArray(file, array, { reader: 'readNpy', format: '.npy', bytes: source.exact ? source.size : null });
}

/** @throws {DataError} when it is no IDX file, or holds labels */
export async function surveyIdx(file: string): Promise<DataSurvey> {
  const array = await idxArray(file);
  const told = { reader: 'loadData' as const, format: 'IDX', bytes: null };
  if (array.shape.length === 1) return surveyStream(await streamIdx(file), told);
  const survey = await surveyArray(file, array, told);
  const { labels, classNames } = await classesOf(await streamIdx(file));
  return { ...survey, classes: classCounts(labels, classNames) };
}

/** @param array the one of samples, where there are several */
export async function surveyNpz(file: string, array?: string): Promise<DataSurvey> {
  const told = { reader: 'loadData' as const, format: '.npz', bytes: null };
  const arrays = await npzArrays(file);
  const choice = array === undefined ? archiveChoice(arrays) : [];
  if (choice.length > 1) return { ...tableSurvey(file, told), kind: 'arrays', arrays: choice };
  return surveyStream(await streamNpz(file, { array }), told);
}

/** The same of safetensors. */
export async function surveySafetensors(file: string, tensor?: string): Promise<DataSurvey> {
  const told = { reader: 'loadData' as const, format: 'safetensors', bytes: null };
  const arrays = await safetensorsArrays(file);
  const choice = tensor === undefined ? archiveChoice(arrays) : [];
  if (choice.length > 1) return { ...tableSurvey(file, told), kind: 'arrays', arrays: choice };
  return surveyStream(await streamSafetensors(file, { tensor }), told);
}

export async function surveyWav(file: string): Promise<DataSurvey> {
  return surveyStream(await streamWav(file), { reader: 'loadData', format: 'WAV', bytes: null });
}

/** What a stream says of itself, and its first samples. */
export async function surveyStream(stream: SampleStream, told: Told): Promise<DataSurvey> {
  const { name, shape, length: rows, width } = stream;
  const most = Math.max(1, Math.floor(MOST / width));
  const parts: Float32Array[] = [];
  let count = 0;
  for await (const { values } of stream.chunks()) {
    parts.push(values);
    count += values.length / width;
    if (count >= most) break;
  }
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  const survey = surveyNumbers(name, values, shape, { ...told, rows });
  const { labels, classNames } = await classesOf(stream);
  return { ...survey, classes: classCounts(labels, classNames) };
}

/** The classes of the first samples of a stream. */
async function classesOf(stream: SampleStream): Promise<{ labels: number[] | null; classNames?: string[] }> {
  const labels: number[] = [];
  for await (const chunk of stream.chunks({ passing: true })) {
    if (!chunk.labels) return { labels: null };
    for (const label of chunk.labels) labels.push(label);
    if (labels.length * stream.width >= MOST) break;
  }
  return { labels, classNames: stream.classNames };
}

async function surveyArray(file: string, array: StoredArray, told: Told): Promise<DataSurvey> {
  const { shape, type, littleEndian, source, columnMajor } = array;
  const drawn = sampleShape(file, shape);
  checkSize(array);
  const rows = shape[0]!;
  const width = countOf(shape.slice(1));
  // In Fortran's order the first numbers are the first column's: all are read, or nothing is said by column.
  const looked = columnMajor && rows * width <= MOST ? rows : Math.min(rows, Math.max(1, Math.floor(MOST / width)));
  const reader = new ByteReader(source.file, source.bytes());
  try {
    const read = numbersIn(await reader.readOwn(looked * width * type.size, 'its first numbers'), type, littleEndian);
    const numbers = columnMajor && looked === rows ? rowMajor(read, rows, width) : read;
    const full = drawn.kind === 'image' && type.byte && read.some((value) => value > 1) ? 255 : 1;
    const values = full === 1 ? numbers : Float32Array.from(numbers, (value) => value / full);
    return surveyNumbers(file, values, drawn, { ...told, rows });
  } finally {
    await reader.close();
  }
}

/** A matrix of any number of axes behind the first, whose first index runs fastest, row by row. */
function rowMajor(numbers: ArrayLike<number>, rows: number, width: number): Float64Array {
  const values = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) values[row * width + i] = numbers[i * rows + row]!;
  }
  return values;
}
