import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proveInChild } from '../../../../kernel/engine/devices/childProof';
import { prove } from '../../../../kernel/engine/devices/proof';
import type { RungDefinition } from '../../../../kernel/engine/devices/rung';
import { RUNGS } from '../../../../kernel/engine/devices/rungs';
import { packageRoot } from '../../../../kernel/engine/packageRoot';

const PATIENCE = 20_000;
const rung: RungDefinition = RUNGS.find(({ name }) => name === 'traced-cpu')!;

// Inside the repository, so that programs in it find their packages.
let folder: string;

beforeAll(() => {
  mkdirSync(path.join(packageRoot(), 'test', 'artifacts'), { recursive: true });
  folder = mkdtempSync(path.join(packageRoot(), 'test', 'artifacts', 'devices-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, code: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, code);
  return file;
}

describe('a self-test in a separate process', () => {
  it('comes to the same answer as in this one', async () => {
    expect(await proveInChild(rung, { patience: PATIENCE })).toEqual(await prove(rung));
    const nowhere = await proveInChild({ ...rung, name: 'none' }, { patience: PATIENCE });
    expect(nowhere).toEqual({ usable: false, reason: 'there is no device none' });
  });

  it.each([
    ['a crash', `process.kill(process.pid, 'SIGSEGV')`, 'its self-test ended with SIGSEGV', 'crash'],
    ['an exit', `process.exit(3)`, 'its self-test ended with exit code 3', undefined],
    [
      'what a library complains of',
      `console.error('W: Could not load dynamic library libcudart.so.11.0'); process.exit(1)`,
      'its self-test ended with exit code 1 (W: Could not load dynamic library libcudart.so.11.0)',
      undefined,
    ],
  ])('reports %s', async (name, code, reason, fatal) => {
    const file = program(`${name.replaceAll(' ', '-')}.mjs`, code);
    expect(await proveInChild(rung, { program: file, patience: PATIENCE })).toEqual({ usable: false, reason, fatal });
  });

  it.each([
    ['is the driver’s fault on a GPU', true, 'timeout'],
    ['is nobody’s fault on a processor, which may be busy', false, undefined],
  ])('is given up when it hangs, which %s', async (_, gpu, fatal) => {
    const file = program('hang.mjs', 'while (true);');
    const proof = await proveInChild({ ...rung, gpu }, { program: file, patience: 500 });
    expect(proof).toEqual({ usable: false, reason: 'its self-test gave no answer within 0.5 s', fatal });
  });

  it('names a GPU that TensorFlow names', async () => {
    const file = program(
      'gpu.mjs',
      `console.error('Created device /device:GPU:0 with 14000 MB memory: -> device: 0, name: Tesla T4, pci bus id: 0');
       const answer = { usable: true, description: 'GPU, TensorFlow with CUDA', precision: 'float32' };
       process.send(answer, () => process.exit(0));`,
    );
    const proof = await proveInChild(rung, { program: file, patience: PATIENCE });
    expect(proof).toMatchObject({ usable: true, description: 'GPU, TensorFlow with CUDA: Tesla T4' });
  });

  it('is not run when the rung cannot work, or the program is not built', async () => {
    const crash = program('never.mjs', `process.kill(process.pid, 'SIGSEGV')`);
    const missing = { ...rung, optionalPackage: { name: 'latentlab-has-no-such-package', note: 'x64' } };
    expect(await proveInChild(missing, { program: crash, patience: PATIENCE })).toEqual({
      usable: false,
      reason: 'not installed; `npm install latentlab-has-no-such-package` adds it (x64)',
    });
    const absent = { ...rung, absent: () => 'there is no such library' };
    expect(await proveInChild(absent, { program: crash, patience: PATIENCE })).toEqual({
      usable: false,
      reason: 'there is no such library',
    });
    const proof = await proveInChild(rung, { program: path.join(folder, 'none.js'), patience: PATIENCE });
    expect(proof).toMatchObject({ usable: false, reason: expect.stringContaining('is not built: npm run build') });
  });
});
