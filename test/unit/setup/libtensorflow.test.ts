import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLibtensorflow } from '../../../kernel/setup/libtensorflow';
import { elf, HEADERS, placeLibrary } from './library';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latentlab-library-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = (...parts: string[]) => path.join(folder, ...parts);

describe('a TensorFlow C library', () => {
  it('is found in the layout of the official archive', () => {
    placeLibrary(place('lib'), place('include'), ['libtensorflow.so.2', 'libtensorflow_framework.so.2']);
    expect(findLibtensorflow(folder, 'x64')).toEqual({
      files: [place('lib', 'libtensorflow.so.2'), place('lib', 'libtensorflow_framework.so.2')],
      main: place('lib', 'libtensorflow.so.2'),
      framework: place('lib', 'libtensorflow_framework.so.2'),
      include: place('include'),
      nvidia: undefined,
    });
  });

  it('is found in a Python environment, with the CUDA libraries beside it', () => {
    const names = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
    placeLibrary(place('tensorflow'), place('tensorflow', 'include'), names);
    mkdirSync(place('nvidia'));
    const found = findLibtensorflow(folder, 'x64');
    expect(found.main).toBe(place('tensorflow', 'libtensorflow_cc.so.2'));
    expect(found.nvidia).toBe(place('nvidia'));
    expect(findLibtensorflow(place('tensorflow'), 'x64')).toEqual(found);
  });

  it('is not there: the message tells where it was looked for', () => {
    expect(() => findLibtensorflow(folder)).toThrow(/holds no TensorFlow C library: looked for .* in lib\/ and in/);
  });

  it('is not whole without the library that it stands on', () => {
    placeLibrary(place('lib'), place('include'), ['libtensorflow.so']);
    expect(() => findLibtensorflow(folder)).toThrow(/holds no TensorFlow C library/);
  });

  it.each([
    [62, 'arm64', /libtensorflow\.so is for x64; this Node is for arm64/],
    [183, 'x64', /libtensorflow\.so is for arm64; this Node is for x64/],
    [22, 'x64', /is for ELF machine 22/],
  ])('for another processor (ELF machine %i on %s) is refused', (machine, arch, message) => {
    const names = ['libtensorflow.so', 'libtensorflow_framework.so'];
    placeLibrary(place('lib'), place('include'), names, elf(machine));
    expect(() => findLibtensorflow(folder, arch)).toThrow(message);
  });

  it('must be a shared library', () => {
    const names = ['libtensorflow.so', 'libtensorflow_framework.so'];
    placeLibrary(place('lib'), place('include'), names, Buffer.from('INPUT(libtensorflow.so.2)'));
    expect(() => findLibtensorflow(folder)).toThrow(/not a Linux shared library/);
  });

  it('without headers is refused with the names of those that are missing', () => {
    placeLibrary(place('lib'), place('include'), ['libtensorflow.so', 'libtensorflow_framework.so']);
    rmSync(place('include', HEADERS[2]));
    expect(() => findLibtensorflow(folder, 'x64')).toThrow(
      /comes without the headers .*: tensorflow\/core\/platform\/ctstring_internal\.h not found in .*include/,
    );
  });
});
