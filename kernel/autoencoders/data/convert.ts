/** What a cell holds as data, brought to the parts of a data set. */
import * as tf from '@tensorflow/tfjs';
import { shapeText, widthOf, type SampleShape, type Samples } from '../samples';
import { DataError } from '../training/checkData';
import type { DatasetParts } from './parts';
import { columnNames, tableOfRecords, tableOfRows, type Cell } from './table';

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
  values: NumberArray;
  /** [n, d], [n, height, width] or [n, height, width, 1 | 3] */
  shape: number[];
}

export type DataSource = Samples | ArrayLike<number>[] | Record<string, number>[] | tf.Tensor | ShapedNumbers;

export interface ConvertOptions {
  name?: string;
  /** How one sample is drawn; default: what the source's own shape says. */
  shape?: SampleShape;
  /** Class index of each sample. */
  labels?: ArrayLike<number>;
  /** Name of each class. */
  classNames?: string[];
  /** Column that holds the class, numbers or text: the field of records; `x0`, `x1`, … of rows. */
  label?: string;
}

/** @throws {DataError} naming what was found when it is no data */
export function convert(source: DataSource, options: ConvertOptions): DatasetParts {
  const name = options.name ?? 'data';
  const parts = partsOf(source, name, options.label);
  const shape = options.shape ?? parts.shape;
  if (widthOf(shape) !== widthOf(parts.shape)) {
    throw new DataError(`${name}: each sample has ${widthOf(parts.shape)} values; \`shape\` says ${shapeText(shape)}`);
  }
  const labels = options.labels ? Int32Array.from(options.labels) : parts.labels;
  return { ...parts, shape, labels, classNames: options.classNames ?? parts.classNames };
}

function partsOf(source: unknown, name: string, label?: string): DatasetParts {
  if (source instanceof tf.Tensor) return shaped(name, source.dataSync() as NumberArray, source.shape);
  if (isSamples(source)) return { ...source, name: source.name || name };
  if (isShapedNumbers(source)) return shaped(name, source.values, source.shape);
  if (!Array.isArray(source) || source.length === 0) throw noData(name, source);
  if (source.every(isRow)) return tableOfRows(name, source, label).parts();
  if (source.every(isRecord)) return tableOfRecords(name, source, label).parts();
  throw noData(name, source);
}

/** The parts of n samples that fill an array of `shape`. */
export function shaped(name: string, values: NumberArray, shape: readonly number[]): DatasetParts {
  const sample = sampleShape(name, shape);
  const size = shape.reduce((product, length) => product * length, 1);
  if (size === 0) throw new DataError(`${name}: the shape [${shape.join(', ')}] holds no values`);
  if (values.length !== size) {
    throw new DataError(`${name}: the shape [${shape.join(', ')}] wants ${size} values; found ${values.length}`);
  }
  const bytes = values instanceof Uint8Array || values instanceof Uint8ClampedArray;
  const full = bytes && sample.kind === 'image' ? 255 : 1;
  const scaled = Float32Array.from(values);
  if (full !== 1) for (let i = 0; i < size; i++) scaled[i]! /= full;
  return { name, values: scaled, shape: sample };
}

export function sampleShape(name: string, shape: readonly number[]): SampleShape {
  const [, first = 0, second = 0, channels = 1] = shape;
  if (shape.length === 2) return { kind: 'vector', features: columnNames(first) };
  if ((shape.length === 3 || shape.length === 4) && (channels === 1 || channels === 3)) {
    return { kind: 'image', height: first, width: second, channels };
  }
  throw new DataError(
    `${name}: found an array of shape [${shape.join(', ')}]; expected [samples, features], [samples, height, width] or [samples, height, width, channels] with 1 or 3 channels`,
  );
}

function noData(name: string, found: unknown): DataError {
  return new DataError(
    `${name}: found ${description(found)}; expected rows of numbers, records of numbers, a tensor, a data set, or { values, shape }`,
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
  return values instanceof Float32Array && (shape?.kind === 'image' || shape?.kind === 'vector');
}

function isShapedNumbers(source: unknown): source is ShapedNumbers {
  const { values, shape } = (source ?? {}) as Partial<ShapedNumbers>;
  return (ArrayBuffer.isView(values) || Array.isArray(values)) && Array.isArray(shape);
}

function isRow(row: unknown): row is ArrayLike<Cell> {
  if (ArrayBuffer.isView(row)) return !(row instanceof DataView);
  return Array.isArray(row) && row.every((cell) => typeof cell !== 'object' || cell === null);
}

function isRecord(row: unknown): row is Record<string, unknown> {
  return typeof row === 'object' && row !== null && !Array.isArray(row) && !ArrayBuffer.isView(row);
}
