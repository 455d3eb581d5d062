/** A look at what a cell holds. */
import * as tf from '@tensorflow/tfjs';
import { isShape, type SampleStream } from '../../samples';
import { convert, isColumns, isRecord, isRow, noData, type DataSource } from '../convert';
import { Dataset } from '../dataset';
import { surveyStream } from './arrayFiles';
import type { DataSurvey } from './facts';
import { surveyRows } from './jsonFiles';
import { classCounts, surveyNumbers } from './numbers';

/**
 * @param name what messages call the value
 * @throws {DataError} saying what was found when it is not data
 */
export async function surveyValue(value: unknown, name: string): Promise<DataSurvey> {
  if (isStream(value)) return surveyStream(value, { reader: 'collect', format: 'a stream', bytes: null });
  if (isColumns(value) || (Array.isArray(value) && (value.every(isRow) || value.every(isRecord)))) {
    return surveyRows(name, value);
  }
  if (value === null || typeof value !== 'object') throw noData(name, value);
  const { values, shape, labels, classNames } = convert(value as DataSource, { name });
  const format =
    value instanceof Dataset ? 'a data set' : value instanceof tf.Tensor ? 'a tensor' : 'numbers with their shape';
  const rows = Dataset.from({ values, shape } as DataSource).length;
  const survey = surveyNumbers(name, values, shape, { reader: 'Dataset.from', format, bytes: null, rows });
  return { ...survey, classes: classCounts(labels, classNames) };
}

function isStream(value: unknown): value is SampleStream {
  const { chunks, shape } = (value ?? {}) as Partial<SampleStream>;
  return typeof chunks === 'function' && isShape(shape);
}
