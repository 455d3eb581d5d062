/** The system and processor of a shared library, by its first bytes: errors of loaders about foreign ones mislead. */
import { closeSync, openSync, readSync } from 'node:fs';

/** More than the headers that are looked at take. */
const LENGTH = 4096;

const ELF: Readonly<Record<number, string>> = { 0x3e: 'x64', 0xb7: 'arm64' };
const MACH: Readonly<Record<number, string>> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
const PE: Readonly<Record<number, string>> = { 0x8664: 'x64', 0xaa64: 'arm64' };

/**
 * @returns the names that Node has for them, `linux-x64`; undefined if it is no library of these three systems, or one
 *   for both processors of a Mac
 */
export function libraryFormat(file: string): string | undefined {
  const bytes = beginningOf(file);
  if (bytes.toString('latin1', 0, 4) === '\x7fELF') return named('linux', ELF[bytes.readUInt16LE(18)]);
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return named('darwin', MACH[bytes.readUInt32LE(4)]);
  if (bytes.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const at = bytes.readUInt32LE(0x3c);
  const isPe = at + 6 <= LENGTH && bytes.toString('latin1', at, at + 4) === 'PE\0\0';
  return isPe ? named('win32', PE[bytes.readUInt16LE(at + 4)]) : undefined;
}

function named(platform: string, processor: string | undefined): string {
  return `${platform}-${processor ?? 'another processor'}`;
}

function beginningOf(file: string): Buffer {
  const bytes = Buffer.alloc(LENGTH);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, bytes, 0, LENGTH, 0);
    return bytes;
  } finally {
    closeSync(opened);
  }
}
