import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HeartbeatOptions } from '../../kernel/heartbeat';
import { KernelUnderTest } from './kernelUnderTest';

const QUICK = { every: 40, missed: 5 };
/** A machine that is busy with other things misses no beats for so long. */
const PATIENT = { ...QUICK, missed: 500 };
const BEATS = 10;

let kernel: KernelUnderTest;
afterEach(() => kernel.stop());

/** Hears of silence; `next` settles with the next word that says this of it. */
function ears() {
  let waiting: { wanted: boolean; resolve(): void }[] = [];
  const heard: boolean[] = [];
  return {
    heard,
    onSilence: (isSilent: boolean) => {
      heard.push(isSilent);
      for (const { wanted, resolve } of waiting) if (wanted === isSilent) resolve();
      waiting = waiting.filter(({ wanted }) => wanted !== isSilent);
    },
    next: (wanted: boolean) => new Promise<void>((resolve) => waiting.push({ wanted, resolve })),
  };
}

describe.each(['a child', 'a kept kernel'])('the heartbeat of %s', (kind) => {
  const start = (heartbeat: HeartbeatOptions, onSilence: (isSilent: boolean) => void) => {
    const options = { heartbeat, onSilence };
    return kind === 'a child' ? KernelUnderTest.start(options) : KernelUnderTest.startKept(options);
  };

  it('goes on while the main thread is busy with JavaScript, and with native code', async () => {
    const { heard, onSilence } = ears();
    kernel = await start(PATIENT, onSilence);
    /** Begins a cell, lets it go once so many beats have been answered meanwhile, and awaits its end. */
    const answersWhile = async (code: string, letGo: () => void) => {
      const { id, finished } = kernel.begin(`console.log("busy"); ${code}; "free"`);
      await kernel.next('stream', (message) => message.id === id);
      const known = Math.max(0, ...kernel.messages.map((message) => (message.type === 'beat' ? message.beat : 0)));
      await kernel.next('beat', ({ beat }) => beat > known + BEATS);
      letGo();
      expect((await finished).text).toBe("'free'");
    };
    await answersWhile("const { existsSync, readFileSync } = require('node:fs'); while (!existsSync('told'))", () =>
      kernel.write('told', ''),
    );
    const pipe = path.join(kernel.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // To open it takes until somebody writes.
    await answersWhile("readFileSync('pipe')", () => void writeFile(pipe, ''));
    expect(heard).toEqual([]);
  });

  it('tells that a process was stopped, and that it goes on', async () => {
    const { onSilence, next } = ears();
    kernel = await start(QUICK, onSilence);
    const { finished, id } = kernel.begin(`console.log("on"); const { existsSync } = require('node:fs');
      while (!existsSync('told')) await new Promise((resolve) => setTimeout(resolve, 10)); "done"`);
    await kernel.next('stream', (message) => message.id === id);
    const silent = next(true);
    process.kill(kernel.client.pid!, 'SIGSTOP');
    await silent;
    const again = next(false);
    process.kill(kernel.client.pid!, 'SIGCONT');
    await again;
    kernel.write('told', '');
    expect((await finished).text).toBe("'done'");
  });
});
