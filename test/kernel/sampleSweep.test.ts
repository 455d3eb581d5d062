/** The sample sweep in its short setting, from the sweep file to its curve, which has to be what theory demands. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivationChecks } from '../../kernel/notebook/checks';
import { isCode } from '../../kernel/notebook/format';
import { readNotebook } from '../../kernel/notebook/read';
import { readSweep } from '../../kernel/sweeps/results/index';
import { MIME } from '../../kernel/views/types';
import type { SweepView } from '../../kernel/views/types';

const run = promisify(execFile);
const cli = (...args: string[]) =>
  run(process.execPath, [resolve('dist/kernel/cli.js'), ...args], { env: { ...process.env, LATENTLAB_SHORT: '1' } });

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'll-sample-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the sample sweep', () => {
  it('leaves models and a curve that theory demands', { timeout: 180_000 }, async () => {
    const sample = JSON.parse(readFileSync('samples/sweeps/beta.json', 'utf8')) as Record<string, unknown>;
    const short = {
      ...sample,
      notebook: resolve('samples/sweeps/rate-distortion.ipynb'),
      grid: { beta: [0.5, 1, 4, 16] },
      seeds: 1,
    };
    const file = join(folder, 'beta.json');
    writeFileSync(file, JSON.stringify(short));
    const results = join(folder, 'beta.sweep');
    await cli('sweep', file, '--folder', results);
    const { runs } = await readSweep(results);
    expect(runs.map(({ record }) => [record.parameters['beta'], record.state])).toEqual([
      [0.5, 'done'],
      [1, 'done'],
      [4, 'done'],
      [16, 'done'],
    ]);
    const output = join(folder, 'curve.ipynb');
    await cli('notebook', 'samples/sweeps/rate-distortion-curve.ipynb', '-p', `folder=${results}`, '--output', output);
    const { notebook } = readNotebook(output);
    const checks = derivationChecks(notebook);
    expect(checks.filter(({ holds }) => !holds).map(({ identityText }) => identityText)).toEqual([]);
    expect(checks).toHaveLength(3 * 2 + 3 * 2 + 3);
    const data = notebook.cells
      .filter(isCode)
      .flatMap(({ outputs }) => outputs.flatMap((one) => ('data' in one ? [one.data as Record<string, unknown>] : [])));
    const view = data.find((one) => MIME.sweep in one)![MIME.sweep] as SweepView;
    expect(view.count).toBe(4);
    // Ten images of the best run, from its own notebook.
    expect(view.pictures[0]!.view.inputs!.shape).toEqual([10, 28, 28, 1]);
    const [last] = data.slice(-1);
    expect(String(last!['text/plain'])).toMatch(/seeds.*1/s);
  });
});
