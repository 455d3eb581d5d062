import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import { chooseDevice, DEVICE_NAMES, probeDevices, wholeReport, type Rung } from '../../../kernel/engine/devices';
import { RUNGS } from '../../../kernel/engine/devices/rungs';
import { selfTest } from '../../../kernel/engine/devices/selfTest';
import { currentRivals, currentRuntime } from '../../../kernel/engine/runtime';

const LADDER = [
  'tfjs-node-gpu',
  'xla-cuda',
  'xla-rocm',
  'xla-metal',
  'xla-intel',
  'traced-webgpu',
  'traced-cpu',
  'xla-cpu',
  'tfjs-node',
  'webgpu',
  'wasm',
  'cpu',
];
const EVERYWHERE = ['traced-cpu', 'wasm', 'cpu'];

const toleranceOf = (name: string): number => RUNGS.find((rung) => rung.name === name)!.tolerance;

/** What holds on every machine. */
function expectSoundReport(rungs: Rung[]): void {
  expect(rungs.map(({ name }) => name)).toEqual(LADDER);
  expect(rungs.filter(({ status }) => status === 'chosen').length).toBeLessThanOrEqual(1);
  for (const { reason } of rungs) expect(reason).not.toBe('');
  for (const { name, status } of rungs) if (EVERYWHERE.includes(name)) expect(status).not.toBe('unusable');
}

describe('the ladder', () => {
  it('takes the first rung that works, unless it computes in software what should be hardware', async () => {
    const rungs = await probeDevices();
    expectSoundReport(rungs);
    expect(rungs.map(({ status }) => status)).not.toContain('untried');
    const first = rungs.find(({ status, reason }) => status !== 'unusable' && !reason.includes('auto skips it'));
    expect(first?.status).toBe('chosen');
  });

  it('says of each rung that works what it is and how exact', async () => {
    for (const { name, status, reason, description, precision } of await probeDevices()) {
      if (status === 'unusable') continue;
      expect(reason).toContain(`${description}, ${precision}; `);
      if (toleranceOf(name) < 1e-4) expect(precision).toBe('float32');
    }
  });

  it('loads what it takes and makes it the backend', async () => {
    const device = await chooseDevice('auto');
    expectSoundReport(device.rungs);
    const chosen = device.rungs.find(({ status }) => status === 'chosen')!;
    expect(chosen).toMatchObject({ name: device.name, description: device.description });
    await selfTest(toleranceOf(device.name), currentRuntime());
  });

  it('is tried no further than the choice needs; the whole report tries the rest', async () => {
    const { rungs } = await chooseDevice('traced-cpu');
    for (const name of ['wasm', 'cpu']) {
      expect(rungs.find((rung) => rung.name === name)).toMatchObject({
        name,
        status: 'untried',
        reason: 'not tried: you asked for traced-cpu by name',
      });
    }
    const whole = await wholeReport();
    expectSoundReport(whole);
    expect(whole.map(({ status }) => status)).not.toContain('untried');
    expect(whole.find(({ status }) => status === 'chosen')?.name).toBe('traced-cpu');
    expect([tf.getBackend(), currentRuntime()]).toEqual(['wasm', 'cpu']);
  });

  it.each([
    ['traced-cpu', 'wasm', 'cpu'],
    ['wasm', 'wasm', 'eager'],
    ['cpu', 'cpu', 'eager'],
  ])('takes %s when it is asked for, on the backend %s and the runtime %s, with no race', async (name, ...engine) => {
    const device = await chooseDevice(name);
    expect([device.name, tf.getBackend(), currentRuntime()]).toEqual([name, ...engine]);
    expect(currentRivals()).toEqual([]);
    expect(device.rungs.find(({ status }) => status === 'chosen')).toMatchObject({
      name,
      reason: `${device.description}, float32; asked for by name`,
    });
  });

  it('refuses a rung that cannot be used with its own reason, and takes no other', async () => {
    await chooseDevice('cpu');
    for (const { name, reason } of (await probeDevices()).filter(({ status }) => status === 'unusable')) {
      await expect(chooseDevice(name)).rejects.toThrow(`The device ${name} cannot be used: ${reason}.`);
    }
    expect(tf.getBackend()).toBe('cpu');
  });

  it('leaves the backend in use alone when it only looks', async () => {
    await chooseDevice('cpu');
    await probeDevices();
    expect(tf.getBackend()).toBe('cpu');
  });

  it('says that a plugin which the environment names is not there', async () => {
    vi.stubEnv('LATENTLAB_XLA_CPU', path.resolve('no-such-plugin.so'));
    const reason = `${path.resolve('no-such-plugin.so')} ($LATENTLAB_XLA_CPU) is not there`;
    await expect(chooseDevice('xla-cpu')).rejects.toThrow(`The device xla-cpu cannot be used: ${reason}.`);
    const found = (await probeDevices()).find(({ name }) => name === 'xla-cpu');
    expect(found).toMatchObject({ status: 'unusable', reason });
    vi.unstubAllEnvs();
  });

  it('names what is allowed when there is no such device', async () => {
    const message = `There is no device “cuda”; choose one of auto, ${LADDER.join(', ')}.`;
    await expect(chooseDevice('cuda')).rejects.toThrow(message);
    await expect(probeDevices('cuda')).rejects.toThrow(message);
    expect(DEVICE_NAMES).toEqual(['auto', ...LADDER]);
  });

  it.each([
    ['traced-cpu:1', 'traced-cpu computes on the processor, and a number or a name chooses among GPUs'],
    ['wasm:0', 'wasm computes on the processor, and a number or a name chooses among GPUs'],
    ['webgpu:0', 'a number or a name chooses among NVIDIA’s GPUs, with xla-cuda or tfjs-node-gpu'],
    ['xla-rocm:MI300', 'a number or a name chooses among NVIDIA’s GPUs, with xla-cuda or tfjs-node-gpu'],
  ])('chooses no GPU for %s', async (request, why) => {
    const message = `There is no device “${request}”: ${why}; write ${request.split(':')[0]} alone.`;
    await expect(chooseDevice(request)).rejects.toThrow(message);
    await expect(probeDevices(request)).rejects.toThrow(message);
  });
});
