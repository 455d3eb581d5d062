/** Ways to damage a file. */
import type { Random } from './random';

export type Mutator = (bytes: Buffer, random: Random) => Buffer;

const EXTREMES = [0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn]; // prettier-ignore

/** Somewhere, mostly near the start, where headers are. */
function place(bytes: Buffer, random: Random): number {
  const near = random.below(3) > 0 ? Math.min(bytes.length, 96) : bytes.length;
  return random.below(Math.max(1, near));
}

function block(bytes: Buffer, random: Random): [start: number, end: number] {
  const start = random.below(bytes.length + 1);
  const most = random.below(4) === 0 ? bytes.length - start : Math.min(64, bytes.length - start);
  return [start, start + random.below(most + 1)];
}

const spliced = (bytes: Buffer, start: number, end: number, middle: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(end)]);

const flipBits: Mutator = (bytes, random) => {
  const damaged = Buffer.from(bytes);
  for (let i = 0; i <= random.below(8); i++) damaged[place(damaged, random)]! ^= 1 << random.below(8);
  return damaged;
};

const setBytes: Mutator = (bytes, random) => {
  const damaged = Buffer.from(bytes);
  for (let i = 0; i <= random.below(8); i++) damaged[place(damaged, random)] = random.below(256);
  return damaged;
};

/** A field of 1 to 8 bytes, in either order, becomes a number at an edge. */
const extremeField: Mutator = (bytes, random) => {
  const size = [1, 2, 4, 8][random.below(4)]!;
  if (bytes.length < size) return bytes;
  const damaged = Buffer.from(bytes);
  const at = Math.min(place(bytes, random), bytes.length - size);
  const field = Buffer.alloc(8);
  field.writeBigUInt64LE(EXTREMES[random.below(EXTREMES.length)]!);
  const part = field.subarray(0, size);
  damaged.set(random.below(2) ? part : part.reverse(), at);
  return damaged;
};

const cutShort: Mutator = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1));
const removeBlock: Mutator = (bytes, random) => spliced(bytes, ...block(bytes, random), Buffer.alloc(0));
const zeroBlock: Mutator = (bytes, random) => {
  const [start, end] = block(bytes, random);
  return spliced(bytes, start, end, Buffer.alloc(end - start));
};
const repeatBlock: Mutator = (bytes, random) => {
  const [start, end] = block(bytes, random);
  const times = 1 + random.below(random.below(8) ? 2 : 200);
  return spliced(bytes, end, end, Buffer.concat(Array(times).fill(bytes.subarray(start, end))));
};
const moveBlock: Mutator = (bytes, random) => {
  const [start, end] = block(bytes, random);
  const at = random.below(bytes.length + 1);
  return spliced(bytes, at, Math.min(bytes.length, at + end - start), bytes.subarray(start, end));
};
const appendNoise: Mutator = (bytes, random) =>
  Buffer.concat([bytes, Buffer.from(Array.from({ length: 1 + random.below(64) }, () => random.below(256)))]);

const TOKENS = ['', '-', '-1', '0', '1e999', '-1e-999', '0x10', '1_000', '9'.repeat(12), '9'.repeat(25), '9'.repeat(400), 'NaN', 'nan', 'null', 'true', 'Infinity', 'x', '"', '""', "'", ',', ';', '\t', '\n', '\r', '\r\n\r\n', '\0', '\uFEFF', 'ä', '😀', '[', ']', '{', '}', '(', '[[', '{"a":', '3L', ':', '=', 'F32', 'F64', '>f8', '|O', 'True', '__proto__', 'constructor', '\ud800']; // prettier-ignore

/** A number or word of the text becomes another. */
const otherToken: Mutator = (bytes, random) => {
  const text = bytes.toString('latin1');
  const words = [...text.slice(0, 4096).matchAll(/-?\d+(\.\d+)?|[A-Za-z_]+|[^\w\s]/g)];
  if (words.length === 0) return bytes;
  const word = words[random.below(words.length)]!;
  return spliced(bytes, word.index, word.index + word[0].length, Buffer.from(TOKENS[random.below(TOKENS.length)]!));
};

/** Lines are left out, said twice, or change places. */
const otherLines: Mutator = (bytes, random) => {
  const lines = bytes.toString('latin1').split('\n');
  const [a, b] = [random.below(lines.length), random.below(lines.length)];
  const what = random.below(3);
  if (what === 0) lines.splice(a, 1 + random.below(3));
  else if (what === 1) lines.splice(a, 0, ...Array<string>(1 + random.below(50)).fill(lines[b]!));
  else [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  return Buffer.from(lines.join('\n'), 'latin1');
};

/** The text in another encoding, or with other separators. */
const otherText: Mutator = (bytes, random) => {
  const text = bytes.toString('utf8');
  const changes = [
    () => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.from(`\uFEFF${text}`),
    () => Buffer.from(text.replaceAll(',', ';')),
    () => Buffer.from(text.replaceAll('\n', '\r')),
    () => Buffer.from(text.replaceAll('\n', '\r\n')),
    () => Buffer.from(text.replace(/[\d.]+/g, (number) => `"${number}"`)),
    () => Buffer.from(text.replaceAll('.', ',')),
  ];
  return changes[random.below(changes.length)]!();
};

export const BINARY: Mutator[] = [flipBits, setBytes, extremeField, extremeField, cutShort, removeBlock, zeroBlock, repeatBlock, moveBlock, appendNoise]; // prettier-ignore
export const TEXT: Mutator[] = [otherToken, otherToken, otherToken, otherLines, otherText, flipBits, cutShort, removeBlock, repeatBlock, moveBlock]; // prettier-ignore
/** For files with a text in their header. */
export const MIXED: Mutator[] = [...BINARY, otherToken, otherToken, otherToken, otherToken];
