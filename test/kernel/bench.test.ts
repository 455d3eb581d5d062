import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rowSchema } from '../../kernel/bench/rows';

const cli = path.resolve('dist/kernel/cli.js');
const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bench = (...args: string[]) => promisify(execFile)(process.execPath, [cli, 'bench', ...args], { cwd: folder });
const rowsIn = (file: string) => z.array(rowSchema).parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')));

describe('the bench', () => {
  it('measures an engine beside the limit and writes rows and a report', async () => {
    const measured = ['--workloads', 'a', '--engines', 'tfjs-wasm,limit', '--python', 'no-such-python'];
    const { stdout } = await bench('--quick', ...measured, '--json', 'rows.json', '--write', 'report.md');
    const rows = rowsIn('rows.json');
    expect(rows.map(({ engine, unit }) => `${engine}, ${unit}`)).toEqual([
      'tfjs-wasm, ms/step',
      'tfjs-wasm, samples/s',
      'tfjs-wasm, ms/set-up',
      'limit, ms/step',
      'limit, samples/s',
    ]);
    expect(rows.every(({ p10, median, p90 }) => p10 <= median && median <= p90)).toBe(true);
    expect(rows[3]!.median).toBeLessThan(rows[0]!.median);
    expect(readFileSync(path.join(folder, 'report.md'), 'utf8')).toBe(stdout);
    expect(stdout).toMatch(/`no-such-python` has neither PyTorch nor JAX/);
  });

  it('lists an engine that cannot do a workload with its reason', async () => {
    const { stdout } = await bench('--quick', '--workloads', 'b', '--engines', 'tfjs-wasm', '--json', 'none.json');
    expect(rowsIn('none.json')).toEqual([]);
    expect(stdout).toMatch(/- `tfjs-wasm` not measured: .*Conv2DBackpropFilter/);
  });

  it('trains whole notebooks, and times their steps beside bare ones', async () => {
    const { stdout } = await bench('--quick', '--workloads', 'fit,fit-step', '--engines', 'traced-cpu', '--json', 'fit.json'); // prettier-ignore
    const rows = rowsIn('fit.json');
    expect(rows.map(({ workload, unit, n }) => `${workload}, ${unit}, ${n}`)).toEqual([
      'fit, s/run, 1',
      'fit, s/training, 1',
      'fit-step, ms/step, 2',
      'bare-step, ms/step, 2',
    ]);
    const [whole, training] = rows;
    expect(whole!.median).toBeGreaterThan(training!.median);
    expect(stdout).toMatch(/## fit: Workload a, 1 epoch on 1,280 images, from start to end/);
    expect(stdout).toMatch(/fit-step: traced-cpu in a notebook at most 1.1 times the bare step/);
    // It starts a kernel four times.
  }, 180_000);

  it('says that there is no peer to compare with', async () => {
    const none = bench('peers', '--python', 'no-such-python');
    await expect(none).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('no PyTorch and no JAX') });
  });

  it('takes rows of an earlier run for the workloads that it leaves out', async () => {
    const { stdout: first } = await bench('sweeps', '--quick', '--workloads', 'sweep-overhead', '--json', 'one.json');
    const own = ['--workloads', 'sweep-view-1000', '--with', 'one.json', '--json', 'both.json'];
    const { stdout } = await bench('sweeps', '--quick', ...own);
    const section = first.slice(first.indexOf('## sweep-overhead'), first.indexOf('## Goals'));
    expect(section).toMatch(/sweep ÷ notebook/);
    expect(stdout).toContain(section);
    expect(stdout).toContain('## sweep-view-1000');
    const all = JSON.parse(readFileSync(path.join(folder, 'both.json'), 'utf8')) as unknown[];
    expect(all).toHaveLength(6);
    // Four kernels and a browser.
  }, 240_000);

  it('shows how each bench is called', async () => {
    const { stdout } = await bench('views', '--help');
    for (const name of ['peers', 'data', 'cells', 'language', 'views', 'sweeps']) {
      expect(stdout).toContain(`npm run bench -- ${name}`);
    }
    expect(stdout).not.toContain('npm run verify');
  });

  it.each([
    [['peers', '--workloads', 'd'], '--workloads knows a, b, c, e, f, g; found "d"'],
    [['--workloads', 'a,z'], '--workloads knows a, b, c, d, e, f, g, fit, fit-step, start, memory; found "z"'],
    [['--engines', 'abacus'], 'found "abacus"'],
    [['--threads', '0'], '--threads is a number from 1 to'],
    [['veiws'], 'there is no bench "veiws" (did you mean "views"?); there are peers, data,'],
    [['views', '--rounds', '0'], '--rounds is a whole number from 1; found "0"'],
    [['sweeps', '--with', 'no-rows.json'], '--with no-rows.json cannot be read'],
    [['cells', '--rounds', '3'], "Unknown option '--rounds'"],
  ])('answers %j with the usage', async (args, message) => {
    await expect(bench(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
