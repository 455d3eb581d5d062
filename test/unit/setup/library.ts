/** Files in the layout of a TensorFlow C library. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const HEADERS = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/eager/c_api.h',
  'tensorflow/core/platform/ctstring_internal.h',
] as const;

/** The head of a little-endian ELF file for a processor (`e_machine`); 62 is x64. */
export function elf(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header[4] = 2; // 64 bits
  header[5] = 1; // little endian
  header.writeUInt16LE(machine, 18);
  return header;
}

export function placeLibrary(lib: string, include: string, names: string[], content = elf(62)): void {
  mkdirSync(lib, { recursive: true });
  for (const name of names) writeFileSync(path.join(lib, name), content);
  for (const header of HEADERS) {
    mkdirSync(path.dirname(path.join(include, header)), { recursive: true });
    writeFileSync(path.join(include, header), '');
  }
}
