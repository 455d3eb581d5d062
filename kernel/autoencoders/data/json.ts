/** Tables of numbers as JSON. */
import { DataError } from '../training/checkData';
import type { DataSource } from './convert';
import { Dataset } from './dataset';
import { readMaybeZipped, textOf } from './files';

export interface JsonOptions {
  /** Column that holds the class of each sample, text or numbers: the field of records; `x0`, `x1`, … of rows. */
  label?: string;
  /** What messages call it. */
  name?: string;
}

/**
 * Reads `[[1, 2], [3, 4]]` or `[{"height": 1.8, "weight": 75}, …]`; `null` is a missing number (NaN).
 *
 * @throws {DataError} naming row, field and value when it holds anything else
 */
export async function readJson(file: string, options: JsonOptions = {}): Promise<Dataset> {
  const text = (await readMaybeZipped(file)).toString('utf8');
  return parseJson(text, { ...options, name: options.name ?? file });
}

/** The same for text. */
export function parseJson(text: string, { name = 'the text', label }: JsonOptions = {}): Dataset {
  let source: unknown;
  try {
    source = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new DataError(`${name}: this is not JSON (${textOf(error)}); note that JSON has null and no NaN`);
  }
  return Dataset.from(source as DataSource, { name, label });
}
