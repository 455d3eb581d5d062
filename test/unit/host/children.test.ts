import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startChild, stopChild, waitForOutput } from '../../host/children.mjs';

const piped = { stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
const node = (code: string) => startChild(process.execPath, ['-e', code], piped);

describe('a child process', () => {
  it('ends with its own children, also when it ignores a polite signal', async () => {
    const child = node(`
      process.on('SIGTERM', () => {});
      const inner = require('child_process').spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)'],
        { stdio: ['ignore', 'pipe', 'inherit'] });
      inner.stdout.once('data', () => console.log('inner ' + inner.pid));
      setInterval(() => {}, 1e6);`);
    const [, innerPid] = await waitForOutput(child, /inner (\d+)/, { name: 'the child', deadlineMs: 20_000 });
    // Whoever holds the pipe's other end is alive; it closes when the last of them is gone.
    const closed = once(child, 'close');
    await stopChild(child, 100);
    await closed;
    expect(child.signalCode).toBe('SIGKILL');
    expect(Number(innerPid)).toBeGreaterThan(0);
  });

  it('is not waited for when it has ended already', async () => {
    const child = node('');
    await once(child, 'exit');
    await stopChild(child);
  });
});

describe('waiting for what a process prints', () => {
  it('gives the match, over the borders of what arrives', async () => {
    const child = node(`process.stdout.write('list'); setImmediate(() => console.log('ening on 4711'));`);
    const [, port] = await waitForOutput(child, /listening on (\d+)/, { name: 'the server', deadlineMs: 20_000 });
    expect(port).toBe('4711');
  });

  it('says what a process printed that ended before', async () => {
    const child = node(`console.error('address in use'); process.exitCode = 3;`);
    const waiting = waitForOutput(child, /listening/, { name: 'the server', deadlineMs: 20_000 });
    await expect(waiting).rejects.toThrow(/the server ended with 3 .*\n?address in use/s);
  });

  it('does not wait for ever', async () => {
    const child = node(`console.log('hm'); setInterval(() => {}, 1e6);`);
    if (child.stdout) await once(createInterface({ input: child.stdout }), 'line');
    const waiting = waitForOutput(child, /listening/, { name: 'the server', deadlineMs: 10 });
    await expect(waiting).rejects.toThrow('the server was not ready after 0.01 s');
    await stopChild(child);
  });

  it('says that a program is missing', async () => {
    const child = startChild('/no/such/program', [], piped);
    const waiting = waitForOutput(child, /x/, { name: 'the server', deadlineMs: 20_000 });
    await expect(waiting).rejects.toThrow(/the server could not be started: .*ENOENT/);
  });
});
