import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { VAE } from '../../../../../kernel/autoencoders/index';
import type { FitOptions } from '../../../../../kernel/autoencoders/index';
import { framed, maskedCrc } from '../../../../../kernel/autoencoders/training/logs/tensorboardLog';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { temporaryFolder } from '../support';

beforeAll(useWasm);

const path = temporaryFolder();
const train = binarySamples(40, 12);
/** Four steps an epoch. */
const OPTIONS: FitOptions = { epochs: 2, batchSize: 10, learningRate: 0.01, validation: binarySamples(20, 12, 7) };
const newModel = () => new VAE({ input: 12, latent: 2, hidden: [8], seed: 1 });

/** CRC-32C bit by bit, from its polynomial. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** As TensorFlow's crc32c.h undoes it. */
function unmasked(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** The messages of a TFRecord file, whose checksums have to be right. */
function messagesOf(file: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    const message = file.subarray(at + 12, at + 12 + length);
    expect(unmasked(file.readUInt32LE(at + 8))).toBe(crc32c(file.subarray(at, at + 8)));
    expect(unmasked(file.readUInt32LE(at + 12 + length))).toBe(crc32c(message));
    messages.push(message);
    at += 16 + length;
  }
  return messages;
}

/** Fields of a protobuf message by their numbers, each a list of numbers or bytes. */
function fieldsOf(message: Buffer): Record<number, (number | Buffer)[]> {
  const fields: Record<number, (number | Buffer)[]> = {};
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const list = (fields[key >> 3] ??= []);
    switch (key & 7) {
      case 0:
        list.push(varint());
        break;
      case 1:
        list.push(message.readDoubleLE(at));
        at += 8;
        break;
      case 2: {
        const length = varint();
        list.push(message.subarray(at, (at += length)));
        break;
      }
      case 5:
        list.push(message.readFloatLE(at));
        at += 4;
        break;
      default:
        throw new Error(`wire type ${key & 7}`);
    }
  }
  return fields;
}

interface Event {
  wallTime: number;
  step: number;
  fileVersion: string | undefined;
  sessionStatus: number | undefined;
  scalars: Record<string, number>;
}

async function eventsOf(file: string): Promise<Event[]> {
  return messagesOf(await readFile(file)).map((message) => {
    const event = fieldsOf(message);
    const values = event[5] ? (fieldsOf(event[5][0] as Buffer)[1] as Buffer[]) : [];
    const scalars = values.map(fieldsOf).map((value) => [String(value[1]![0]), value[2]![0]]);
    return {
      wallTime: event[1]![0] as number,
      step: (event[2]?.[0] as number | undefined) ?? 0,
      fileVersion: event[3] && String(event[3][0]),
      sessionStatus: event[7] && (fieldsOf(event[7][0] as Buffer)[1]![0] as number),
      scalars: Object.fromEntries(scalars) as Record<string, number>,
    };
  });
}

describe('the checksum of a record', () => {
  it.each([
    // RFC 3720, section B.4; the last is the check value of CRC-32C.
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['123456789', Buffer.from('123456789'), 0xe3069283],
  ])('is the masked CRC-32C: %s', (_, bytes, crc) => {
    expect(crc32c(bytes)).toBe(crc);
    expect(unmasked(maskedCrc(bytes))).toBe(crc);
  });

  it('covers length and message', () => {
    const messages = [Buffer.from('abc'), Buffer.alloc(0), Buffer.alloc(300, 7)];
    expect(messagesOf(Buffer.concat(messages.map(framed)))).toEqual(messages);
  });
});

describe('an event file', () => {
  it('holds every term by step, and validation and diagnostics by epoch', async () => {
    const model = newModel();
    const history = await model.fit(train, { ...OPTIONS, tensorboard: path('run') });
    const [name] = await readdir(path('run'));
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const [version, ...events] = await eventsOf(join(path('run'), name!));
    expect(version).toMatchObject({ fileVersion: 'brain.Event:2', step: 0, scalars: {} });
    expect(Math.abs(version!.wallTime - Date.now() / 1000)).toBeLessThan(3600);
    expect(events.map(({ step }) => step)).toEqual([1, 2, 3, 4, 4, 5, 6, 7, 8, 8]);
    const steps = events.filter(({ scalars }) => 'train/total' in scalars);
    const epochs = events.filter(({ scalars }) => 'validation/total' in scalars);
    for (const { name, split, values } of history.series) {
      const [prefix, found] = split === 'train' ? ['train/', steps] : ['validation/', epochs];
      expect(found.map(({ scalars }) => scalars[prefix + name])).toEqual(values.map(Math.fround));
    }
    expect(steps[0]!.scalars).toMatchObject({ 'train/weight/kl': 1, 'train/learningRate': Math.fround(0.01) });
    expect(epochs[1]!.scalars['diagnostics/effectiveBeta']).toBe(1);
    expect(epochs[1]!.scalars['epoch/kl']).toBe(Math.fround(history.final.train['kl']!));
    model.dispose();
  });

  it('of a training that goes on tells TensorBoard which steps it begins with', async () => {
    const model = newModel();
    const options = { ...OPTIONS, tensorboard: path('two') };
    await model.fit(train, { ...options, callbacks: { stepEnded: ({ step }) => (step === 3 ? 'stop' : undefined) } });
    const [first] = await readdir(path('two'));
    await model.fit(train, options);
    const second = (await readdir(path('two'))).find((name) => name !== first)!;
    const [, session, next] = await eventsOf(join(path('two'), second));
    expect(session).toMatchObject({ step: 4, sessionStatus: 1 });
    expect(next).toMatchObject({ step: 4, sessionStatus: undefined });
    model.dispose();
  });
});
