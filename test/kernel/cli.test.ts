import type { ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell, CodeCell, Notebook } from '../../kernel/notebook/format';
import { MIME } from '../../kernel/views/types';
import { beginCli, type Run } from './cliProcess';

const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Settles when the command line has printed this on standard error. */
function said(child: ChildProcess, what: RegExp): Promise<void> {
  let all = '';
  return new Promise((resolve) => {
    child.stderr!.on('data', (text) => what.test((all += text)) && resolve());
  });
}

/** Settles when a file of this name is written in a folder. */
function written(place: string, file: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(place, (_, name) => {
      if (name !== file) return;
      watcher.close();
      resolve();
    });
  });
}

const begin = (args: string[], cwd = folder) => beginCli(args, cwd);
const latentlab = (args: string[], cwd?: string) => begin(args, cwd).ended;

const code = (source: string, rest: Partial<CodeCell> = {}): CodeCell => ({
  cell_type: 'code',
  execution_count: null,
  metadata: {},
  outputs: [],
  source,
  ...rest,
});
const markdown = (source: string): Cell => ({ cell_type: 'markdown', metadata: {}, source });

function writeNotebook(name: string, cells: Cell[], metadata = {}): string {
  const file = path.join(folder, name);
  const notebook: Notebook = { cells, metadata, nbformat: 4, nbformat_minor: 5 };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(notebook, null, 1)}\n`);
  return file;
}

const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Notebook;
const outputsOf = (notebook: Notebook, index: number) => (notebook.cells[index] as CodeCell).outputs;
/** The view of one kind that a cell shows, with all its representations. */
function shown(notebook: Notebook, index: number, mime: string): Record<string, unknown> {
  const bundles = outputsOf(notebook, index).map((output) => ('data' in output ? (output.data as object) : {}));
  return bundles.find((data) => mime in data) as Record<string, unknown>;
}
const text = (value: string) => ({ name: 'stdout', output_type: 'stream' as const, text: [value] });

describe('running a notebook', () => {
  let run: Run;
  let executed: Notebook;

  beforeAll(async () => {
    writeNotebook('train.ipynb', [
      markdown('# A small VAE\n\n$$ a \\label{a} $$'),
      code(`import { Dataset, VAE, latentScatter, reconstructions } from 'latentlab';
const bar = (i: number) => Array.from({ length: 16 }, (_, p) => +((i % 2 ? p % 4 : p >> 2) === (i >> 1) % 4));
const values = Float32Array.from(Array.from({ length: 64 }, (_, i) => bar(i)).flat());
const data = new Dataset({ values, shape: { kind: 'image', height: 4, width: 4, channels: 1 } });
const vae = new VAE({ input: data.shape, latent: 2, hidden: [16], likelihood: 'bernoulli' });
await vae.fit(data, { epochs: 3, batchSize: 16, validation: data });`),
      code('await latentScatter(vae, data)'),
      code('await reconstructions(vae, data)'),
      code('console.log("latentlab", [1, 2].map(String)); 6 * 7'),
    ]);
    run = await latentlab(['notebook', 'train.ipynb', '--device', 'wasm', '--seed', '3']);
    executed = read('out/train.ipynb');
  });

  it('writes the executed notebook to out/ and names it', () => {
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain(path.join(folder, 'out', 'train.ipynb'));
    expect(readdirSync(path.join(folder, 'out'))).toEqual(['train.ipynb']);
  });

  it('leaves the notebook itself as it was', () => {
    expect(outputsOf(read('train.ipynb'), 4)).toEqual([]);
  });

  it('shows the device and its progress in plain lines where there is no terminal', () => {
    expect(run.stderr).toContain('Device: CPU, WebAssembly');
    expect(run.stderr).toMatch(/^cell 1 of 4/m);
  });

  it('holds each view with a picture and a sentence', () => {
    const views = [MIME.lossCurves, MIME.latentScatter, MIME.reconstructions];
    views.forEach((mime, i) => {
      const data = shown(executed, i + 1, mime);
      expect(Object.keys(data)).toEqual([mime, 'image/png', 'text/plain']);
      expect(data[mime]).toMatchObject({ version: 1 });
    });
  });

  it('holds streams and values as Jupyter has them, with counts, times and the run in the metadata', () => {
    expect(outputsOf(executed, 4)).toEqual([
      text("latentlab [ '1', '2' ]\n"),
      { data: { 'text/plain': ['42'] }, execution_count: 4, metadata: {}, output_type: 'execute_result' },
    ]);
    expect(executed.metadata).toMatchObject({
      kernelspec: { name: 'latentlab' },
      language_info: { name: 'typescript' },
      latentlab: { device: 'wasm' },
    });
    expect(executed.cells.every((cell) => /^[0-9a-f]{8}$/.test(cell.id!))).toBe(true);
  });

  it('gives the same losses with the same seed', async () => {
    const losses = (notebook: Notebook) =>
      (shown(notebook, 1, MIME.lossCurves)[MIME.lossCurves] as { series: unknown }).series;
    await latentlab(['notebook', 'train.ipynb', '--device', 'wasm', '--seed', '3', '--output', 'again.ipynb']);
    expect(losses(read('again.ipynb'))).toEqual(losses(executed));
    await latentlab(['notebook', 'train.ipynb', '--device', 'wasm', '--seed', '4', '--output', 'other.ipynb']);
    expect(losses(read('other.ipynb'))).not.toEqual(losses(executed));
  });
});

describe('a cell that fails', () => {
  it('stops the run with exit code 1 and its error; later cells keep their earlier outputs', async () => {
    writeNotebook('fails.ipynb', [
      code('console.log("reached")'),
      code('const x: number = 1;\n  missing(x);'),
      code('3', { execution_count: 7, outputs: [text('earlier\n')] }),
    ]);
    const run = await latentlab(['notebook', 'fails.ipynb', '--output', 'failed/at.ipynb']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('cell 2 failed:\nReferenceError: missing is not defined\n    at cell 2:2:3');
    const executed = read('failed/at.ipynb');
    expect(outputsOf(executed, 0)).toEqual([text('reached\n')]);
    expect(outputsOf(executed, 1)).toMatchObject([{ output_type: 'error', ename: 'ReferenceError' }]);
    expect(executed.cells[2]).toMatchObject({ execution_count: 7, outputs: [text('earlier\n')] });
  });

  it('may do so where its tags say raises-exception', async () => {
    const tagged = code('throw new RangeError("as wanted")', { metadata: { tags: ['raises-exception'] } });
    const unparsed = code('const x = 1; x = 2', { metadata: { tags: ['raises-exception'] } });
    writeNotebook('wanted.ipynb', [
      tagged,
      code('nonsense!', { metadata: { tags: ['skip-execution'] } }),
      code('1'),
      unparsed,
    ]);
    expect(await latentlab(['notebook', 'wanted.ipynb'])).toMatchObject({ code: 0 });
    const executed = read('out/wanted.ipynb');
    expect(outputsOf(executed, 0)).toMatchObject([{ output_type: 'error', evalue: 'as wanted' }]);
    expect(outputsOf(executed, 2)).toMatchObject([{ output_type: 'execute_result', execution_count: 2 }]);
    expect(outputsOf(executed, 3)).toMatchObject([{ output_type: 'error', ename: 'SyntaxError' }]);
  });

  it('differs from a crash, after which the rest is written too', async () => {
    writeNotebook('crash.ipynb', [
      code('console.log("before")'),
      code('process.kill(process.pid, "SIGKILL")'),
      code('1'),
    ]);
    const run = await latentlab(['notebook', 'crash.ipynb']);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/cell 2 failed:\nThe kernel was ended by signal SIGKILL/);
    expect(outputsOf(read('out/crash.ipynb'), 0)).toEqual([text('before\n')]);
  });

  it('in another language says which ones run', async () => {
    writeNotebook('shell.ipynb', [code('ls', { metadata: { vscode: { languageId: 'shellscript' } } })]);
    const run = await latentlab(['notebook', 'shell.ipynb']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('The cell is in shellscript; LatentLab runs typescript and javascript.');
  });
});

describe('the executed notebook', () => {
  const bundle = (mime: string, value: string) =>
    code(`await display({ [Symbol.for('Jupyter.display')]: () => ({ '${mime}': ${value}, 'text/plain': 'a' }) })`);

  it('holds what JSON has no word for as the nearest that it has', async () => {
    writeNotebook('bigint.ipynb', [
      bundle(
        'application/json',
        '{ n: 7n, large: 2n ** 70n, at: new Date(0), f() {}, row: new Float32Array([1, NaN]) }',
      ),
      bundle('image/png', 'new Uint8Array([1, 2, 3])'),
      bundle('text/html', '12n'),
    ]);
    const run = await latentlab(['notebook', 'bigint.ipynb', '--html', 'bigint.html']);
    expect(run).toMatchObject({ code: 0 });
    const data = [0, 1, 2].map((index) => (outputsOf(read('out/bigint.ipynb'), index)[0] as { data: object }).data);
    expect(data).toEqual([
      {
        'application/json': { n: 7, large: '1180591620717411303424', at: '1970-01-01T00:00:00.000Z', row: [1, null] },
        'text/plain': ['a'],
      },
      { 'image/png': 'AQID', 'text/plain': ['a'] },
      { 'text/html': ['12'], 'text/plain': ['a'] },
    ]);
  });

  it('says of a bundle that contains itself by which type, and shows the value otherwise', async () => {
    const value = '(() => { const one = { name: 1 }; one.self = one; return one; })()';
    writeNotebook('circle.ipynb', [bundle('application/json', value)]);
    await latentlab(['notebook', 'circle.ipynb']);
    const [said, shown] = outputsOf(read('out/circle.ipynb'), 0);
    expect(said).toMatchObject({ output_type: 'stream', name: 'stderr' });
    expect(JSON.stringify(said)).toContain('bundle contains itself (at \\"self\\")');
    expect(shown).toMatchObject({ output_type: 'display_data' });
  });

  it('is written whatever the report does, and the reason is printed', async () => {
    const inTheWay = "import { mkdirSync } from 'node:fs'; mkdirSync('report.html'); 'done'";
    writeNotebook('report/place.ipynb', [code(inTheWay)]);
    const run = await latentlab(['notebook', 'place.ipynb', '--html', 'report.html'], path.join(folder, 'report'));
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^The report .*report\.html could not be written: it is a folder \(EISDIR\)/m);
    expect(run.stdout).toContain(path.join('out', 'place.ipynb'));
    expect(outputsOf(read('report/out/place.ipynb'), 0)).toMatchObject([{ output_type: 'execute_result' }]);
  });

  it('has a report also where pictures cannot be shown', async () => {
    writeNotebook('pictures.ipynb', [markdown('![one](caf%E9.png) ![two](out) ![three](a%00.png)'), code('1')]);
    const run = await latentlab(['notebook', 'pictures.ipynb', '--html', 'pictures.html']);
    expect(run).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(folder, 'pictures.html'), 'utf8').match(/class="missing"/g)).toHaveLength(3);
  });

  it('may have a name as long as the disk allows', async () => {
    const name = `${'n'.repeat(249)}.ipynb`;
    writeNotebook(name, [code('1')]);
    expect(await latentlab(['notebook', name])).toMatchObject({ code: 0 });
    expect(outputsOf(read(`out/${name}`), 0)).toHaveLength(1);
  });
});

describe('Ctrl-C', () => {
  it('says that once more ends the kernel, and does it where the cell does not stop', async () => {
    const place = path.join(folder, 'stubborn');
    writeNotebook('stubborn/native.ipynb', [
      code('console.log("before")'),
      code(
        "(await import('node:fs')).writeFileSync('working', ''); require('node:crypto').pbkdf2Sync('', '', 2 ** 31 - 1, 64, 'sha512')",
      ),
    ]);
    const working = written(place, 'working');
    const { child, ended } = begin(['notebook', 'native.ipynb'], place);
    await working;
    process.kill(-child.pid!, 'SIGINT');
    await said(child, /Interrupting the cell\. Ctrl-C once more ends the kernel\./);
    process.kill(-child.pid!, 'SIGINT');
    const run = await ended;
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/cell 2 failed:\n.*kernel was ended by signal SIGKILL/);
    expect(outputsOf(read('stubborn/out/native.ipynb'), 0)).toEqual([text('before\n')]);
  });

  it('is named where only the end of the kernel ends what goes on', async () => {
    writeNotebook('advised.ipynb', [
      code("process.send({ type: 'restartAdvised', reason: 'Code of cell 1 goes on.' })"),
    ]);
    const { stderr } = await latentlab(['notebook', 'advised.ipynb']);
    expect(stderr).toContain('Code of cell 1 goes on. A second Ctrl-C ends the kernel.\n');
  });

  it('interrupts the cell under way and writes what was reached', async () => {
    const place = path.join(folder, 'interrupted');
    writeNotebook('interrupted/loop.ipynb', [
      code('console.log("before")'),
      code("(await import('node:fs')).writeFileSync('looping', ''); while (true) {}"),
      code('"never"'),
    ]);
    const looping = written(place, 'looping');
    const { child, ended } = begin(['notebook', 'loop.ipynb'], place);
    await looping;
    process.kill(-child.pid!, 'SIGINT');
    const run = await ended;
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/cell 2 failed:\n.*interrupt/i);
    const executed = read('interrupted/out/loop.ipynb');
    expect(outputsOf(executed, 0)).toEqual([text('before\n')]);
    expect(outputsOf(executed, 1)).toMatchObject([{ output_type: 'error' }]);
    expect(outputsOf(executed, 2)).toEqual([]);
  });
});

describe('what cannot be run', () => {
  it.each([
    ['is not JSON', 'broken.ipynb', '{"cells": [', /broken\.ipynb is not JSON, as notebooks are: line 1, column 12/],
    [
      'is of nbformat 3',
      'old.ipynb',
      '{"nbformat": 3, "worksheets": []}',
      /old\.ipynb has notebook format 3, expected 4/,
    ],
    [
      'is in Python',
      'python.ipynb',
      '{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": {"language_info": {"name": "python"}}}',
      /python\.ipynb is a notebook in python/,
    ],
  ])('a notebook that %s is named, and nothing is written', async (_, name, content, message) => {
    writeFileSync(path.join(folder, name), content);
    const run = await latentlab(['notebook', name]);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toContain('    at ');
    expect(existsSync(path.join(folder, 'out', name))).toBe(false);
  });

  it('an unknown device lists those there are', async () => {
    writeNotebook('device.ipynb', [code('1')]);
    const run = await latentlab(['notebook', 'device.ipynb', '--device', 'abacus']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/The kernel did not start: .*abacus.*wasm/);
    expect(existsSync(path.join(folder, 'out', 'device.ipynb'))).toBe(false);
  });

  it.each([
    ['folder of the output is none', ['--output', 'file.txt/a.ipynb'], /ENOTDIR|EEXIST/],
    ['output is a folder', ['--output', 'taken'], /taken is a folder; name a file in it/],
    ['report is a folder', ['--html', 'taken'], /taken is a folder; name a file in it/],
    ['report is the notebook', ['--html', 'place.ipynb'], /place\.ipynb is the notebook, which the report would/],
    [
      'report is the output',
      ['--html', 'out/../out/place.ipynb'],
      /place\.ipynb is its executed copy, which the report/,
    ],
  ])('nothing runs where the %s', async (_, args, message) => {
    mkdirSync(path.join(folder, 'places', 'taken'), { recursive: true });
    writeFileSync(path.join(folder, 'places', 'file.txt'), '');
    writeNotebook('places/place.ipynb', [code("(await import('node:fs')).writeFileSync('ran', '')")]);
    const run = await latentlab(['notebook', 'place.ipynb', ...args], path.join(folder, 'places'));
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(message);
    expect(existsSync(path.join(folder, 'places', 'ran'))).toBe(false);
    expect(outputsOf(read('places/place.ipynb'), 0)).toEqual([]);
  });

  it('a notebook is not overwritten by way of a link', async () => {
    writeNotebook('linked/same.ipynb', [code('1')]);
    symlinkSync('.', path.join(folder, 'linked', 'out'));
    const refused = await latentlab(['notebook', 'same.ipynb'], path.join(folder, 'linked'));
    expect(refused.stderr).toContain('The executed copy would overwrite');
    expect(outputsOf(read('linked/same.ipynb'), 0)).toEqual([]);
  });

  it('a notebook is overwritten by its executed copy only when that is asked for', async () => {
    writeNotebook('own/out/same.ipynb', [code('1')]);
    const place = path.join(folder, 'own');
    const refused = await latentlab(['notebook', 'out/same.ipynb'], place);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'The executed copy would overwrite out/same.ipynb. Name the output: --output out/same.ipynb',
    );
    const asked = await latentlab(['notebook', 'out/same.ipynb', '--output', 'out/same.ipynb'], place);
    expect(asked.code).toBe(0);
    expect(outputsOf(read('own/out/same.ipynb'), 0)).toHaveLength(1);
  });
});
