/** What the points of a scatter are coloured by: a value for each row, or its category. */
import { found } from '../../../autoencoders/arguments';
import type { Dataset } from '../../../autoencoders/index';
import { latentName } from '../../../views/wording';
import { reconstructAll, squaredError, type LatentModel } from './model';

/** A row as a function of it sees it. */
export interface ColouredRow {
  /** [d] its numbers. */
  values: Float32Array;
  /** [k] where the model puts it. */
  z: Float32Array;
  /** Its class, or undefined. */
  label: number | undefined;
  /** The name of its class, if there is one. */
  className: string | undefined;
  /** Its place in the data set, from 0. */
  index: number;
}

/** Numbers are on a scale; texts and truth values are categories. NaN and null have no value. */
export type ColourValue = number | string | boolean | null | undefined;

/** A value for each row, or a function that gives one. */
export type ColourSource = ArrayLike<ColourValue> | ((row: ColouredRow) => ColourValue);

/** A column of all rows. */
export interface Column {
  name: string;
  /** [n]; of categories their indices, NaN for what has none. */
  values: Float32Array;
  categories?: string[];
}

/** The squared error of a row's reconstruction, summed over its values. */
export const ERROR = 'squared error';

/** Rows that are reconstructed at once. */
const CHUNK = 1024;

export interface Rows {
  model: LatentModel;
  data: Dataset;
  /** [n · k] */
  latents: Float32Array;
}

/** Names of the columns that a kernel computes when it is asked. */
export function liveColumns({ data }: Pick<Rows, 'data'>): string[] {
  return [ERROR, ...(data.shape.kind === 'vector' ? data.shape.features : [])];
}

/** @throws Error for a name that is none of {@link liveColumns} */
export async function liveColumn(name: string, rows: Rows): Promise<Column> {
  const { data } = rows;
  if (name === ERROR) return { name, values: await errorsOf(rows) };
  const column = data.shape.kind === 'vector' ? data.shape.features.indexOf(name) : -1;
  if (column < 0)
    throw new Error(`There is no “${name}” to colour points by; there are ${liveColumns(rows).join(', ')}.`);
  const values = Float32Array.from({ length: data.length }, (_, i) => data.values[i * data.width + column]!);
  return { name, values };
}

async function errorsOf({ model, data }: Rows): Promise<Float32Array> {
  const errors = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += CHUNK) {
    const rows = data.slice(start, start + CHUNK);
    const made = await reconstructAll(model, rows);
    for (let i = 0; i < rows.length; i++) {
      const [from, to] = [i * rows.width, (i + 1) * rows.width];
      errors[start + i] = squaredError(rows.values.subarray(from, to), made.subarray(from, to));
    }
  }
  return errors;
}

/**
 * A column of the user's.
 *
 * @throws TypeError naming the column, the row and what was found there
 */
export function ownColumn(name: string, source: ColourSource, rows: Rows): Column {
  const n = rows.data.length;
  const values = typeof source === 'function' ? computed(name, source, rows) : listed(name, source, n);
  const isNumber = (value: ColourValue) => typeof value === 'number' || value === null || value === undefined;
  const wrong = values.findIndex(
    (value) => !isNumber(value) && typeof value !== 'string' && typeof value !== 'boolean',
  );
  if (wrong >= 0) {
    throw new TypeError(
      `latentScatter: colours “${name}” takes a number, a string or a boolean for each row; row ${wrong} has ${found(values[wrong])}.`,
    );
  }
  if (values.every(isNumber))
    return { name, values: Float32Array.from(values, (value) => (value as number | null) ?? NaN) };
  const texts = values.map((value) => (value === null || value === undefined ? null : String(value)));
  const order = new Intl.Collator('en', { numeric: true });
  const categories = [...new Set(texts.filter((text) => text !== null))].sort((a, b) => order.compare(a, b));
  const indices = new Map(categories.map((category, i) => [category, i]));
  return { name, values: Float32Array.from(texts, (text) => (text === null ? NaN : indices.get(text)!)), categories };
}

function listed(name: string, source: ArrayLike<ColourValue>, n: number): ColourValue[] {
  const isList = Array.isArray(source) || (ArrayBuffer.isView(source) && !(source instanceof DataView));
  if (!isList) {
    throw new TypeError(
      `latentScatter: colours “${name}” takes a list with a value for each row, or a function of a row; found ${found(source)}.`,
    );
  }
  if (source.length !== n) {
    throw new RangeError(
      `latentScatter: colours “${name}” has ${source.length} values for ${n} rows; give one for each.`,
    );
  }
  return Array.from(source as ArrayLike<ColourValue>);
}

function computed(
  name: string,
  source: (row: ColouredRow) => ColourValue,
  { data, latents, model }: Rows,
): ColourValue[] {
  const { width, values, labels, classNames } = data;
  const k = model.latentDimensions;
  return Array.from({ length: data.length }, (_, index) => {
    const label = labels?.[index];
    const row: ColouredRow = {
      values: values.subarray(index * width, (index + 1) * width),
      z: latents.subarray(index * k, (index + 1) * k),
      label,
      className: label === undefined ? undefined : classNames[label],
      index,
    };
    try {
      return source(row);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`latentScatter: the function for colours “${name}” failed at row ${index}: ${message}`, {
        cause: error,
      });
    }
  });
}

/**
 * What points are coloured by at first, as views name it.
 *
 * @param columns names that there are beside
 * @throws RangeError naming what there is
 */
export function colourByOf(asked: string, columns: readonly string[], { model, data }: Rows): string {
  if (asked === 'class' && !data.labels) throw new RangeError('latentScatter: the data have no labels to colour points by; their class is not known.'); // prettier-ignore
  if (asked === 'class' || asked === 'norm') return asked;
  const name = asked === 'error' ? ERROR : asked.replace(/^z(\d+)$/, (_, digits: string) => latentName(Number(digits)));
  const dimensions = Array.from({ length: model.latentDimensions }, (_, i) => latentName(i + 1));
  if ([...dimensions, ...columns, ...liveColumns({ data })].includes(name)) return name;
  const known = [
    'class',
    'norm',
    'error',
    `z1 … z${model.latentDimensions}`,
    ...columns,
    ...liveColumns({ data }).slice(1),
  ];
  throw new RangeError(`latentScatter: "colour" is “${asked}”, allowed: ${known.join(', ')}.`);
}
