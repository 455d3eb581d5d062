/** Files of several arrays: one holds the samples and another, perhaps, their classes. */
import type { SampleStream } from '../../samples';
import { DataError } from '../checkData';
import { classesOf } from '../classes';
import type { ArrayKind } from '../convert';
import { arrayStream, storedClasses } from './arrayStream';
import { realNumbers, type OtherArray } from './npyHeader';
import { npyTexts } from './npyText';
import { countOf, type StoredArray } from './storedArray';

export interface ArchiveOptions {
  /** Name of the array of samples. Default: the only one of two or more axes. */
  array?: string;
  /** Name of the array of classes. Default: `labels`, `label`, `targets`, `target` or `y`, where there is one. */
  labels?: string;
  classNames?: string[];
  /** What a sample of more than one axis is; default: an image. `sequence`: [n, steps, features]. */
  as?: ArrayKind;
  name?: string;
}

const LABELS = ['labels', 'label', 'targets', 'target', 'y'];

/**
 * The samples of a file of arrays. Arrays of anything but real numbers are left out, with a notice.
 *
 * @param words what the format calls an array, and the option that names one
 * @throws {DataError} naming the arrays there are when none or several could be the samples
 */
export async function archiveStream(
  file: string,
  arrays: ReadonlyMap<string, StoredArray | OtherArray>,
  options: ArchiveOptions,
  words = { one: 'array', option: 'array' },
): Promise<SampleStream> {
  const { name = file } = options;
  const [key, chosen] = chosenArray(file, arrays, options, words);
  const classes = await classesIn(file, arrays, options, { key, samples: chosen.shape[0] ?? 0, words });
  const others = [...arrays].filter(([one, array]) => !('type' in array) && one !== classes?.key);
  const left = others.map(([one, array]) => `${one} (${(array as OtherArray).holds})`).join(', ');
  const notices = left ? [`${name}: left out ${left}: no real numbers.`] : [];
  return arrayStream(chosen, {
    name,
    labels: classes?.labels,
    classNames: classes?.classNames ?? options.classNames,
    as: options.as,
    notices: [...notices, ...(classes?.notices ?? [])],
  });
}

interface Words {
  one: string;
  option: string;
}

function chosenArray(
  file: string,
  arrays: ReadonlyMap<string, StoredArray | OtherArray>,
  { array: wanted, labels }: ArchiveOptions,
  { one, option }: Words,
): [string, StoredArray] {
  if (wanted !== undefined) return [wanted, realNumbers(found(file, arrays, wanted, one))];
  const filled = candidatesIn(arrays, labels);
  if (filled.length === 1) return filled[0]!;
  throw new DataError(
    `${file}: expected one ${one} of samples, [n, d] or [n, height, width]; its ${one}s are ${listed(arrays)}. Name one: { ${option}: '…' }`,
  );
}

/** The arrays that could be the samples. */
function candidatesIn(arrays: ReadonlyMap<string, StoredArray | OtherArray>, labels?: string): [string, StoredArray][] {
  const candidates = [...arrays].filter(
    (entry): entry is [string, StoredArray] => 'type' in entry[1] && entry[1].shape.length >= 2 && entry[0] !== labels,
  );
  const samples = candidates.length > 1 ? candidates.filter(([name]) => !LABELS.includes(name)) : candidates;
  return samples.length > 1 ? samples.filter(([, { shape }]) => countOf(shape) > 0) : samples;
}

/** What somebody who is asked may choose from: names, shapes and types of the arrays that could be the samples. */
export function archiveChoice(
  arrays: ReadonlyMap<string, StoredArray | OtherArray>,
): { name: string; shape: number[]; type: string }[] {
  return candidatesIn(arrays).map(([name, { shape, type }]) => ({ name, shape, type: type.code }));
}

function found<A>(file: string, arrays: ReadonlyMap<string, A>, wanted: string, one: string): A {
  const array = arrays.get(wanted);
  if (array !== undefined) return array;
  const names = listed(arrays as ReadonlyMap<string, { shape: number[] }>);
  throw new DataError(`${file} has no ${one} “${wanted}”; its ${one}s are ${names}`);
}

function listed(arrays: ReadonlyMap<string, { shape: number[]; holds?: string }>): string {
  const texts = [...arrays].map(
    ([name, { shape, holds }]) => `${name} [${shape.join(', ')}]${holds ? ` (${holds})` : ''}`,
  );
  return texts.slice(0, 20).join(', ') + (texts.length > 20 ? `, … (${texts.length} in all)` : '') || 'none';
}

interface FoundClasses {
  key?: string;
  labels?: Int32Array;
  classNames?: string[];
  notices: string[];
}

async function classesIn(
  file: string,
  arrays: ReadonlyMap<string, StoredArray | OtherArray>,
  { labels: wanted, classNames, array: samplesNamed }: ArchiveOptions,
  { key: samplesKey, samples, words }: { key: string; samples: number; words: Words },
): Promise<FoundClasses | undefined> {
  const fits = (one: string) => one !== samplesKey && arrays.get(one)?.shape[0] === samples;
  const key = wanted ?? LABELS.find((one) => fits(one) && one !== samplesNamed);
  if (key === undefined) return undefined;
  const array = found(file, arrays, key, words.one);
  if (!('type' in array)) return textClasses(key, array, { samples, classNames, wanted: wanted !== undefined });
  if (wanted === undefined && !array.type.whole) {
    const advice = `${array.name} contains floating-point numbers, so it is not used as classes; { labels: '${key}' } uses it anyway.`;
    return { notices: [advice] };
  }
  if (wanted === undefined && array.shape.length > 2) return undefined;
  return { key, ...(await storedClasses(array, { samples, classNames })) };
}

async function textClasses(
  key: string,
  array: OtherArray,
  { samples, classNames, wanted }: { samples: number; classNames?: string[]; wanted: boolean },
): Promise<FoundClasses | undefined> {
  const text = array.holds === 'text' && array.shape.length === 1;
  if (!text && !wanted) return undefined;
  if (!text) throw new DataError(`${array.name}: found ${array.holds} [${array.shape.join(', ')}]; expected classes`);
  const texts = await npyTexts(array);
  return { key, ...classesOf(array.name, texts, { samples, classNames }) };
}
