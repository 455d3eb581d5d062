/**
 * Event files that TensorBoard reads: records of TensorFlow's TFRecord format, each an `Event` message.
 *
 * A record is its length (8 bytes, little-endian), the masked CRC-32C of these 8 bytes, the message, and the masked
 * CRC-32C of the message: https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 *
 * These fields of the messages (event.proto and summary.proto of TensorFlow) are written: Event { double wall_time = 1;
 * int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog session_log = 7 }, Summary { repeated Value
 * value = 1 }, Value { string tag = 1; float simple_value = 2 }, SessionLog { SessionStatus status = 1 }.
 */
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import crc32c from 'crc-32/crc32c.js';
import { FileError, isSystemError } from '../../../files/fileError';
import { makeFolder } from '../../../files/makeFolder';
import type { EpochRecord, StepRecord, TrainingLog } from './records';

const FLUSH_MS = 5000;
/** `SessionLog.START`: TensorBoard drops what earlier files say of this step and later ones. */
const START = 1;

let files = 0;

/**
 * A training as scalars of TensorBoard: `train/<term>` and others of each step, `epoch/<term>`, `validation/<term>` and
 * `diagnostics/<name>` of each epoch, by the model's step.
 */
export class TensorBoardLog implements TrainingLog {
  private records: Uint8Array[] = [];
  private due = performance.now() + FLUSH_MS;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /**
   * @param step updates that the model has behind it
   * @throws {FileError} with the reason, when the folder or the file cannot be written
   */
  static async open(folder: string, step: number): Promise<TensorBoardLog> {
    const seconds = Math.floor(Date.now() / 1000);
    const path = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}`);
    const log = new TensorBoardLog(path, await opened(folder, path));
    log.write(0, (event) => event.tag(3, WireType.LengthDelimited).string('brain.Event:2'));
    if (step > 0) {
      const session = new BinaryWriter().tag(1, WireType.Varint).int32(START).finish();
      log.write(step + 1, (event) => event.tag(7, WireType.LengthDelimited).bytes(session));
    }
    try {
      await log.flush(true);
    } catch (error) {
      await log.file.close();
      await rm(path, { force: true });
      throw error;
    }
    return log;
  }

  step({ step, losses, weights, learningRate, gradientNorm, samplesPerSecond }: StepRecord): void {
    const others = { ...prefixed('weight/', weights), learningRate, gradientNorm, samplesPerSecond };
    this.scalars(step, prefixed('train/', { ...losses, ...others }));
  }

  epoch({ step, train, validation, diagnostics }: EpochRecord): void {
    const { samplesPerSecond, tensorsAlive, peakMemory, effectiveBeta, model } = diagnostics;
    const beta: Record<string, number> = effectiveBeta === null ? {} : { effectiveBeta };
    const measured = { samplesPerSecond, tensorsAlive, peakMemory, ...beta, ...numbersOf(model ?? {}) };
    this.scalars(step, {
      ...prefixed('epoch/', train),
      ...prefixed('validation/', validation ?? {}),
      ...prefixed('diagnostics/', measured),
    });
  }

  async flush(now = false): Promise<void> {
    if (this.records.length === 0 || (!now && performance.now() < this.due)) return;
    const bytes = Buffer.concat(this.records);
    this.records = [];
    this.due = performance.now() + FLUSH_MS;
    try {
      await this.file.appendFile(bytes);
    } catch (error) {
      throw isSystemError(error) ? new FileError(this.path, error) : error;
    }
  }

  async close(): Promise<void> {
    try {
      await this.flush(true);
    } finally {
      await this.file.close();
    }
  }

  private scalars(step: number, values: Readonly<Record<string, number>>): void {
    const summary = new BinaryWriter();
    for (const [tag, value] of Object.entries(values)) {
      summary.tag(1, WireType.LengthDelimited).fork();
      summary.tag(1, WireType.LengthDelimited).string(tag).tag(2, WireType.Bit32).float(inFloat32(value)).join();
    }
    this.write(step, (event) => event.tag(5, WireType.LengthDelimited).bytes(summary.finish()));
  }

  private write(step: number, content: (event: BinaryWriter) => BinaryWriter): void {
    const event = new BinaryWriter().tag(1, WireType.Bit64).double(Date.now() / 1000);
    if (step > 0) event.tag(2, WireType.Varint).int64(step);
    this.records.push(framed(content(event).finish()));
  }
}

async function opened(folder: string, path: string): Promise<FileHandle> {
  try {
    await makeFolder(folder);
    return await open(path, 'wx');
  } catch (error) {
    throw isSystemError(error) ? new FileError(path, error) : error;
  }
}

/** A message as a TFRecord. */
export function framed(message: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + message.length + 4);
  record.writeBigUInt64LE(BigInt(message.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(message, 12);
  record.writeUInt32LE(maskedCrc(message), 12 + message.length);
  return record;
}

/**
 * CRC-32C, rotated right by 15 bits, plus a constant, since a checksum of data that hold their checksum says little.
 */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The writer refuses what float32 cannot hold. */
function inFloat32(value: number): number {
  return Math.fround(value);
}

/** A scalar each, but for the counts of codes: there are hundreds. */
function numbersOf(values: Readonly<Record<string, number | number[]>>): Record<string, number> {
  const told = Object.entries(values).filter(([name]) => name !== 'codeCounts');
  const entries = told.flatMap(([name, value]): [string, number][] =>
    typeof value === 'number' ? [[name, value]] : value.map((one, i) => [`${name}/${i}`, one]),
  );
  return Object.fromEntries(entries);
}

function prefixed(prefix: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
