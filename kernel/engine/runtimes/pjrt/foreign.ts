/** Functions of XLA plugins. */
import type * as koffiModule from 'koffi';
import { koffi, type Koffi } from '../../foreign';
import { XlaError } from './errors';

export { addressOf } from '../../foreign';

/** A function of the C API: takes the address of its arguments, returns that of an error or 0. */
export interface ForeignFunction {
  (args: Uint8Array): number | bigint;
  async(args: Uint8Array, done: (failure: unknown, error: number | bigint) => void): void;
}

let prototype: koffiModule.TypeObject | undefined;

function foreign(): { koffi: Koffi; prototype: koffiModule.TypeObject } {
  let library: Koffi;
  try {
    library = koffi();
  } catch (error) {
    throw new XlaError('The npm package koffi, which calls XLA plugins, cannot be loaded here.', undefined, {
      cause: error,
    });
  }
  prototype ??= library.proto('uint64_t LatentLabPjrtFunction(void* args)');
  return { koffi: library, prototype };
}

/** A library is unloaded when the collector takes its handle, whatever points into it. */
const libraries: koffiModule.LibraryHandle[] = [];

/** Address of what a function of a library without arguments returns. @throws when there is no such function */
export function addressFrom(file: string, name: string): bigint {
  const library = foreign().koffi.load(file);
  libraries.push(library);
  const get = library.func(name, 'uint64_t', []) as () => number | bigint;
  return BigInt(get());
}

/** Loads a library that others look for by its name; it stays. @throws what the system says against it */
export function loadLibrary(file: string): void {
  libraries.push(foreign().koffi.load(file));
}

/** A copy of the bytes at an address. */
export function bytesAt(address: bigint, length: number): Buffer {
  return Buffer.from(foreign().koffi.view(address, length).slice(0));
}

/** The function whose address stands in a table. */
export function functionAt(table: bigint, offset: number): ForeignFunction {
  const { koffi, prototype } = foreign();
  return koffi.decode(koffi.decode(table, offset, 'void*'), prototype) as ForeignFunction;
}

/** Calls the function at an address, which takes one pointer and returns nothing. */
export function callAt(address: bigint, argument: bigint): void {
  const { koffi, prototype } = foreign();
  (koffi.decode(address, prototype) as (argument: bigint) => unknown)(argument);
}
