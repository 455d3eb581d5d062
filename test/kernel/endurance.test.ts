/**
 * A long working day in one kernel after the other: cells, interrupts, windows that go and come back, kernels that are
 * killed. `LATENTLAB_KILLS` says how many of these; each costs a start.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { KernelUnderTest, type CellRun } from './kernelUnderTest';

const CELLS = 1000;
const INTERRUPTS = 100;
const RELOADS = 20;
const KILLS = Number(process.env['LATENTLAB_KILLS'] ?? 5);

/** What JavaScript's values take after a collection, in bytes. */
const HEAP = `(() => {
  require('node:v8').setFlagsFromString('--expose-gc');
  require('node:vm').runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
})()`;

/** What a process holds in memory, in bytes. */
function residentOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

it('survives a long day: nothing hangs, nothing is lost, memory is flat', { timeout: 15 * 60_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-endurance-'));
  let kernel = await KernelUnderTest.startKept({ folder });
  const printed: string[] = [];
  let expected = 0;

  /** One cell that counts, prints, shows, and makes and disposes of a tensor. */
  async function count(): Promise<void> {
    const run = await kernel.run(
      `const t${expected % 50} = tf.tidy(() => tf.ones([64]).sum().dataSync()[0]); console.log(++counted); counted`,
    );
    expect(run.error).toBeUndefined();
    expect(run.text).toBe(String(++expected));
    printed.push(...run.printed.map(({ text }) => text.trim()));
    kernel.forget();
  }

  async function begin(): Promise<void> {
    await kernel.run(`import { tf } from 'latentlab'; let counted = ${expected};`);
  }

  /** Stops a cell that waits, or every tenth time one that computes without end. */
  async function interrupt(turn: number): Promise<CellRun> {
    const { id, finished } = kernel.begin(
      turn % 10 === 0 ? 'console.log("on"); while (true);' : 'console.log("on"); await new Promise(() => {});',
    );
    await kernel.next('stream', (message) => message.id === id);
    kernel.client.interrupt();
    return finished;
  }

  async function reload(): Promise<void> {
    const { pid } = kernel.client;
    kernel.client.leave();
    const found = await KernelUnderTest.find({ folder });
    expect(found!.client.pid).toBe(pid);
    kernel = found!.kernel;
  }

  await begin();
  await count();
  await kernel.run('const settled = 0;');
  const heaps: number[] = [];
  for (let cell = 1; cell < CELLS; cell++) {
    await count();
    if (cell % (CELLS / INTERRUPTS) === 0)
      expect((await interrupt((cell * INTERRUPTS) / CELLS)).error!.kind).toBe('interrupt');
    if (cell % (CELLS / RELOADS) === 0) await reload();
    if (cell % (CELLS / 4) === 0) heaps.push(Number((await kernel.run(HEAP)).text));
  }
  const resident = residentOf(kernel.client.pid!);
  expect(await kernel.run('tf.memory().numTensors')).toMatchObject({ text: '0' });
  // Megabytes: a quarter of the day leaves hardly more than its cells' texts.
  const growth = (heaps.at(-1)! - heaps[0]!) / 2 ** 20;
  expect(growth).toBeLessThan(4);
  expect(resident).toBeLessThan(1.5 * 2 ** 30);

  for (let kill = 0; kill < KILLS; kill++) {
    const { finished, id } = kernel.begin('console.log("on"); await new Promise(() => {});');
    await kernel.next('stream', (message) => message.id === id);
    process.kill(kernel.client.pid!, 'SIGKILL');
    expect((await finished).error!.kind).toBe('crash');
    kernel = await KernelUnderTest.startKept({ folder });
    await begin();
    await count();
  }
  await kernel.client.shutdown();
  rmSync(folder, { recursive: true, force: true });
  expect(printed).toEqual(Array.from({ length: CELLS + KILLS }, (_, i) => String(i + 1)));
});
