import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KernelClient } from '../../kernel/client';
import { PROTOCOL_VERSION } from '../../kernel/protocol';
import { kernelMain, KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

afterEach(() => kernel?.stop());

describe('interrupting', () => {
  /** Runs a cell that says when it is under way, interrupts it then, and awaits its end. */
  async function interrupted(code: string) {
    const { id, finished } = kernel.begin(`console.log('under way'); ${code}`);
    await kernel.next('stream', (message) => message.id === id);
    kernel.client.interrupt();
    return finished;
  }

  it.each([
    ['an endless loop', 'let n = 0; while (true) n++;', 'n > 0', 'true'],
    ['an endless loop behind an await', 'let m = 5; await null; m = 6; while (true);', 'm', '6'],
    [
      'an endless chain of turns',
      'let t = 0; while (true) { await new Promise((r) => setImmediate(r)); t++; }',
      't >= 0',
      'true',
    ],
    ['a wait for nothing', 'const w = 7; await new Promise(() => {});', 'w', '7'],
    [
      'an endless loop in a timer',
      'const q = 8; setTimeout(() => { while (true); }, 1); await new Promise(() => {});',
      'q',
      '8',
    ],
    ['an endless look at a value', '({ [require("node:util").inspect.custom]() { while (true); } })', '9', '9'],
  ])('stops %s and keeps the state', async (_what, code, state, value) => {
    kernel = await KernelUnderTest.start();
    const { success, error } = await interrupted(code);
    expect({ success, kind: error!.kind }).toEqual({ success: false, kind: 'interrupt' });
    expect((await kernel.run(state)).text).toBe(value);
    expect(kernel.exit).toBeUndefined();
  });

  it('lets finally blocks do their work', async () => {
    kernel = await KernelUnderTest.start();
    await interrupted(
      'let closed = 0; const work = async () => { try { while (true) await new Promise((r) => setImmediate(r)); } finally { await null; closed = 1; } }; await work();',
    );
    await kernel.run('await new Promise((r) => setImmediate(r))');
    expect((await kernel.run('closed')).text).toBe('1');
  });

  it('is meant for the cell that ran then, not for the next one', async () => {
    kernel = await KernelUnderTest.start();
    const first = kernel.begin(
      'console.log("busy"); const until = Date.now() + 300; while (Date.now() < until); "first"',
    );
    const second = kernel.begin('await null; await null; "second"');
    await kernel.next('stream', (message) => message.id === first.id);
    kernel.client.interrupt();
    await first.finished;
    expect((await second.finished).text).toBe("'second'");
  });

  it('frees a module that was loading', async () => {
    kernel = await KernelUnderTest.start();
    kernel.write(
      'once.ts',
      'const g: { seen?: boolean } = globalThis; console.log("loading"); if (!g.seen) { g.seen = true; while (true); } export const x = 3;',
    );
    const { finished, id } = kernel.begin("import { x } from './once'");
    await kernel.next('stream', (message) => message.id === id);
    kernel.client.interrupt();
    expect((await finished).error!.kind).toBe('interrupt');
    expect((await kernel.run("import { x } from './once'; x")).text).toBe('3');
  });

  it('leaves nothing behind that goes on by itself', async () => {
    kernel = await KernelUnderTest.start();
    await interrupted(
      'let ticks = 0; const tick = async () => { while (true) { await new Promise((r) => setImmediate(r)); ticks++; } }; await tick();',
    );
    const { text } = await kernel.run(
      'const seen = ticks; for (let i = 0; i < 50; i++) await new Promise((r) => setImmediate(r)); ticks - seen',
    );
    expect(text).toBe('0');
  });

  it('has no effect on cells that run later', async () => {
    kernel = await KernelUnderTest.start();
    await kernel.run('const slow = async (v: number) => { await null; await null; return v; };');
    await interrupted('while (true);');
    expect((await kernel.run('await slow(3)')).text).toBe('3');
  });
});

/** Waits until a process has ended; a dead one that nobody has asked about yet counts as ended. */
async function gone(pid: number): Promise<void> {
  const isGone = () => {
    try {
      return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return true;
    }
  };
  await vi.waitUntil(isGone, { timeout: 20_000, interval: 20 });
}

describe('what an interrupted cell started', () => {
  it.each([
    [
      'a loop that catches everything',
      'for (;;) { try { await new Promise((r) => setTimeout(r, 5)); n++; } catch {} }',
    ],
    ['an interval', 'setInterval(() => n++, 5); await new Promise(() => {});'],
    ['a chain of timers', 'const next = () => { n++; setTimeout(next, 5); }; next(); await new Promise(() => {});'],
    [
      'a sleep of Node',
      "import { setTimeout as sleep } from 'node:timers/promises'; for (;;) { try { await sleep(5); n++; } catch {} }",
    ],
  ])('goes no further: %s', async (_what, code) => {
    kernel = await KernelUnderTest.start();
    const { id, finished } = kernel.begin(`let n = 0; console.log('under way'); ${code}`);
    await kernel.next('stream', (message) => message.id === id);
    kernel.client.interrupt();
    expect((await finished).error!.kind).toBe('interrupt');
    const { text } = await kernel.run('const seen = n; await new Promise((r) => setTimeout(r, 100)); n - seen');
    expect(text).toBe('0');
  });

  it('ends with it: a child process that is waited for, and one that is not', async () => {
    kernel = await KernelUnderTest.start();
    const { id, finished } = kernel.begin(
      "const { spawn, execSync } = require('node:child_process'); console.log(spawn('sleep', ['600']).pid); execSync('sleep 600; true');",
    );
    const { text } = await kernel.next('stream', (message) => message.id === id);
    kernel.client.interrupt();
    expect((await finished).error).toMatchObject({ kind: 'interrupt' });
    await gone(Number(text));
  });

  it('and only a restart can end is said at the next interrupt', async () => {
    kernel = await KernelUnderTest.start();
    const { id, finished } = kernel.begin(
      "const { readdir } = require('node:fs/promises'); console.log('under way'); for (;;) { try { await readdir('.'); } catch {} }",
    );
    await kernel.next('stream', (message) => message.id === id);
    kernel.client.interrupt();
    await finished;
    await kernel.run('await new Promise((r) => setTimeout(r, 300))');
    kernel.client.interrupt();
    expect((await kernel.next('restartAdvised')).reason).toMatch(/cell 1.*restart/);
  });
});

it("keeps the kernel's own listeners when a cell removes all", async () => {
  kernel = await KernelUnderTest.start();
  await kernel.run('process.removeAllListeners()');
  expect((await kernel.run('"still here"')).text).toBe("'still here'");
});

describe('a kernel that ends', () => {
  it('by process.exit() tells its exit code and that the state is gone', async () => {
    kernel = await KernelUnderTest.start();
    const { error } = await kernel.run('console.log("last words"); process.exit(3)');
    expect(error).toMatchObject({ kind: 'crash' });
    expect(error!.message).toContain('ended with exit code 3');
    expect(kernel.messages).toContainEqual(expect.objectContaining({ type: 'stream', text: 'last words\n' }));
    expect(kernel.exit!.message).toContain('the next run starts a new kernel');
  });

  it('by a crash shows the tail of its stderr', async () => {
    kernel = await KernelUnderTest.start();
    const { error } = await kernel.run(
      'require("node:fs").writeSync(2, "native library: device lost\\n"); process.kill(process.pid, "SIGSEGV"); await new Promise(() => {})',
    );
    expect(error!.message).toMatch(/signal SIGSEGV[^]*native library: device lost/);
  });

  it('by running out of memory says so, and names the largest tensors there were', async () => {
    kernel = await KernelUnderTest.start();
    await kernel.run(
      "import { tf } from 'latentlab'; const held = tf.zeros([8500, 8500]); const small = tf.zeros([2]);",
    );
    const { error } = await kernel.run(
      'require("node:v8").setFlagsFromString("--max-old-space-size=120"); const hoard: unknown[] = []; while (true) hoard.push(new Array(1_000_000).fill(1.5));',
    );
    expect(error).toMatchObject({ kind: 'crash' });
    expect(error!.message).toContain('ran out of memory');
    expect(error!.message).toContain('2 tensors hold 289 MB; the largest:\n  held  [8500, 8500] float32, 289 MB\n');
  });

  it('ends what its cells started, and its host hears at once', async () => {
    kernel = await KernelUnderTest.start();
    const { text } = await kernel.run(
      'const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" }); child.pid',
    );
    expect((await kernel.run('process.exit(1)')).error!.message).toContain('exit code 1');
    await gone(Number(text));
  });

  it.each([
    ['in good order', (client: KernelClient) => client.shutdown()],
    ['by being killed', (client: KernelClient) => (client.kill(), client.exited)],
  ])('%s takes its child processes with it', async (_how, end) => {
    kernel = await KernelUnderTest.start();
    const { text } = await kernel.run('require("node:child_process").spawn("sleep", ["600"]).pid');
    await end(kernel.client);
    await gone(Number(text));
  });

  it('fails the cells that were waiting, and later ones, with the reason', async () => {
    kernel = await KernelUnderTest.start();
    const dying = kernel.begin('process.exit(1)');
    const waiting = kernel.begin('1');
    expect((await dying.finished).error!.kind).toBe('crash');
    expect((await waiting.finished).error!.kind).toBe('crash');
    expect((await kernel.run('2')).error!.kind).toBe('crash');
  });
});

describe('a host that dies', () => {
  it('takes even a busy kernel with it', async () => {
    const host = `
      const { fork } = require('node:child_process');
      const stdio = ['ignore', 'inherit', 'ignore', 'ipc', 'pipe'];
      const kernel = fork(${JSON.stringify(kernelMain)}, [], { serialization: 'advanced', stdio });
      const code = 'console.log("busy"); while (true);';
      kernel.on('message', ({ type }) => {
        if (type === 'ready') kernel.send({ type: 'execute', id: 'a', cellName: 'a', language: 'typescript', code });
        if (type === 'stream') process.kill(process.pid, 'SIGKILL');
      });
      kernel.send({ type: 'initialize', protocol: ${PROTOCOL_VERSION}, device: 'cpu', folder: process.cwd() });`;
    const child = spawn(process.execPath, ['-e', host], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    // The kernel holds the other end of this pipe: it closes when both processes are gone.
    const closed = once(child, 'close');
    child.stdout.resume();
    expect((await ended)[1]).toBe('SIGKILL');
    await closed;
  });
});

describe('starting', () => {
  it('happens on the Node that this run asks for, else on the one that runs the host', async () => {
    const asked = realpathSync(process.env['LATENTLAB_TEST_NODE'] ?? process.execPath);
    kernel = await KernelUnderTest.start();
    expect((await kernel.run('process.execPath')).text).toBe(inspect(asked));
    expect(kernel.client.ready.node).toBe(execFileSync(asked, ['-p', 'process.version'], { encoding: 'utf8' }).trim());
  });

  it('names a folder that is not there', async () => {
    const folder = '/no/such/folder';
    const start = KernelClient.start({
      kernelMain,
      device: 'wasm',
      folder,
      onMessage: () => undefined,
      onExit: () => undefined,
    });
    await expect(start).rejects.toThrow(/\/no\/such\/folder does not exist/);
  });

  it('refuses a device that does not exist, naming those that do', async () => {
    await expect(KernelUnderTest.start({ device: 'abacus' })).rejects.toThrow(/abacus.*wasm/s);
  });

  it('gives up at its deadline', async () => {
    await expect(KernelUnderTest.start({ startupDeadline: 1 })).rejects.toThrow(/not ready after 0\.001 s/);
  });

  it('tells the device and why the rungs above it were not taken', async () => {
    kernel = await KernelUnderTest.start({ device: 'auto' });
    const { device } = kernel.client.ready;
    expect(device.rungs.filter(({ status }) => status === 'chosen').map(({ name }) => name)).toEqual([device.name]);
    expect(device.rungs.every(({ reason }) => reason.length > 0)).toBe(true);
  });
});
