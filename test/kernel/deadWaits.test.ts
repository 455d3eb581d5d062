import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, type TestContext } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

const HINT = /waits for a promise that nothing will settle; interrupt the cell/;

type Options = Parameters<typeof KernelUnderTest.start>[0];

/** One for each test: they wait most of the time, so they run side by side. */
async function started(context: TestContext, options?: Options): Promise<KernelUnderTest> {
  const kernel = await KernelUnderTest.start(options);
  context.onTestFinished(() => kernel.stop());
  return kernel;
}

function hintsOf({ messages }: KernelUnderTest) {
  return messages.filter(({ type }) => type === 'deadWait');
}

describe.concurrent('a cell that waits for what nothing will settle', () => {
  it.for<[string, string]>([
    ['an await', 'await new Promise(() => {})'],
    ['a promise as last value', 'new Promise(() => {})'],
    ['a function of the cell', 'const never = async () => { await new Promise(() => {}); }; await never();'],
    ['what ended without a word', 'await new Promise((r) => setTimeout(r, 20)); await new Promise(() => {})'],
    [
      'something behind native work',
      `await new Promise((r) => require('node:crypto').pbkdf2('', '', 100_000, 64, 'sha512', r)); await new Promise(() => {})`,
    ],
  ])('says so and can be interrupted: %s', async ([, code], context) => {
    const kernel = await started(context);
    await kernel.run("process.on('beforeExit', () => console.log('no end'))");
    const { id, finished } = kernel.begin(code);
    expect((await kernel.next('deadWait')).hint).toMatch(HINT);
    const { text } = await kernel.next('stream', (message) => message.id === id);
    expect(text).toMatch(/^cell 2 waits for/);
    kernel.client.interrupt();
    const { error, printed } = await finished;
    expect(error!.kind).toBe('interrupt');
    expect(printed).toHaveLength(1);
    expect(await kernel.run('1 + 1')).toMatchObject({ text: '2', printed: [] });
  });

  it('says it once, and again in the next', async (context) => {
    const kernel = await started(context);
    for (const cell of [1, 2]) {
      const { id, finished } = kernel.begin('await new Promise(() => {})');
      expect((await kernel.next('deadWait', ({ hint }) => hint.startsWith(`cell ${cell} `))).id).toBe(id);
      kernel.client.interrupt();
      await finished;
    }
    expect(hintsOf(kernel)).toHaveLength(2);
  });
});

describe.concurrent('a cell that waits for what will come gets no hint', () => {
  // Longer than the kernel's patience with a cell.
  const LONG = 4500;

  it.for<[string, string]>([
    ['a timer', `await new Promise((r) => setTimeout(r, ${LONG}))`],
    ['a timer that keeps no process alive', `await new Promise((r) => setTimeout(r, ${LONG}).unref())`],
    ['a sleep of Node', `await require('node:timers/promises').setTimeout(${LONG})`],
    ['a child process', `await require('node:util').promisify(require('node:child_process').exec)('sleep 4.5')`],
    [
      'a worker thread',
      `await new Promise((r) => new (require('node:worker_threads').Worker)('setTimeout(() => {}, ${LONG})', { eval: true }).on('exit', r))`,
    ],
    ['an interval of an earlier cell', 'await earlier'],
  ])('%s', async ([, code], context) => {
    const kernel = await started(context);
    await kernel.run(`const earlier = new Promise((r) => setTimeout(r, ${LONG + 3000})); 0`);
    const { success, duration } = await kernel.run(code);
    expect(success).toBe(true);
    expect(duration).toBeGreaterThan(3000);
    expect(hintsOf(kernel)).toEqual([]);
  });

  it('native work', async (context) => {
    const kernel = await started(context);
    const pipe = path.join(kernel.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // A thread of Node's pool opens it, which takes until somebody writes.
    setTimeout(() => void writeFile(pipe, 'late'), LONG);
    expect((await kernel.run("await require('node:fs').promises.readFile('pipe', 'utf8')")).text).toBe("'late'");
    expect(hintsOf(kernel)).toEqual([]);
  });

  it('the user', async (context) => {
    const ask = () => new Promise<string>((resolve) => setTimeout(() => resolve('at last'), LONG));
    const kernel = await started(context, { ask });
    const { text } = await kernel.run(`
      import readline from 'node:readline/promises';
      await readline.createInterface({ input: process.stdin, output: process.stdout }).question('Q? ')`);
    expect(text).toBe("'at last'");
    expect(hintsOf(kernel)).toEqual([]);
  });

  it('a request', async (context) => {
    const server = createServer((socket) => {
      setTimeout(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate'), LONG);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const kernel = await started(context);
    const { port } = server.address() as AddressInfo;
    expect((await kernel.run(`await (await fetch('http://127.0.0.1:${port}')).text()`)).text).toBe("'late'");
    server.close();
    expect(hintsOf(kernel)).toEqual([]);
  });

  it('a training', async (context) => {
    const kernel = await started(context);
    const { duration } = await kernel.run(`
import { Dataset, VAE } from 'latentlab';
const data = Dataset.from(Array.from({ length: 256 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]));
const vae = new VAE({ input: 3, latent: 1, hidden: [8], likelihood: 'gaussian', seed: 1 });
const begin = performance.now();
while (performance.now() - begin < ${LONG}) await vae.fit(data, { epochs: 20 });`);
    expect(duration).toBeGreaterThan(LONG);
    expect(hintsOf(kernel)).toEqual([]);
  });
});

/** Work of Node's thread pool that no handle or request of the event loop stands for. */
