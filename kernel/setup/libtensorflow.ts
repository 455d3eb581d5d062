/** A TensorFlow C library on disk: the official archive's layout, or that of a Python wheel. */
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './setupError';

export interface Libtensorflow {
  /** The shared libraries, absolute: all names of both, links too. */
  files: string[];
  /** The one with the C API. */
  main: string;
  /** The one that it stands on. */
  framework: string;
  /** The folder of the headers, absolute. */
  include: string;
  /** Where `nvidia/…/lib` of the wheels for CUDA are, if they are there: beside the wheel's `tensorflow`. */
  nvidia?: string;
}

/** What the binding includes. */
const HEADERS = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/eager/c_api.h',
  'tensorflow/core/platform/ctstring_internal.h',
] as const;

/** Numbers of processors in ELF files (`e_machine`, ELF gABI), by Node's names. */
const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
};

/**
 * The library in a folder, in its `lib`, or in its `tensorflow`; the headers in `include` beside.
 *
 * @throws SetupError when there is none, or it is for another processor, or headers are missing
 */
export function findLibtensorflow(folder: string, arch: string = process.arch): Libtensorflow {
  for (const root of [folder, path.join(folder, 'tensorflow')]) {
    for (const place of [root, path.join(root, 'lib')]) {
      const files = librariesIn(place);
      const main = files.find((file) => /^libtensorflow(_cc)?\.so/.test(path.basename(file)));
      const framework = files.find((file) => path.basename(file).startsWith('libtensorflow_framework.so'));
      if (!main || !framework) continue;
      for (const file of [main, framework]) checkProcessor(file, arch);
      const nvidia = path.join(root, '..', 'nvidia');
      const include = checkedHeaders(path.join(root, 'include'), main);
      return { files, main, framework, include, nvidia: existsSync(nvidia) ? nvidia : undefined };
    }
  }
  throw new SetupError(
    `${folder} holds no TensorFlow C library: looked for libtensorflow.so or libtensorflow_cc.so.2 with ` +
      'libtensorflow_framework.so.2 in it, in lib/ and in tensorflow/. Wheels have them from TensorFlow 2.12 on, for Linux.',
  );
}

function librariesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^libtensorflow(_cc|_framework)?\.so(\.[\d.]+)?$/.test(name));
  return names.sort().map((name) => path.resolve(folder, name));
}

function checkProcessor(file: string, arch: string): void {
  const found = processorOf(file);
  if (found === arch) return;
  throw new SetupError(`${file} is for ${found}; this Node is for ${arch}. Use the TensorFlow for ${arch}.`);
}

/** Node's name of the processor that a shared library is for. */
export function processorOf(file: string): string {
  const header = Buffer.alloc(20);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  if (header.readUInt32BE(0) !== 0x7f454c46) throw new SetupError(`${file} is not a Linux shared library (ELF).`);
  const littleEndian = header[5] === 1;
  const machine = littleEndian ? header.readUInt16LE(18) : header.readUInt16BE(18);
  return ELF_MACHINES[machine] ?? `ELF machine ${machine}`;
}

function checkedHeaders(include: string, library: string): string {
  const missing = HEADERS.filter((header) => !existsSync(path.join(include, header)));
  if (missing.length === 0) return include;
  throw new SetupError(
    `${library} comes without the headers that the binding includes: ${missing.join(', ')} not found in ${include}. ` +
      'Put the headers of the same TensorFlow version there, or leave out --libtensorflow and use a wheel, which has them.',
  );
}
