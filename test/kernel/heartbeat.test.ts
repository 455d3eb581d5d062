import { afterEach, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

const QUICK = { every: 40, missed: 5 };

let kernel: KernelUnderTest;
afterEach(() => kernel.stop());

/** Hears of silence; `next` is the next word of it. */
function ears() {
  const waiting: ((isSilent: boolean) => void)[] = [];
  const heard: boolean[] = [];
  return {
    heard,
    onSilence: (isSilent: boolean) => {
      heard.push(isSilent);
      waiting.shift()?.(isSilent);
    },
    next: () => new Promise<boolean>((resolve) => waiting.push(resolve)),
  };
}

describe.each(['a child', 'a kept kernel'])('the heartbeat of %s', (kind) => {
  const start = (onSilence: (isSilent: boolean) => void) => {
    const options = { heartbeat: QUICK, onSilence };
    return kind === 'a child' ? KernelUnderTest.start(options) : KernelUnderTest.startKept(options);
  };

  it('goes on while the main thread is busy with JavaScript, and with native code', async () => {
    const { heard, onSilence } = ears();
    kernel = await start(onSilence);
    const beats = () => kernel.messages.filter(({ type }) => type === 'beat').length;
    await kernel.run('const until = Date.now() + 600; while (Date.now() < until);');
    const inJavaScript = beats();
    await kernel.run('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);');
    expect(heard).toEqual([]);
    expect(inJavaScript).toBeGreaterThanOrEqual(QUICK.missed);
    expect(beats()).toBeGreaterThanOrEqual(inJavaScript + QUICK.missed);
  });

  it('tells that a process was stopped, and that it goes on', async () => {
    const { onSilence, next } = ears();
    kernel = await start(onSilence);
    const { finished, id } = kernel.begin('console.log("on"); await new Promise((r) => setTimeout(r, 200)); "done"');
    await kernel.next('stream', (message) => message.id === id);
    const silent = next();
    process.kill(kernel.client.pid!, 'SIGSTOP');
    expect(await silent).toBe(true);
    const again = next();
    process.kill(kernel.client.pid!, 'SIGCONT');
    expect(await again).toBe(false);
    expect((await finished).text).toBe("'done'");
  });
});
