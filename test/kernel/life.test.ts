import { afterEach, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

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
    ['an endless loop', 'let n = 0; while (true) n++;', 'n > 0'],
    [
      'an endless loop behind an await',
      'let m = 5; await new Promise((r) => setTimeout(r, 1)); while (true) m = 6;',
      'm',
    ],
    [
      'an endless chain of turns',
      'let t = 0; while (true) { await new Promise((r) => setImmediate(r)); t++; }',
      't > 0',
    ],
    ['a wait for nothing', 'const w = 7; await new Promise(() => {});', 'w'],
    [
      'an endless loop in a timer',
      'const q = 8; setTimeout(() => { while (true); }, 1); await new Promise(() => {});',
      'q',
    ],
  ])('stops %s and keeps the state', async (_what, code, state) => {
    kernel = await KernelUnderTest.start();
    const { success, error } = await interrupted(code);
    expect({ success, kind: error!.kind }).toEqual({ success: false, kind: 'interrupt' });
    expect((await kernel.run(state)).text).toMatch(/^(true|\d)$/);
    expect(kernel.exit).toBeUndefined();
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

describe('a kernel that ends', () => {
  it('by process.exit() tells its exit code and that the state is gone', async () => {
    kernel = await KernelUnderTest.start();
    const { error } = await kernel.run('console.log("last words"); process.exit(3)');
    expect(error).toMatchObject({ kind: 'crash' });
    expect(error!.message).toContain('ended with exit code 3');
    expect(kernel.messages).toContainEqual(expect.objectContaining({ type: 'stream', text: 'last words\n' }));
    expect(kernel.exit!.message).toContain('the next run starts a fresh kernel');
  });

  it('by a crash shows the tail of its stderr', async () => {
    kernel = await KernelUnderTest.start();
    const { error } = await kernel.run(
      'require("node:fs").writeSync(2, "native library: device lost\\n"); process.kill(process.pid, "SIGSEGV"); await new Promise(() => {})',
    );
    expect(error!.message).toMatch(/signal SIGSEGV[^]*native library: device lost/);
  });

  it('by running out of memory says so', async () => {
    kernel = await KernelUnderTest.start();
    const { error } = await kernel.run(
      'require("node:v8").setFlagsFromString("--max-old-space-size=120"); const hoard: unknown[] = []; while (true) hoard.push(Array.from({ length: 1e6 }, () => ({})));',
    );
    expect(error).toMatchObject({ kind: 'crash' });
    expect(error!.message).toContain('ran out of memory');
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

describe('starting', () => {
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
