/** Loading what is no plugin, and what a plugin says that cannot do what it is asked. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import koffi from 'koffi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FUNCTIONS,
  STRUCTS,
  type Callable,
  type FunctionName,
  type StructName,
} from '../../../../../kernel/engine/runtimes/pjrt/abi';
import { Client } from '../../../../../kernel/engine/runtimes/pjrt/client';
import { addressOf } from '../../../../../kernel/engine/runtimes/pjrt/foreign';
import { Plugin } from '../../../../../kernel/engine/runtimes/pjrt/plugin';
import { layoutOf } from '../../../../../kernel/engine/runtimes/pjrt/struct';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latentlab-plugin-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a plugin', () => {
  it('has to be there', () => {
    const missing = path.join(folder, 'no_such_plugin.so');
    expect(() => Plugin.load(missing)).toThrow(`There is no XLA plugin at ${missing}`);
  });

  it('has to be a file', () => {
    expect(() => Plugin.load(folder)).toThrow(`${folder} is no file: name the XLA plugin’s shared library.`);
  });

  it('has to be a library', async () => {
    const text = path.join(folder, 'text.so');
    await writeFile(text, 'This is no library.');
    expect(() => Plugin.load(text)).toThrow(`${text} is not an XLA plugin for this machine`);
  });

  it.each([
    ['linux-arm64', elf(0xb7)],
    ['linux-x64', elf(0x3e)],
    ['darwin-arm64', Buffer.from('cffaedfe0c000001', 'hex')],
    ['win32-x64', pe(0x8664)],
    ['win32-arm64', pe(0xaa64)],
  ])('has to be for this system and processor: %s', async (machine, bytes) => {
    const library = path.join(folder, machine);
    await writeFile(library, bytes);
    const here = `${process.platform}-${process.arch}`;
    const words = machine === here ? 'is not an XLA plugin for this machine' : `it is for ${machine}; this is ${here}.`;
    expect(() => Plugin.load(library)).toThrow(words);
  });

  it('has to be a plugin', () => {
    const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
    const library = sharedObjects.find(
      (file) => file !== process.execPath && path.isAbsolute(file) && existsSync(file),
    );
    expect(() => Plugin.load(library!)).toThrow(/is not an XLA plugin for this machine: .*GetPjrtApi/);
  });

  it('has to have the functions that are called', () => {
    expect(() => new Plugin('old.so', addressOf(table({}, { functions: 40, minor: 23 })))).toThrow(
      'old.so is too old: version 0.23 of PJRT’s API lacks functions',
    );
  });

  it('has to have an API that this is written for', () => {
    expect(() => new Plugin('next.so', addressOf(table({}, { major: 1, minor: 2 })))).toThrow(
      'next.so has version 1.2 of PJRT’s API; LatentLab needs 0.x.',
    );
  });

  it('of a newer version, with more functions, is taken', () => {
    expect(new Plugin('new.so', addressOf(table({}, { functions: 200, minor: 150 }))).version).toBe('0.150');
  });
});

describe('a client', () => {
  it('tells what the plugin says, with its code, and frees that', async () => {
    const freed: bigint[] = [];
    const words = Buffer.from('No visible GPU devices.');
    const plugin = written({
      PJRT_Client_Create: () => 77n,
      PJRT_Error_Message: (args) => {
        args.set('message', addressOf(words));
        args.set('message_size', BigInt(words.length));
      },
      PJRT_Error_GetCode: (args) => args.set('code', 5n),
      PJRT_Error_Destroy: (args) => void freed.push(args.get('error')),
    });
    await expect(Client.create(plugin)).rejects.toMatchObject({
      name: 'XlaError',
      code: 'NOT_FOUND',
      message: 'PJRT_Client_Create: No visible GPU devices.',
    });
    expect(freed).toEqual([77n]);
  });

  it('is given its options, and destroyed when it has no device', async () => {
    const destroyed: bigint[] = [];
    let options = 0n;
    const plugin = written({
      PJRT_Client_Create: (args) => {
        options = args.get('num_options');
        args.set('client', 5n);
      },
      PJRT_Client_PlatformName: () => {},
      PJRT_Client_PlatformVersion: () => {},
      PJRT_Client_AddressableDevices: () => {},
      PJRT_Client_Destroy: (args) => void destroyed.push(args.get('client')),
    });
    const asked = Client.create(plugin, { preallocate: false, memory_fraction: 0.5, allocator: 'bfc' });
    await expect(asked).rejects.toThrow('written.so finds no device.');
    expect(options).toBe(3n);
    expect(destroyed).toEqual([5n]);
  });
});

/** The beginning of a library, as System V's ABI has it, for a processor. */
function elf(machine: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(3, 16);
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

/** The same of Windows. */
function pe(machine: number): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.write('MZ', 'latin1');
  bytes.writeUInt32LE(128, 0x3c);
  bytes.write('PE\0\0', 128, 'latin1');
  bytes.writeUInt16LE(machine, 132);
  return bytes;
}

// --- plugins written here -----------------------------------------------------------------------------------------

/** A table of functions; only those that are given can be called. */
function table(
  addresses: Partial<Record<FunctionName, bigint>>,
  { functions = FUNCTIONS.length, major = 0, minor = 81 }: { functions?: number; major?: number; minor?: number } = {},
): Buffer {
  const bytes = Buffer.alloc(40 + 8 * functions);
  bytes.writeBigUInt64LE(BigInt(bytes.length), 0);
  bytes.writeInt32LE(major, 32);
  bytes.writeInt32LE(minor, 36);
  for (const [name, address] of Object.entries(addresses)) {
    bytes.writeBigUInt64LE(address, 40 + 8 * FUNCTIONS.indexOf(name as FunctionName));
  }
  return bytes;
}

/** What a function of the plugin is given. */
interface Args {
  get(field: string): bigint;
  set(field: string, value: bigint): void;
}

const prototype = koffi.proto('uint64_t WrittenHere(void* args)');

/** A plugin whose functions are these; what one returns is the address of an error. */
function written(functions: Partial<Record<Callable, (args: Args) => bigint | void>>): Plugin {
  const addresses = Object.entries(functions).map(([name, run]) => {
    const callback = (args: unknown) => run(argsAt(args, `${name as Callable}_Args`)) ?? 0n;
    return [name, BigInt(koffi.address(koffi.register(callback, koffi.pointer(prototype))))] as const;
  });
  const bytes = table(Object.fromEntries(addresses));
  tables.push(bytes);
  return new Plugin('written.so', addressOf(bytes));
}

/** Tables of plugins, which live as long as these do. */
const tables: Buffer[] = [];

function argsAt(address: unknown, struct: StructName): Args {
  const { offsets } = layoutOf(struct);
  const typeOf = (field: string) =>
    (STRUCTS[struct] as Record<string, string>)[field] === 'int' ? 'int32_t' : 'uint64_t';
  return {
    get: (field) => BigInt(koffi.decode(address, offsets[field]!, typeOf(field)) as number | bigint),
    set: (field, value) => koffi.encode(address, offsets[field]!, typeOf(field), value),
  };
}
