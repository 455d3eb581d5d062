/** Audio in WAV files as a stream of frames. */
import { z } from 'zod';
import { checkedConfig } from '../../config';
import type { SampleChunk, SampleStream } from '../../samples';
import { asStream } from '../../summaries/samples';
import { DataError } from '../checkData';
import { chunkLength } from './arrayStream';
import { ByteReader, fileBytes, fileSource, type ByteSource } from './byteReader';

/** Options of {@link streamWav}. */
export interface WavOptions {
  /** Samples of sound in one frame. Default 1024. */
  frame?: number;
  /** Samples from the start of a frame to that of the next. Default: the frame's length, so that frames do not overlap. */
  hop?: number;
  /** Channel, counted from 0, or `mix`: the mean of all. Default `mix`. */
  channel?: number | 'mix';
  name?: string;
}

/** The code of a format that the file states further on. */
const EXTENSIBLE = 0xfffe;
const UNKNOWN_SIZE = 0xffffffff;
/** The most parts of a file. Files have a handful: format, notes, sound. */
const MOST_PARTS = 1000;
/** The most samples in a frame; there is a feature for each. */
const MOST_FRAME = 2 ** 22;

const schema = z.strictObject({
  frame: z.int().min(1).max(MOST_FRAME).default(1024),
  hop: z.int().min(1).optional(),
  channel: z.union([z.int().min(0), z.literal('mix')], { error: 'allowed: a number from 0, "mix"' }).default('mix'),
  name: z.string().optional(),
});

interface Format {
  /** 1: whole numbers, 3: floating point. */
  code: number;
  channels: number;
  rate: number;
  bits: number;
  /** Where the data start, and how many bytes they have. */
  start: number;
  bytes: number;
}

/**
 * Frames of sound in [−1, 1]: PCM of 8, 16, 24 or 32 bits, or floating point of 32 or 64. The last, incomplete frame is
 * left out. Features are named by their time in seconds from the start of the frame.
 *
 * @throws {DataError} when it is missing, no WAV file, compressed, cut short, or shorter than one frame
 */
export async function streamWav(file: string, options: WavOptions = {}): Promise<SampleStream> {
  const { frame, hop = frame, channel, name = file } = checkedConfig('streamWav', schema, options);
  const format = await formatOf(file);
  const { channels, bits, rate } = format;
  if (typeof channel === 'number' && channel >= channels) {
    throw new DataError(
      `${file} has ${channels} channel${channels === 1 ? '' : 's'}; found channel ${channel}, counted from 0`,
    );
  }
  const total = Math.floor(format.bytes / ((bits / 8) * channels));
  const length = total < frame ? 0 : 1 + Math.floor((total - frame) / hop);
  if (length === 0)
    throw new DataError(`${file} has ${total} samples, fewer than a frame of ${frame}; take shorter frames`);
  const features = Array.from({ length: frame }, (_, i) => `${Number((i / rate).toPrecision(6))} s`);
  const chunks = () => framesOf(file, format, { frame, hop, channel, length });
  return asStream({ name, shape: { kind: 'vector', features }, length, width: frame, chunks });
}

async function* framesOf(
  file: string,
  format: Format,
  { frame, hop, channel, length }: { frame: number; hop: number; channel: number | 'mix'; length: number },
): AsyncGenerator<SampleChunk> {
  const reader = new ByteReader(file, fileBytes(file));
  const block = (format.bits / 8) * format.channels;
  const most = chunkLength(frame);
  try {
    await reader.skip(format.start, 'its header');
    // Sound that has been read and is still needed: its first sample is the start of the next frame.
    let held = new Float32Array(0);
    for (let first = 0; first < length; first += most) {
      const count = Math.min(most, length - first);
      const needed = (count - 1) * hop + frame;
      const missing = Math.max(0, needed - held.length);
      const bytes = await reader.read(missing * block, `frames ${first} to ${first + count - 1}`);
      const sound = joined(held, soundOf(bytes, format, channel));
      const values = new Float32Array(count * frame);
      for (let i = 0; i < count; i++) values.set(sound.subarray(i * hop, i * hop + frame), i * frame);
      yield { values, labels: null };
      const passed = Math.min(sound.length, count * hop);
      held = sound.slice(passed);
      if (first + count < length) await reader.skip((count * hop - passed) * block, 'sound between frames');
    }
  } finally {
    await reader.close();
  }
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const all = new Float32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function soundOf(bytes: Buffer, { code, bits, channels }: Format, channel: number | 'mix'): Float32Array {
  const size = bits / 8;
  const read = READERS[`${code}/${bits}`]!;
  const count = bytes.length / (size * channels);
  const sound = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    if (channel !== 'mix') sound[i] = read(bytes, (i * channels + channel) * size);
    else for (let c = 0; c < channels; c++) sound[i]! += read(bytes, (i * channels + c) * size) / channels;
  }
  return sound;
}

/** Readers by code and bits. Whole numbers of 8 bits are unsigned. */
const READERS: Record<string, (bytes: Buffer, at: number) => number> = {
  '1/8': (bytes, at) => (bytes.readUInt8(at) - 128) / 128,
  '1/16': (bytes, at) => bytes.readInt16LE(at) / 2 ** 15,
  '1/24': (bytes, at) => bytes.readIntLE(at, 3) / 2 ** 23,
  '1/32': (bytes, at) => bytes.readInt32LE(at) / 2 ** 31,
  '3/32': (bytes, at) => bytes.readFloatLE(at),
  '3/64': (bytes, at) => bytes.readDoubleLE(at),
};

/** Walks through the chunks of the RIFF file up to the sound, and holds its length against the file. */
async function formatOf(file: string): Promise<Format> {
  const source = await fileSource(file);
  const reader = new ByteReader(file, source.bytes());
  try {
    const lead = await reader.upTo(12);
    if (lead.toString('latin1', 0, 4) !== 'RIFF' || lead.toString('latin1', 8, 12) !== 'WAVE') {
      const found = lead.toString('latin1', 0, 4).replace(/[^ -~]/g, '?');
      throw new DataError(`${file}: this is not a WAV file; it starts with “${found}”, expected “RIFF”`);
    }
    let start = 12;
    let format: Omit<Format, 'start' | 'bytes'> | undefined;
    for (let part = 0; part < MOST_PARTS; part++) {
      const head = await reader.read(8, 'the sound');
      const [kind, size] = [head.toString('latin1', 0, 4).replace(/[^ -~]/g, '?'), head.readUInt32LE(4)];
      start += 8;
      if (kind === 'data' && format) return { ...format, start, bytes: soundBytes(file, size, source, start) };
      // Chunks are padded to an even length.
      const padded = size + (size % 2);
      if (start + padded > source.size) {
        throw new DataError(`${file}: cut short; its part “${kind}” has ${size} bytes, the file ${source.size}`);
      }
      if (kind === 'fmt ') format = formatIn(file, (await reader.read(padded, 'its format')).subarray(0, size));
      else await reader.skip(padded, `its part “${kind}”`);
      start += padded;
    }
    throw new DataError(`${file}: found no sound within its first ${MOST_PARTS} parts; the file is damaged`);
  } finally {
    await reader.close();
  }
}

/**
 * The length of the sound in bytes. A program that writes into a pipe does not know it and states the largest; the
 * sound then goes on to the end.
 */
function soundBytes(file: string, size: number, source: ByteSource, start: number): number {
  const left = source.size - start;
  if (size === UNKNOWN_SIZE && source.exact) return left;
  if (size <= left) return size;
  throw new DataError(`${file}: cut short; its sound has ${size} bytes, and ${left} are there`);
}

function formatIn(file: string, chunk: Buffer): Omit<Format, 'start' | 'bytes'> {
  const tag = chunk.length < 2 ? 0 : chunk.readUInt16LE(0);
  const least = tag === EXTENSIBLE ? 26 : 16;
  if (chunk.length < least) {
    throw new DataError(`${file}: its part “fmt ” has ${chunk.length} bytes, expected ${least}; the file is damaged`);
  }
  // The extensible form names the code further on.
  const code = tag === EXTENSIBLE ? chunk.readUInt16LE(24) : tag;
  const [channels, rate, bits] = [chunk.readUInt16LE(2), chunk.readUInt32LE(4), chunk.readUInt16LE(14)];
  if (!(`${code}/${bits}` in READERS)) {
    throw new DataError(
      `${file}: found sound of format ${code} with ${bits} bits; expected uncompressed PCM (8 to 32 bits) or floating point (32, 64)`,
    );
  }
  if (channels === 0 || rate === 0) {
    throw new DataError(`${file}: found ${channels} channels of ${rate} samples a second; the file is damaged`);
  }
  return { code, channels, rate, bits };
}
