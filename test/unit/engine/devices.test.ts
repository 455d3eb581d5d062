import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseDevice, DEVICE_NAMES, deviceReportText, probeDevices, type Rung } from '../../../kernel/engine/devices';
import { proveInChild } from '../../../kernel/engine/devices/childProof';
import { prove } from '../../../kernel/engine/devices/proof';
import type { RungDefinition } from '../../../kernel/engine/devices/rung';
import { RUNGS } from '../../../kernel/engine/devices/rungs';
import { expectedStep, selfTest } from '../../../kernel/engine/devices/selfTest';
import { packageRoot } from '../../../kernel/engine/packageRoot';

const LADDER = ['tfjs-node-gpu', 'webgpu', 'tfjs-node', 'wasm', 'cpu'];
const PATIENCE = 20_000;

const rungCalled = (name: string): RungDefinition => RUNGS.find((rung) => rung.name === name)!;

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

/** What holds on every machine. */
function expectSoundReport(rungs: Rung[]): void {
  expect(rungs.map(({ name }) => name)).toEqual(LADDER);
  expect(rungs.filter(({ status }) => status === 'chosen').length).toBeLessThanOrEqual(1);
  for (const { reason } of rungs) expect(reason).not.toBe('');
  for (const { status } of rungs.slice(-2)) expect(['chosen', 'usable']).toContain(status);
}

describe('the ladder', () => {
  it('takes the first rung that works, unless it computes in software what should be hardware', async () => {
    const rungs = await probeDevices();
    expectSoundReport(rungs);
    const first = rungs.find(({ status, reason }) => status !== 'unusable' && !reason.includes('auto passes it by'));
    expect(first?.status).toBe('chosen');
  });

  it('loads what it takes and makes it the backend', async () => {
    const device = await chooseDevice('auto');
    expectSoundReport(device.rungs);
    const chosen = device.rungs.find(({ status }) => status === 'chosen')!;
    expect(chosen.name).toBe(device.name);
    expect(chosen.reason).toContain(device.description);
    await selfTest(rungCalled(device.name).tolerance);
  });

  it.each(['wasm', 'cpu'])('takes %s when it is asked for, and says so', async (name) => {
    const device = await chooseDevice(name);
    expect([device.name, tf.getBackend()]).toEqual([name, name]);
    expect(device.rungs.find(({ status }) => status === 'chosen')).toMatchObject({
      name,
      reason: `${device.description}; asked for by name`,
    });
  });

  it('refuses a rung that cannot be used with its own reason, and takes no other', async () => {
    await chooseDevice('cpu');
    for (const { name, reason } of (await probeDevices()).filter(({ status }) => status === 'unusable')) {
      await expect(chooseDevice(name)).rejects.toThrow(`The device ${name} cannot be used: ${reason}.`);
    }
  });

  it('leaves the backend in use alone when it only looks', async () => {
    await chooseDevice('cpu');
    await probeDevices();
    expect(tf.getBackend()).toBe('cpu');
  });

  it('names what is allowed when there is no such device', async () => {
    const message = 'There is no device “cuda”; choose one of auto, tfjs-node-gpu, webgpu, tfjs-node, wasm, cpu.';
    await expect(chooseDevice('cuda')).rejects.toThrow(message);
    await expect(probeDevices('cuda')).rejects.toThrow(message);
    expect(DEVICE_NAMES).toEqual(['auto', ...LADDER]);
  });
});

describe('the self-test', () => {
  it('knows a step that lowers the loss as the float64 gradient says', () => {
    expect(expectedStep().every((value) => Number.isFinite(value) && Math.abs(value) < 2)).toBe(true);
  });

  it('passes on a device that computes right', async () => {
    await tf.setBackend('cpu');
    await selfTest(1e-5);
  });

  it('fails on a device that computes wrong, or gives no numbers', async () => {
    await tf.setBackend('cpu');
    await expect(selfTest(1e-12)).rejects.toThrow(/off by .* more than the 1e-12 allowed/);
    const sigmoid = tf.getKernel('Sigmoid', 'cpu')!;
    const broken = (value: number) =>
      tf.registerKernel({
        ...sigmoid,
        kernelFunc: ({ inputs }) => tf.engine().makeTensorFromTensorInfo(tf.fill(inputs['x']!.shape, value)),
      });
    try {
      for (const value of [0.4, NaN]) {
        tf.unregisterKernel('Sigmoid', 'cpu');
        broken(value);
        await expect(selfTest(1e-5)).rejects.toThrow('its training step is off');
      }
    } finally {
      tf.unregisterKernel('Sigmoid', 'cpu');
      tf.registerKernel(sigmoid);
    }
  });

  it('turns a failing load into the reason', async () => {
    const rung = { ...rungCalled('cpu'), load: () => Promise.reject(new Error('no driver\n  at depth')) };
    expect(await prove(rung)).toEqual({ usable: false, reason: 'no driver' });
  });
});

describe('a self-test in a process of its own', () => {
  const rung: RungDefinition = { ...rungCalled('wasm'), native: true };

  it('comes to the same answer as in this one', async () => {
    const built = path.join(folder, 'probeMain.mjs');
    await build({
      entryPoints: [path.join(packageRoot(), 'kernel', 'engine', 'devices', 'probeMain.ts')],
      outfile: built,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const here = await prove(rungCalled('wasm'));
    const there = await proveInChild(rung, { program: built, patience: PATIENCE });
    expect(there).toMatchObject({ usable: true, description: here.usable && here.description });
    const nowhere = await proveInChild({ ...rung, name: 'none' }, { program: built, patience: PATIENCE });
    expect(nowhere).toEqual({ usable: false, reason: 'there is no rung none' });
  });

  it.each([
    ['a crash', `process.kill(process.pid, 'SIGSEGV')`, 'its self-test ended with SIGSEGV'],
    ['an exit', `process.exit(3)`, 'its self-test ended with exit code 3'],
    [
      'what a library complains of',
      `console.error('W: Could not load dynamic library libcudart.so.11.0'); process.exit(1)`,
      'its self-test ended with exit code 1 (W: Could not load dynamic library libcudart.so.11.0)',
    ],
  ])('reports %s', async (name, code, reason) => {
    const file = program(`${name.replaceAll(' ', '-')}.mjs`, code);
    expect(await proveInChild(rung, { program: file, patience: PATIENCE })).toEqual({ usable: false, reason });
  });

  it('is given up when it hangs', async () => {
    const file = program('hang.mjs', 'while (true);');
    const proof = await proveInChild(rung, { program: file, patience: 500 });
    expect(proof).toEqual({ usable: false, reason: 'its self-test gave no answer within 0.5 s' });
  });

  it('names a GPU that TensorFlow names', async () => {
    const file = program(
      'gpu.mjs',
      `console.error('Created device /device:GPU:0 with 14000 MB memory: -> device: 0, name: Tesla T4, pci bus id: 0');
       process.send({ usable: true, description: 'GPU, TensorFlow with CUDA' }, () => process.exit(0));`,
    );
    const proof = await proveInChild(rung, { program: file, patience: PATIENCE });
    expect(proof).toMatchObject({ usable: true, description: 'GPU, TensorFlow with CUDA: Tesla T4' });
  });

  it('is not tried when the package is missing or the program is not built', async () => {
    const missing = { ...rung, optionalPackage: { name: 'latentlab-has-no-such-package', note: 'x64' } };
    expect(await proveInChild(missing, { patience: PATIENCE })).toEqual({
      usable: false,
      reason: 'not installed; `npm install latentlab-has-no-such-package` adds it (x64)',
    });
    const proof = await proveInChild(rung, { program: path.join(folder, 'none.js'), patience: PATIENCE });
    expect(proof).toMatchObject({ usable: false, reason: expect.stringContaining('is not built: npm run build') });
  });
});

describe('deviceReportText', () => {
  it('lines up names, states and reasons, and marks what computes', () => {
    const text = deviceReportText([
      { name: 'webgpu', status: 'unusable', reason: 'no graphics adapter was found' },
      { name: 'cpu', status: 'chosen', reason: 'CPU, plain JavaScript' },
    ]);
    expect(text.split('\n')).toEqual([
      'Devices, best first (* computes):',
      '  webgpu  unusable  no graphics adapter was found',
      '* cpu     chosen    CPU, plain JavaScript',
    ]);
  });
});
