/** What a cell holds as data, brought to the parts of a data set. */
import * as tf from '@tensorflow/tfjs';
import { found } from '../arguments';
import { isShape, shapeFrom, shapeText, widthOf, type SampleShape, type Samples, type ShapeInput } from '../samples';
import { DataError } from './checkData';
import type { DatasetParts } from './parts';
import { classesOf, type LabelSource } from './classes';
import { warned } from './notices';
import type { Cell } from './tables/cells';
import { ColumnFacts, planOf } from './tables/columnFacts';
import { headOf } from './tables/head';
import { loadTableNow } from './tables/source';
import { columnNames, tableOfColumns, tableOfRecords, tableOfRows } from './tables/table';

export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | number[];

/** Numbers, row by row, and the shape that they fill. */
export interface ShapedNumbers {
  /** Row by row. */
  values: NumberArray;
  /** [n, d], [n, height, width], [n, height, width, channels], or [n, steps, features] */
  shape: number[];
}

/** What {@link loadData} reads: a path, an address, or numbers that exist already. */
export type DataSource =
  | Samples
  | ArrayLike<number>[]
  | Record<string, number>[]
  | Record<string, ArrayLike<number>>
  | tf.Tensor
  | ShapedNumbers;

/** How numbers that exist already become a data set. */
export interface ConvertOptions {
  name?: string;
  /** Shape of one sample: [h, w, c], [t, d], [d], or that of a data set. Default: what the source's own shape says. */
  shape?: ShapeInput;
  /** What an array [n, a, b] or [n, a, b, c] holds, and one [n, t] of one feature; default: images. */
  as?: ArrayKind;
  /**
   * The class of each sample. Whole numbers from 0 on are class indices. Text, booleans, and negative or large numbers
   * become classes with these names. One-hot rows become the index of their 1. Null, NaN and empty text mean that the
   * class is unknown (label −1).
   */
  labels?: LabelSource;
  /** Name of each class. */
  classNames?: string[];
  /** Column that holds the class, whole numbers or text: the field of records; `x0`, `x1`, … of rows. */
  label?: string;
  /** Columns of numbers to take, in this order: fields of records; `x0`, `x1`, … of rows. Default: all but the label. */
  columns?: readonly string[];
}

/** @throws {DataError} naming what was found when it is not data, or its labels are no classes */
export function convert(source: DataSource, options: ConvertOptions): DatasetParts {
  const name = options.name ?? 'data';
  const parts = partsOf(source, name, options);
  const shape = options.shape === undefined ? parts.shape : givenShape(name, options.shape);
  if (widthOf(shape) !== widthOf(parts.shape)) {
    throw new DataError(`${name}: each sample has ${widthOf(parts.shape)} values; \`shape\` says ${shapeText(shape)}`);
  }
  const { labels, classNames } = options;
  const samples = parts.values.length / widthOf(shape);
  if (!labels) return { ...parts, shape, classNames: classNames ?? parts.classNames };
  const classes = classesOf(name, labels, { samples, classNames: classNames ?? parts.classNames });
  return { ...parts, shape, ...classes, notices: [...(parts.notices ?? []), ...warned(classes.notices)] };
}

function givenShape(name: string, given: ShapeInput): SampleShape {
  const shape = shapeFrom(given);
  if (shape) return shape;
  throw new DataError(
    `${name}: \`shape\` is [height, width, channels], [steps, features], [features] or the shape of a data set; found ${found(given)}`,
  );
}

function partsOf(source: unknown, name: string, { label, columns, as }: ConvertOptions): DatasetParts {
  const of = (parts: DatasetParts) => chosenColumns(parts, name, { label, columns });
  if (source instanceof tf.Tensor) return of(shaped(name, numbersOf(name, source), source.shape, as));
  if (isSamples(source)) return of(ofSamples(source, name));
  if (isShapedNumbers(source)) return of(shaped(name, source.values, source.shape, as));
  const told = { name, label, columns };
  if (isColumns(source)) return loadTableNow(tableOfColumns(source, told));
  if (!Array.isArray(source) || source.length === 0) throw noData(name, source);
  if (source.every(isRow)) return loadTableNow(tableOfRows(source, told));
  if (source.every(isRecord)) return loadTableNow(tableOfRecords(source, told));
  throw noData(name, source);
}

/** Some columns of vectors that are numbers already, and one as the class. */
function chosenColumns(
  parts: DatasetParts,
  name: string,
  { label, columns }: Pick<ConvertOptions, 'label' | 'columns'>,
): DatasetParts {
  if (label === undefined && columns === undefined) return parts;
  const { shape, values } = parts;
  if (shape.kind !== 'vector') {
    throw new DataError(`${name}: only vectors have columns to choose; found ${shapeText(shape)}`);
  }
  const head = headOf({ name, columns: [...shape.features], label, features: columns });
  const from = head.features.map((feature) => shape.features.indexOf(feature));
  const width = shape.features.length;
  const rows = values.length / width;
  const taken = new Float32Array(rows * from.length);
  for (let row = 0; row < rows; row++) {
    for (const [i, column] of from.entries()) taken[row * from.length + i] = values[row * width + column]!;
  }
  const features = { ...parts, values: taken, shape: { kind: 'vector' as const, features: head.features } };
  if (label === undefined) return features;
  const column = shape.features.indexOf(label);
  const { notices, ...classes } = classesOf(
    name,
    Array.from({ length: rows }, (_, row) => values[row * width + column]!),
    { samples: rows },
  );
  return { ...features, ...classes, notices: [...(parts.notices ?? []), ...warned(notices)] };
}

function ofSamples(source: Samples, name: string): DatasetParts {
  const { labels, classNames, shape, values } = source;
  const whole = { ...source, name: source.name || name };
  if (!labels || labels instanceof Int32Array) return whole;
  // A cell may hold other labels than the type says.
  const { notices, ...classes } = classesOf(name, labels, { samples: values.length / widthOf(shape), classNames });
  return { ...whole, ...classes, notices: warned(notices) };
}

function numbersOf(name: string, tensor: tf.Tensor): NumberArray {
  const { dtype } = tensor;
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return tensor.dataSync();
  throw new DataError(`${name}: found a tensor of ${dtype}; expected numbers`);
}

/** The parts of n samples that fill an array of `shape`. */
export function shaped(name: string, values: NumberArray, shape: readonly number[], as?: ArrayKind): DatasetParts {
  const sample = sampleShape(name, shape, as);
  const size = shape.reduce((product, length) => product * length, 1);
  if (size === 0) throw new DataError(`${name}: the shape [${shape.join(', ')}] holds no values`);
  if (values.length !== size || !shape.every((length) => Number.isInteger(length) && length > 0)) {
    throw new DataError(`${name}: the shape [${shape.join(', ')}] wants ${size} values; found ${values.length}`);
  }
  const odd = Array.isArray(values) ? values.findIndex((value) => typeof value !== 'number') : -1;
  if (odd >= 0)
    throw new DataError(`${name}: found ${typeof values[odd]} at place ${odd} of the values; expected numbers`);
  if (sample.kind === 'vector') return { name, shape: sample, ...columnsOf(name, values, sample.features) };
  const bytes = sample.kind === 'image' && isBytes(values);
  const scaled = Float32Array.from(values);
  // Bytes that are all 0 or 1 are a mask.
  if (bytes && values.some((value) => value > 1)) for (let i = 0; i < size; i++) scaled[i]! /= 255;
  return { name, values: scaled, shape: sample };
}

/** Numbers [n, d] as float32, less an offset where float32 would merge them. */
function columnsOf(name: string, values: NumberArray, features: readonly string[]) {
  const width = features.length;
  if (values instanceof Float32Array || !canBeRounded(values)) return { values: Float32Array.from(values) };
  const facts = new ColumnFacts(width);
  for (let i = 0; i < values.length; i++) facts.see(values[i]!, i % width);
  const { offsets, notices } = planOf(name, features, facts, values.length);
  const less = offsets
    ? Float32Array.from(values, (value, i) => value - offsets[i % width]!)
    : Float32Array.from(values);
  return { values: less, notices: warned(notices) };
}

function isBytes(values: NumberArray): boolean {
  return values instanceof Uint8Array || values instanceof Uint8ClampedArray;
}

function canBeRounded(values: NumberArray): boolean {
  return Array.isArray(values) || values.BYTES_PER_ELEMENT >= 4;
}

/** What a sample of more than one axis is. */
export type ArrayKind = 'image' | 'sequence';

export function sampleShape(name: string, shape: readonly number[], as?: ArrayKind): SampleShape {
  const [, first = 0, second = 1, channels = 1] = shape;
  const found = `${name}: found an array of shape [${shape.join(', ')}]`;
  if (as !== undefined && as !== 'image' && as !== 'sequence') {
    throw new DataError(`${name}: "as" is ${JSON.stringify(as)}; allowed: "image", "sequence"`);
  }
  if (as === 'sequence') {
    if (shape.length === 2 || shape.length === 3)
      return { kind: 'sequence', steps: first, features: columnNames(second) };
    throw new DataError(`${found}; expected [samples, steps, features] or [samples, steps] for sequences`);
  }
  if (shape.length === 2) return { kind: 'vector', features: columnNames(first) };
  if (shape.length === 4 && as === undefined && looksChannelsFirst(first, second, channels)) {
    throw new DataError(
      `${found}, which looks like ${first} channels before height and width; expected [samples, height, width, channels]: reorder the axes (NumPy: np.moveaxis(a, 1, -1)), or pass { as: 'image' } if these are ${first} rows of pixels`,
    );
  }
  if (shape.length === 3 || shape.length === 4) return { kind: 'image', height: first, width: second, channels };
  throw new DataError(
    `${found}; expected [samples, features], [samples, height, width] or [samples, height, width, channels], or [samples, steps, features] with { as: 'sequence' }`,
  );
}

/** Whether an image of [a, b, c] has fewer rows than a picture has, and more channels: as PyTorch lays it out. */
function looksChannelsFirst(a: number, b: number, c: number): boolean {
  return a <= 4 && b >= 8 && c >= 8;
}

export function noData(name: string, found: unknown): DataError {
  return new DataError(
    `${name}: found ${description(found)}; expected rows of numbers, records of numbers, an object of columns, a tensor, a data set, or { values, shape }`,
  );
}

function description(found: unknown): string {
  if (found === null || found === undefined) return String(found);
  if (!Array.isArray(found)) return typeof found === 'object' ? 'an object of another kind' : `a ${typeof found}`;
  if (found.length === 0) return 'an empty array';
  const odd = found.findIndex((row) => !isRow(row) && !isRecord(row));
  if (odd < 0) return 'an array of both rows and records';
  return `an array whose element ${odd} is ${Array.isArray(found[odd]) ? `[${found[odd].slice(0, 3).map(String).join(', ')}…]` : description(found[odd])}`;
}

function isSamples(source: unknown): source is Samples {
  const { values, shape } = (source ?? {}) as Partial<Samples>;
  return values instanceof Float32Array && isShape(shape);
}

function isShapedNumbers(source: unknown): source is ShapedNumbers {
  const { values, shape } = (source ?? {}) as Partial<ShapedNumbers>;
  return (ArrayBuffer.isView(values) || Array.isArray(values)) && Array.isArray(shape);
}

export function isRow(row: unknown): row is ArrayLike<Cell> {
  if (ArrayBuffer.isView(row)) return !(row instanceof DataView);
  return Array.isArray(row) && row.every((cell) => typeof cell !== 'object' || cell === null);
}

export function isRecord(row: unknown): row is Record<string, unknown> {
  return typeof row === 'object' && row !== null && !Array.isArray(row) && !ArrayBuffer.isView(row);
}

/** Whether it is an object of lists: `{ height: [1.8, 1.7], weight: [75, 70] }`. */
export function isColumns(source: unknown): source is Record<string, ArrayLike<Cell>> {
  if (!isRecord(source)) return false;
  const prototype: unknown = Object.getPrototypeOf(source);
  const lists = Object.values(source);
  const plain = prototype === null || (prototype as object).constructor?.name === 'Object';
  return plain && lists.length > 0 && lists.every((list) => isRow(list) && list.length > 0);
}
