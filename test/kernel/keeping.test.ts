/** Kernels that outlive their host: what a host that comes later finds. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeeperFile } from '../../kernel/keeping/frames';
import { unheldKernels } from '../../kernel/keeping/kept';
import { framed } from '../../kernel/pipe';
import { MIME, type LossCurvesView } from '../../kernel/views/types';
import { DebugClient } from './debugClient';
import { KernelUnderTest, trainedBy } from './kernelUnderTest';
import {
  files,
  find,
  folder,
  held,
  isThere,
  kernels,
  leave,
  leaveAlone,
  start,
  tell,
  until,
  untilAlone,
  untilIdle,
  UNTIL_TOLD,
} from './keptKernels';
import { answerTo, deafHost, stateOf } from './strangers';

const curvesOf = (bundle: Record<string, unknown>) => bundle[MIME.lossCurves] as LossCurvesView;

const TRAINING = `
import { Dataset, VAE } from 'latentlab';
const data = Dataset.from(Array.from({ length: 256 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]));
const vae = new VAE({ input: 3, latent: 1, hidden: [8], likelihood: 'gaussian', seed: 1 });
const history = await vae.fit(data, { epochs: 1_000_000 });`;

describe('a kernel that is kept', () => {
  it('runs cells as any other, and ends with its keeper when it is shut down', async () => {
    const kernel = await start();
    expect((await kernel.run('1 + 1')).text).toBe('2');
    const [{ pid } = expect.fail('no file')] = files();
    await kernel.client.shutdown();
    await until(() => !isThere(pid));
    expect(readdirSync(kernels)).toEqual([]);
    expect(kernel.exit).toBeUndefined();
  });

  it('has its variables when the next host comes, and tells what its cells show', async () => {
    const first = await start();
    await first.run('const kept = [1, 2]; console.log("printed"); kept');
    leave(first);
    const found = await find();
    expect(found!.client.pid).toBe(first.client.pid);
    expect((await found!.kernel.run('kept')).text).toBe('[ 1, 2 ]');
    const [run] = found!.runs;
    expect(run).toMatchObject({ missed: false, cell: { cellName: 'cell 1' }, finished: { success: true } });
    expect(run!.outputs).toMatchObject([
      { type: 'stream', text: 'printed\n' },
      { type: 'display', bundle: { 'text/plain': '[ 1, 2 ]' } },
    ]);
  });

  it('goes on with a cell, whose end the next host hears', async () => {
    const first = await start();
    const { id } = first.begin(`console.log("before"); ${UNTIL_TOLD} console.log("after"); "done"`);
    await first.next('stream');
    leave(first);
    const found = await find();
    const [{ cell, outputs, finished } = expect.fail('no run')] = found!.runs;
    expect({ id: cell.id, finished, first: outputs[0] }).toMatchObject({
      id,
      finished: undefined,
      first: { text: 'before\n' },
    });
    tell();
    expect(await found!.client.finished(id)).toMatchObject({ success: true });
    expect(found!.kernel.messages.filter(({ type }) => type === 'stream')).toMatchObject([{ text: 'after\n' }]);
  });

  it('tells the end of a cell also where it came before somebody asked for it', async () => {
    const first = await start();
    const { id } = first.begin(`console.log("on"); ${UNTIL_TOLD} "done"`);
    await first.next('stream');
    leave(first);
    const found = await find();
    tell();
    // Behind it in the queue, so that its end has been heard by then.
    await found!.kernel.run('1');
    expect(await found!.client.finished(id)).toMatchObject({ success: true });
  });

  it('keeps what nobody heard: a cell that ended, its printed lines joined and its display as it was last', async () => {
    const first = await start();
    first.begin(
      `console.log("one"); const shown = display("old"); ${UNTIL_TOLD} console.log("two"); console.log("three"); 7`,
    );
    await first.next('display');
    await leaveAlone(first);
    await untilIdle();
    const found = await find();
    const [run] = found!.runs;
    expect(run).toMatchObject({ missed: true, finished: { success: true } });
    const texts = run!.outputs.map((output) => (output.type === 'stream' ? output.text : output.bundle['text/plain']));
    expect(texts).toEqual(['one\n', "'old'", 'two\nthree\n', '7']);
  });

  it('goes on training; the next host sees the newest curves, watches, and stops it', async () => {
    const first = await start();
    const { id } = first.begin(TRAINING);
    const { viewId, step } = await trainedBy(first, 20);
    leave(first);
    const { kernel, runs, client } = (await find())!;
    expect(client.trainings).toMatchObject([{ viewId }]);
    expect(runs.at(-1)!.outputs.some((output) => 'bundle' in output && curvesOf(output.bundle))).toBe(true);
    await client.request(viewId, { kind: 'watch' });
    const { view } = await kernel.next('viewFrame');
    const seen = (view as LossCurvesView).progress.step;
    expect(seen).toBeGreaterThanOrEqual(step);
    await trainedBy(kernel, seen);
    client.interrupt();
    expect(await client.finished(id)).toMatchObject({ success: false, error: { kind: 'interrupt' } });
  });

  it('asks the next host what it asked the first one', async () => {
    const asked: string[] = [];
    const first = await KernelUnderTest.startKept({
      folder,
      ask: ({ question }) => {
        asked.push(question);
        return new Promise(() => {});
      },
    });
    const { id } = first.begin('prompt("How many?")');
    await until(() => asked.length > 0);
    first.client.leave();
    const found = await KernelUnderTest.find({ folder, ask: ({ question }) => Promise.resolve(`${question} 3`) });
    held.push(found!.kernel);
    await found!.client.finished(id);
    const { bundle } = await found!.kernel.next('display');
    expect(bundle['text/plain']).toBe("'How many? 3'");
  });

  it('goes on from a breakpoint when its host leaves, without the debugger', async () => {
    const first = await start();
    const debug = await DebugClient.attach(first, { 'latentlab-cell-1': [{ line: 2 }] });
    const stopped = debug.stopped();
    const { id } = first.begin('let n = 1;\nn += 1;\nn');
    await stopped;
    leave(first);
    const found = await find();
    const [run] = found!.runs;
    // It may have ended before it was found.
    expect(run!.finished ?? (await found!.client.finished(id))).toMatchObject({ success: true });
    expect((await found!.kernel.run('n')).text).toBe('2');
  });

  it('has a note of the cells that wait at its host, for the next one alone', async () => {
    const first = await start();
    const waiting = [{ cellName: 'cell 2', code: '2' }];
    first.client.note(waiting);
    leave(first);
    const second = await find();
    expect(second!.waiting).toEqual(waiting);
    leave(second!.kernel);
    expect((await find())!.waiting).toEqual([]);
  });

  it('survives twenty hosts, one after the other', async () => {
    let kernel = await start();
    await kernel.run('let visits = 0;');
    for (let visit = 1; visit <= 20; visit++) {
      leave(kernel);
      const found = await find();
      kernel = found!.kernel;
      expect((await kernel.run('++visits')).text).toBe(String(visit));
    }
    expect(files()).toHaveLength(1);
  });

  it('survives a host that is killed', async () => {
    const script = `
      import { startKept } from ${JSON.stringify(path.resolve('test/artifacts/keepingHost.mjs'))};
      const client = await startKept(${JSON.stringify({
        kernelMain: path.resolve('dist/kernel/main.js'),
        device: 'wasm',
        folder,
        owner: 'the test',
        patience: { busy: 60_000, idle: 60_000 },
      })}, () => {});
      await client.execute({ id: 'a', cellName: 'cell 1', language: 'typescript', code: 'const here = 5;' });
      process.kill(process.pid, 'SIGKILL');`;
    const { build } = await import('esbuild');
    await build({
      stdin: {
        contents: `import { startKept as start } from './kernel/keeping/kept'; export const startKept = (options) => start({ ...options, onMessage() {}, onExit() {} });`,
        resolveDir: path.resolve('.'),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: 'test/artifacts/keepingHost.mjs',
    });
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' })).toThrow(
      'SIGKILL',
    );
    const found = await find();
    expect((await found!.kernel.run('here')).text).toBe('5');
  });
});

describe('a kernel that nobody comes back to', () => {
  it('ends after its time, with its keeper, its socket and its file', async () => {
    const kernel = await start({ patience: { idle: 200 } });
    const [{ pid } = expect.fail('no file')] = files();
    const kernelPid = kernel.client.pid!;
    leave(kernel);
    await until(() => !isThere(pid) && !isThere(kernelPid));
    expect(readdirSync(kernels)).toEqual([]);
    expect(await find()).toBeUndefined();
  });

  it('has the time of a busy one when a cell or a training was under way', async () => {
    const kernel = await start({ patience: { idle: 0, busy: 60_000 } });
    kernel.begin(`console.log("on"); ${UNTIL_TOLD} const result = 3;`);
    await kernel.next('stream');
    await leaveAlone(kernel);
    await untilIdle();
    const found = await find({ patience: { idle: 0, busy: 60_000 } });
    expect((await found!.kernel.run('result')).text).toBe('3');
  });

  it('ends at once where it is not to be kept', async () => {
    const kernel = await start({ patience: { idle: 0 } });
    const kernelPid = kernel.client.pid!;
    leave(kernel);
    await until(() => !isThere(kernelPid));
  });

  it('and that dies meanwhile tells it, with what it had shown', async () => {
    const first = await start();
    const { id } = first.begin('console.log("last words"); await new Promise(() => {});');
    await first.next('stream');
    const kernelPid = first.client.pid!;
    leave(first);
    process.kill(kernelPid, 'SIGKILL');
    await until(() => !isThere(kernelPid));
    const found = await find();
    expect(await found!.client.finished(id)).toMatchObject({ error: { kind: 'crash', message: /SIGKILL/ } });
    expect(found!.runs[0]!.outputs).toMatchObject([{ text: 'last words\n' }]);
    await until(() => files().length === 0);
  });

  it('and that dies tells who wants to hear, after a host that went first and one that did not want it', async () => {
    const first = await start();
    const { id } = first.begin('console.log("last words"); await new Promise(() => {});');
    await first.next('stream');
    const kernelPid = first.client.pid!;
    leave(first);
    await untilAlone();
    const [keeper = expect.fail('no file')] = files();
    const host = await deafHost(keeper);
    process.kill(kernelPid, 'SIGKILL');
    await until(async () => (await stateOf(keeper)).hasEnded);
    host.destroy();
    expect(await KernelUnderTest.find({ folder, isWanted: () => false })).toBeUndefined();
    const found = await find();
    expect(await found!.client.finished(id)).toMatchObject({ error: { kind: 'crash', message: /SIGKILL/ } });
    await until(() => files().length === 0);
  });
});

describe('the end of a cell', () => {
  /** A cell that a host which then left has begun, and the keeper of its kernel. */
  async function begun(): Promise<KeeperFile> {
    const first = await start();
    first.begin(`console.log("on"); ${UNTIL_TOLD} "the end"`);
    await first.next('stream');
    leave(first);
    await untilAlone();
    return files()[0]!;
  }

  const untilEnded = (keeper: KeeperFile) => until(async () => !(await stateOf(keeper)).isBusy);

  it('that was sent to a host as it died is for the next one to show', async () => {
    const keeper = await begun();
    const host = await deafHost(keeper);
    tell();
    await untilEnded(keeper);
    host.destroy();
    const [run] = (await find())!.runs;
    expect(run).toMatchObject({ missed: true, finished: { success: true } });
    expect(run!.outputs.at(-1)).toMatchObject({ bundle: { 'text/plain': "'the end'" } });
  });

  it('is news again after a host that took it and went before it showed it, until one does', async () => {
    const keeper = await begun();
    tell();
    await untilEnded(keeper);
    (await deafHost(keeper)).destroy();
    const second = (await find())!;
    expect(second.runs[0]).toMatchObject({ missed: true });
    second.client.shown(second.runs[0]!.cell.id);
    leave(second.kernel);
    expect((await find())!.runs[0]).toMatchObject({ missed: false });
  });
});

describe('kernels without a host', () => {
  it('are listed with what they do, and ended one by one; a look changes nothing', async () => {
    const held = await start({ owner: 'held' });
    const idle = await start({ owner: 'idle' });
    const training = await start({ owner: 'training' });
    training.begin(TRAINING);
    await trainedBy(training, 5);
    const missed = await start({ owner: 'missed' });
    missed.begin(`console.log("on"); ${UNTIL_TOLD} console.log("alone")`);
    await missed.next('stream');
    for (const kernel of [idle, training]) leave(kernel);
    await leaveAlone(missed, 'missed');
    await until(async () => {
      const states = await unheldKernels();
      return states.length === 3 && states.every(({ owner, isBusy }) => isBusy === (owner === 'training'));
    });
    const listed = await unheldKernels();
    const byOwner = Object.fromEntries(listed.map((kernel) => [kernel.owner, kernel]));
    expect(Object.keys(byOwner).sort()).toEqual(['idle', 'missed', 'training']);
    expect(byOwner['idle']!.trainings).toEqual([]);
    expect(byOwner['training']!.trainings).toEqual([expect.stringMatching(/VAE/)]);
    await byOwner['idle']!.end();
    await byOwner['training']!.end();
    await until(() => files().length === 2);
    expect((await find({ owner: 'missed' }))!.runs[0]).toMatchObject({ missed: true });
    expect((await held.run('1 + 1')).text).toBe('2');
  });

  it('that are not wanted by a host have their news for the next one', async () => {
    const first = await start();
    first.begin(`console.log("on"); ${UNTIL_TOLD}`);
    await first.next('stream');
    await leaveAlone(first);
    await untilIdle();
    expect(await KernelUnderTest.find({ folder, isWanted: () => false })).toBeUndefined();
    expect((await find())!.runs[0]).toMatchObject({ missed: true });
  });
});

describe('a keeper', () => {
  it('is found by the user alone: file, socket and folder are private', async () => {
    await start();
    const [{ socket } = expect.fail('no file')] = files();
    const modes = [
      kernels,
      path.join(
        kernels,
        readdirSync(kernels).find((name) => name.endsWith('.json'))!,
      ),
      socket,
    ];
    for (const place of modes) expect(statSync(place).mode & 0o077, place).toBe(0);
  });

  it('talks to nobody who does not know its secret', async () => {
    await start();
    const [{ socket } = expect.fail('no file')] = files();
    const pieces = [
      [framed({ type: 'hello', token: '00'.repeat(32) }), framed({ type: 'post', message: { type: 'shutdown' } })],
      [Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(9))],
      [framed(7)],
      [framed({ type: 'hello' })],
    ];
    for (const said of pieces) expect(await answerTo(socket, said)).toHaveLength(0);
    expect((await held[0]!.run('"still here"')).text).toBe("'still here'");
  });

  it('ends at once when the system asks it to, though there is something to tell', async () => {
    const kernel = await start();
    kernel.begin('console.log("on"); await new Promise(() => {});');
    await kernel.next('stream');
    const [{ pid } = expect.fail('no file')] = files();
    leave(kernel);
    process.kill(pid, 'SIGTERM');
    await until(() => !isThere(pid));
    expect(files()).toEqual([]);
  });

  it('has one host at a time: the second has to do without', async () => {
    await start();
    expect(await find()).toBeUndefined();
    expect((await held[0]!.run('"still here"')).text).toBe("'still here'");
  });

  it('belongs to its notebook', async () => {
    leave(await start({ owner: 'a' }));
    expect(await find({ owner: 'b' })).toBeUndefined();
    expect(await find({ owner: 'a' })).toBeDefined();
  });

  it('that was killed takes its kernel with it, and its host hears of it', async () => {
    const kernel = await start();
    const { finished } = kernel.begin('console.log("on"); await new Promise(() => {});');
    await kernel.next('stream');
    process.kill(files()[0]!.pid, 'SIGKILL');
    expect((await finished).error).toMatchObject({ kind: 'crash', message: /keeper/ });
    const pid = kernel.client.pid!;
    await until(() => !isThere(pid));
    // Its file is removed by who looks for it next.
    expect(await find()).toBeUndefined();
    expect(files()).toEqual([]);
  });

  it('does not listen where others may look', async () => {
    mkdirSync(kernels, { recursive: true });
    chmodSync(kernels, 0o755);
    await expect(start()).rejects.toThrow(/cannot hold a kernel’s socket/);
  });
});
