import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandError } from '../../../kernel/setup/command';
import { findLibtensorflow } from '../../../kernel/setup/libtensorflow';
import { compileError, stageLibrary } from '../../../kernel/setup/tfjsNodePackage';
import { elf, HEADERS, placeLibrary } from './library';

const machine = { x64: 62, arm64: 183 }[process.arch as 'x64' | 'arm64'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latentlab-stage-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = (...parts: string[]) => path.join(folder, ...parts);
const deps = (...parts: string[]) => place('package', 'deps', ...parts);

describe('a staged C library', () => {
  it('of a wheel is moved, and has the names that the linker asks for', async () => {
    const names = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
    placeLibrary(place('tensorflow'), place('tensorflow', 'include'), names, elf(machine));
    mkdirSync(place('nvidia', 'cublas', 'lib'), { recursive: true });
    await stageLibrary(findLibtensorflow(folder), place('package'), true);
    expect(existsSync(place('tensorflow', 'libtensorflow_cc.so.2'))).toBe(false);
    expect(readFileSync(deps('lib', 'libtensorflow_cc.so.2'))).toEqual(elf(machine));
    expect(readlinkSync(deps('lib', 'libtensorflow.so'))).toBe('libtensorflow_cc.so.2');
    expect(readlinkSync(deps('lib', 'libtensorflow_framework.so'))).toBe('libtensorflow_framework.so.2');
    expect(existsSync(deps('nvidia', 'cublas', 'lib'))).toBe(true);
    for (const header of HEADERS) expect(existsSync(deps('include', header))).toBe(true);
  });

  it('of the user’s stays where it is', async () => {
    const names = ['libtensorflow.so', 'libtensorflow.so.2', 'libtensorflow_framework.so.2'];
    placeLibrary(place('lib'), place('include'), names, elf(machine));
    await stageLibrary(findLibtensorflow(folder), place('package'), false);
    for (const name of names) expect(readlinkSync(deps('lib', name))).toBe(place('lib', name));
    expect(lstatSync(place('lib', 'libtensorflow.so')).isFile()).toBe(true);
  });

  it('replaces one that was half staged before', async () => {
    mkdirSync(deps('lib', 'libtensorflow.so'), { recursive: true });
    placeLibrary(place('lib'), place('include'), ['libtensorflow.so', 'libtensorflow_framework.so'], elf(machine));
    await stageLibrary(findLibtensorflow(folder), place('package'), false);
    expect(readFileSync(deps('lib', 'libtensorflow.so'))).toEqual(elf(machine));
  });
});

describe('when the binding does not compile, the message tells', () => {
  const messageFor = (output: string) => compileError(new CommandError('node', 1, output)).message;

  it('the compiler’s errors, not all of node-gyp’s report', () => {
    const wrong = 'tfjs_backend.cc:30:10: fatal error: tensorflow/none.h: No such file or directory';
    const message = messageFor(`make: Entering directory\n${wrong}\ngyp info it worked`);
    expect(message).toContain(wrong);
    expect(message).not.toContain('Entering directory');
    expect(message).toContain('Choose another version with --wheel');
  });

  it('that node-gyp could not fetch the headers, and what to name instead', () => {
    const message = messageFor('gyp http GET …\ngyp ERR! stack Error: getaddrinfo ENOTFOUND nodejs.org');
    expect(message).toMatch(/could not fetch the headers of Node/);
    expect(message).toContain('--nodedir');
  });
});
