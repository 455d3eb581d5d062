/** Numbers that a cell holds, as curves and as images. */
import { found, object, optional, takes, text, type Kind } from '../../autoencoders/arguments';
import { Dataset } from '../../autoencoders/index';
import type { SampleInput } from '../../autoencoders/index';
import { rowShapeOf } from '../../autoencoders/samples';
import type { MimeBundle } from '../../protocol';
import { seriesPng } from '../../views/png/series';
import { numbersIn, type Numbers } from '../variables/numbers';
import { pictureOf, pictureShape } from '../variables/picture';
import { JUPYTER_DISPLAY } from './display';

/** Pictures as a cell's value. */
export interface NumberView {
  /** What is seen, in a sentence. */
  readonly summary: string;
  [JUPYTER_DISPLAY](): MimeBundle;
}

const MOST_CURVES = 10;
const MOST_NUMBERS = 2_000_000;
const SIDE = 480;

/**
 * Numbers over their index: [n] is one curve, [n, k] are k curves, a column each.
 *
 * @param values a tensor, a typed array, an array of numbers or of rows of k numbers; k ≤ 10, at most 2 million in all
 * @throws TypeError naming what was found
 */
export async function plot(
  values: SampleInput | ArrayLike<number>,
  options: { title?: string; names?: string[] } = {},
): Promise<NumberView> {
  takes('plot', ['values', values, curves], ['options', options, object()]);
  takes('plot', ['title', options.title, optional(text)], ['names', options.names, optional(texts)]);
  const { shape, size, at } = numbersIn(values)!;
  const all = await at(Int32Array.from({ length: size }, (_, i) => i));
  if (!all) throw new Error('plot: the device does not give these numbers.');
  const [n = 0, k = 1] = shape;
  const named = Array.from({ length: k }, (_, column) => ({
    name: options.names?.[column] ?? `column ${column}`,
    values: Float64Array.from({ length: n }, (_, i) => all[i * k + column]!),
  }));
  const summary = `${k === 1 ? 'A curve' : `${k} curves`} of ${n.toLocaleString('en-US')} numbers`;
  return viewOf(summary, seriesPng(options.title ?? summary, named).toString('base64'));
}

const texts: Kind = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'a list of texts';

const curves: Kind = (value) => {
  const numbers = numbersIn(value);
  const columns = numbers && numbers.shape.length === 2 ? numbers.shape[1]! : 1;
  const fits = numbers && numbers.shape.length <= 2 && numbers.shape.length > 0 && columns <= MOST_CURVES;
  if (fits && numbers.size > 0 && numbers.size <= MOST_NUMBERS) return undefined;
  return `numbers of shape [n] or [n, k ≤ ${MOST_CURVES}], at most ${MOST_NUMBERS.toLocaleString('en-US')}`;
};

/**
 * Numbers as a picture: [h, w] and [h, w, c] are one image, [n, h, w] and [n, h, w, c] the first 16 of n, with 1, 3 or 4
 * channels and sides of at least 8. Values in [0, 1], and whole ones up to 255, are what they are; others lie between
 * the least (black) and the greatest (white). Bytes of a PNG, JPEG, GIF or WebP file are the picture in it.
 *
 * @param values a tensor, nested arrays, a data set of images, or the bytes of a file
 * @throws TypeError naming what was found
 */
export async function image(
  values: SampleInput | number[][][] | number[][][][] | Uint8Array | ArrayBuffer,
): Promise<NumberView> {
  const file = pictureFile(values);
  if (file) return file;
  const images = imagesIn(values);
  takes('image', [
    'values',
    values,
    () => (images ? undefined : 'images of shape [h, w], [h, w, c], [n, h, w] or [n, h, w, c], or the bytes of a file'),
  ]);
  const drawn = await pictureOf(images!.numbers, images!.shape, SIDE);
  if (!drawn)
    throw new Error(`image: there is no finite number in ${found(values)}, or the device does not give them.`);
  const { height, width } = pictureShape(images!.shape)!;
  const which = drawn.of === 1 ? 'An image' : `${drawn.shown} of ${drawn.of.toLocaleString('en-US')} images`;
  const range = `black is ${Number(drawn.black.toPrecision(4))}, white is ${Number(drawn.white.toPrecision(4))}`;
  return viewOf(`${which} of ${height} × ${width} pixels; ${range}`, drawn.png);
}

/** How files begin, as Latin-1. */
const FILES: [RegExp, string, string][] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png', 'PNG'],
  [/^\xff\xd8\xff/, 'image/jpeg', 'JPEG'],
  [/^GIF8[79]a/, 'image/gif', 'GIF'],
  [/^RIFF[^]{4}WEBP/, 'image/webp', 'WebP'],
];

function pictureFile(value: unknown): NumberView | undefined {
  if (!(value instanceof Uint8Array || value instanceof ArrayBuffer)) return undefined;
  const bytes = value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength); // prettier-ignore
  const head = bytes.toString('latin1', 0, 16);
  const [, mime, name] = FILES.find(([begins]) => begins.test(head)) ?? [];
  if (mime === undefined) return undefined;
  const summary = `A ${name} picture of ${bytes.length.toLocaleString('en-US')} bytes`;
  return { summary, [JUPYTER_DISPLAY]: () => ({ [mime]: bytes.toString('base64'), 'text/plain': summary }) };
}

function imagesIn(values: unknown): { numbers: Numbers; shape: readonly number[] } | undefined {
  const numbers = numbersIn(values instanceof Dataset ? values.values : values);
  if (!numbers) return undefined;
  const shape = values instanceof Dataset ? [values.length, ...rowShapeOf(values.shape)] : numbers.shape;
  return pictureShape(shape) && { numbers, shape };
}

function viewOf(summary: string, png: string): NumberView {
  return { summary, [JUPYTER_DISPLAY]: () => ({ 'image/png': png, 'text/plain': summary }) };
}
