import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inGroups } from '../../../kernel/engine/devices/longSums';
import { packageRoot } from '../../../kernel/engine/packageRoot';

/** What `fixtures/dawnReads.ts` sends. Native code may end a process, hence one of its own. */
async function dawnReads(): Promise<unknown> {
  const artifacts = path.join(packageRoot(), 'test', 'artifacts');
  mkdirSync(artifacts, { recursive: true });
  const folder = mkdtempSync(path.join(artifacts, 'dawn-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const outfile = path.join(folder, 'dawnReads.mjs');
  const entry = path.join(packageRoot(), 'test', 'unit', 'engine', 'fixtures', 'dawnReads.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  const child = fork(outfile, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const ended = once(child, 'close');
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  expect(await ended).toEqual([0, null]);
  return messages[0];
}

describe('tfjs on Dawn', () => {
  it('reads synchronously and asynchronously, and fails the read after an operation that the device refused', async () => {
    const refusal = expect.stringMatching(/WebGPU refused an operation, .*: Buffer usages/);
    expect(await dawnReads()).toEqual({
      sync: 1000,
      async: 1000,
      asyncRefusal: refusal,
      syncRefusal: refusal,
      after: 1000,
      longSum: 1000,
    });
  });
});

describe('sums in groups', () => {
  it('add up any number of tensors, and free what lies between', async () => {
    await tf.setBackend('cpu');
    const backend = tf.backend();
    const { kernelFunc } = tf.getKernel(tf.AddN, 'cpu')!;
    const groups: number[] = [];
    const counted: typeof kernelFunc = (call) => {
      groups.push(Object.keys(call.inputs).length);
      return kernelFunc(call);
    };
    for (const [count, most] of [[1, 7], [7, 7], [8, 7], [40, 3]] as const) {
      const summands = Array.from({ length: count }, (_, i) => tf.tensor1d([i, 1]));
      const before = backend.numDataIds();
      groups.length = 0;
      const inputs = summands as unknown as tf.NamedTensorInfoMap;
      const sum = inGroups(counted, most)({ inputs, backend }) as tf.TensorInfo;
      expect([...(backend.readSync(sum.dataId) as Float32Array)]).toEqual([(count * (count - 1)) / 2, count]);
      expect(Math.max(...groups)).toBeLessThanOrEqual(most);
      expect(backend.numDataIds()).toBe(before + 1);
      backend.disposeData(sum.dataId);
      tf.dispose(summands);
    }
  }); // prettier-ignore
});
