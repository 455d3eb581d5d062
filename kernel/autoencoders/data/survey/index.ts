/** What data hold, before they are read as samples: rows, columns, types, ranges, what is missing. */
import { object, path as pathKind, takes, text as textKind } from '../../arguments';
import { isFolder } from '../files';
import { formatOfName } from '../formats';
import { surveyIdx, surveyNpy, surveyNpz, surveySafetensors, surveyWav } from './arrayFiles';
import { surveyCsv, surveyCsvText } from './csvFiles';
import type { DataSurvey } from './facts';
import { surveyImageFolder } from './imageFolders';
import { surveyJson, surveyJsonText } from './jsonFiles';
import { surveyParquet } from './parquetFiles';
import { surveyValue } from './values';

export type { ColumnSurvey, DataSurvey, ImagesSurvey, Reader, ValueRange } from './facts';

/** How much a look into data reads. */
export interface SurveyOptions {
  /** What messages call the data. Default: `data`. */
  name?: string;
}

/**
 * Describes a value that can become samples: rows, records, an object of columns, a tensor, a data set or a stream. For
 * the text of a table, see {@link surveyText}.
 *
 * @throws {DataError} if the value is not data; it says what was found, and where
 */
export async function survey(value: unknown, options: SurveyOptions = {}): Promise<DataSurvey> {
  takes('survey', ['options', options, object()]);
  return surveyValue(value, options.name ?? 'data');
}

const LOOKS = {
  csv: surveyCsv,
  json: surveyJson,
  parquet: surveyParquet,
  npy: surveyNpy,
  npz: surveyNpz,
  safetensors: surveySafetensors,
  wav: surveyWav,
  idx: surveyIdx,
  folder: surveyImageFolder,
} as const;

/**
 * Describes a file, or a folder of images. Of a large file it reads only the start: then `rows` is an estimate (`exact:
 * false`), and the columns are those of the first `looked` rows.
 *
 * @param options.array which array has the samples, if the file has several
 * @throws {DataError} if something is not data; it names the file, line or row, and column
 */
export async function surveyFile(file: string, options: { array?: string } = {}): Promise<DataSurvey> {
  takes('surveyFile', ['file', file, pathKind], ['options', options, object()]);
  return LOOKS[(await isFolder(file)) ? 'folder' : formatOfName(file)](file, options.array);
}

/** What CSV, TSV or JSON as text holds; see {@link surveyFile}. */
export function surveyText(text: string, options: SurveyOptions = {}): DataSurvey {
  takes('surveyText', ['text', text, textKind], ['options', options, object()]);
  const { name = 'the text' } = options;
  return /^\s*[[{]/.test(text) ? surveyJsonText(name, text) : surveyCsvText(name, text);
}
