import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isSweepFile } from '../../../kernel/sweeps/file/fileNames';
import { resolveSweep, sweepName } from '../../../kernel/sweeps/file/resolve';
import { sweepJsonSchema } from '../../../kernel/sweeps/file/schema';

const folder = mkdtempSync(join(tmpdir(), 'sweep-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cell = (source: string, tags: string[] = []) => ({
  ...{ cell_type: 'code', execution_count: null, outputs: [], source },
  metadata: { tags },
});

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

write('n.ipynb', {
  ...{ nbformat: 4, nbformat_minor: 4, metadata: {} },
  cells: [cell("const beta: number = 1, kind: 'a' | 'b' = 'a', seed = 0;", ['parameters'])],
});
write('plain.ipynb', { nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell('1')] });

const resolved = (settings: object) => resolveSweep(write('s.json', { notebook: 'n.ipynb', ...settings })).sweep;
const runs = (settings: object) =>
  resolved(settings).runs.map(
    ({ parameters, seed }) => ({ ...(parameters as Record<string, unknown>), at: seed }) as Record<string, unknown>,
  );

describe('a sweep file', () => {
  it('asks for every combination of a grid, with every seed', () => {
    expect(runs({ grid: { beta: [1, 2], kind: ['a', 'b'] }, seeds: 2 })).toEqual(
      [1, 2].flatMap((beta) => ['a', 'b'].flatMap((kind) => [0, 1].map((at) => ({ beta, kind, at })))),
    );
    expect(runs({ list: [{ beta: 3 }, { kind: 'b' }], seeds: [7] })).toEqual([
      { beta: 3, at: 7 },
      { kind: 'b', at: 7 },
    ]);
    expect(runs({ parameters: { kind: 'b' } })).toEqual([{ kind: 'b', at: null }]);
  });

  it('that varies the seed gives it to the run, whether the notebook declares it or not', () => {
    expect(runs({ grid: { beta: [1], seed: [3, 4] } })).toEqual([
      { beta: 1, at: 3 },
      { beta: 1, at: 4 },
    ]);
    expect(runs({ notebook: 'plain.ipynb', parameters: { seed: 7 } })).toEqual([{ at: 7 }]);
  });

  it('has one goal for its stop rule’s metric, wherever it says it', () => {
    const goals = (settings: object) => {
      const { given, metrics } = resolved(settings);
      return [(given['stop'] as { goal: string }).goal, metrics[0]!.goal];
    };
    const metrics = [{ name: 'mig', goal: 'max' }];
    expect(goals({ metrics, stop: { metric: 'mig', rungs: [1] } })).toEqual(['max', 'max']);
    expect(goals({ metrics: ['mig'], stop: { metric: 'mig', goal: 'max', rungs: [1] } })).toEqual(['max', 'max']);
    for (const metric of ['validation.total', 'loss', 'test.mse', 'validationError', 'holdout NLL']) {
      expect(goals({ stop: { metric, rungs: [1] } })).toEqual(['min', 'min']);
    }
  });

  it('has ranges, whose ends are what it says', () => {
    const betas = (range: object) => runs({ grid: { beta: range } }).map(({ beta }) => beta as number);
    expect(betas({ from: 0.1, to: 10, count: 5, scale: 'log' })).toEqual([0.1, 0.316227766017, 1, 3.16227766017, 10]);
    expect(betas({ from: 0, to: 1, count: 3 })).toEqual([0, 0.5, 1]);
  });

  it('draws the same each time, and one parameter whatever the others are', () => {
    const random = (parameters: object, seed = 0) => runs({ random: { count: 400, seed, parameters } });
    const beta = { logUniform: [0.1, 10] };
    const first = random({ beta });
    expect(random({ beta, kind: ['a', 'b'] }).map((one) => one.beta)).toEqual(first.map((one) => one.beta));
    expect(random({ beta }, 1)[0]).not.toEqual(first[0]);
    const logs = first.map((one) => Math.log10(one.beta as number));
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...logs)).toBeLessThan(1);
    // The mean of 400 uniform draws from (−1, 1) lies within four of its standard errors, 2/√12/√400, of 0.
    expect(Math.abs(logs.reduce((sum, one) => sum + one, 0) / 400)).toBeLessThan(4 * (2 / Math.sqrt(12) / 20));
    const wholes = random({ beta: { integer: [2, 4] } }).map((one) => one.beta);
    expect([...new Set(wholes)].sort()).toEqual([2, 3, 4]);
    const normal = random({ beta: { normal: [5, 2] } }).map((one) => one.beta as number);
    const mean = normal.reduce((sum, one) => sum + one, 0) / 400;
    const deviation = Math.sqrt(normal.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 399);
    expect(Math.abs(mean - 5)).toBeLessThan((4 * 2) / 20);
    expect(Math.abs(deviation - 2)).toBeLessThan((4 * 2) / Math.sqrt(800));
  });

  it('is known by its notebook and itself', () => {
    const digest = resolved({ grid: { beta: [1] } }).digest;
    expect(resolved({ grid: { beta: [1] } }).digest).toBe(digest);
    expect(resolved({ grid: { beta: [2] } }).digest).not.toBe(digest);
    expect(resolved({ grid: { beta: [1] } }).declared).toMatchObject([
      { name: 'beta', type: 'number', value: 1, isSwept: true, declaration: 'const beta: number' },
      { name: 'kind', isSwept: false },
      { name: 'seed' },
    ]);
  });

  it.each([
    [{ grid: { betta: [1] } }, /no parameter "betta" \(did you mean "beta"\?\)/],
    [{ grid: { beta: [1, 'x'] } }, /beta is declared as number; found "x"/],
    [{ grid: {} }, /"grid" is empty/],
    [{ grid: { beta: [] } }, /"grid\.beta" is empty, so there is nothing to run/],
    [{ list: [] }, /"list" is empty/],
    [
      { grid: { beta: { from: 0, to: 1, count: 1000 } }, seeds: 1000 },
      /asks for 1,000,000 runs; a sweep has at most 10,000/,
    ],
    [{ random: { count: 1e6, parameters: { beta: [1] } } }, /asks for 1,000,000 runs/],
    [
      { grid: { beta: { from: 0, to: 1, count: 3, scale: 'log' } } },
      /logarithmic scale, whose ends are above 0; found 0 and 1/,
    ],
    [
      { random: { count: 2, parameters: { beta: { uniform: [2, 1] } } } },
      /the first end is not above the second; found \[2, 1\]/,
    ],
    [{ grid: { beta: [1] }, list: [{ beta: 1 }] }, /has "grid" and "list"; a sweep has one of/],
    [{ grid: { beta: [1] }, parameters: { beta: 2 } }, /"beta" is in "parameters", and varies too/],
    [{ grid: { seed: [1] }, seeds: 2 }, /has "seeds", and gives the parameter "seed" too/],
    [{ notebook: 'none.ipynb' }, /none\.ipynb: there is no such file/],
    [{ notebook: 'plain.ipynb', grid: { beta: [1] } }, /plain\.ipynb has no cell tagged "parameters"/],
    [{ gird: { beta: [1] } }, /there is no field "gird" \(did you mean "grid"\?\)/],
    [{ seeds: 'five' }, /"seeds": expected how many, or a list of whole numbers; found "five"/],
    [{ resources: { gpus: 2 } }, /"resources\.gpus": .*; found 2/],
    [{ metrics: ['mig', { name: 'mig', goal: 'max' }] }, /"metrics" names "mig" twice; leave one of them out/],
    [{ slurm: { partition: 'a b' } }, /"slurm\.partition": expected one word, as Slurm has it; found "a b"/],
    [{ slurm: { mem: '8G\n#SBATCH --exclusive' } }, /"slurm\.mem": expected one word/],
    [{ slurm: { extra: ['--exclude=a\nrm b'] } }, /"slurm\.extra\.0": expected one line/],
    [{ nbformat: 4 }, /is a notebook; name a sweep file, whose "notebook" is this one/],
    [
      { format: 'latentlab sweep', file: '/data/beta.sweep.json' },
      /is what a sweep has written, in its folder; name its own file: \/data\/beta\.sweep\.json/,
    ],
    [{ device: 'xla-cuda:1', resources: { gpus: 0 } }, /"device" is "xla-cuda:1", a GPU, and "resources\.gpus" is 0/],
    [{ slurm: { extra: ['exclude=a'] } }, /expected an option of sbatch/],
    [{ grid: { beta: [1, 2, 1] } }, /runs 1 and 3 are the same \(beta = 1\); name each value and each seed once/],
    [
      {
        list: [
          { beta: 1, kind: 'a' },
          { kind: 'a', beta: 1 },
        ],
        seeds: [3],
      },
      /runs 1 and 2 are the same .*seed = 3/,
    ],
    [{ grid: 'beta' }, /"grid": expected an object; found "beta"/],
    [{ seeds: 0 }, /"seeds": expected a number, at least 1; found 0/],
    [{ stop: { metric: 'mig', rungs: [] } }, /"stop\.rungs": expected a list with at least 1 value; found \[\]/],
    [{ stop: { metric: 'mig', rungs: [1], factor: 1 } }, /"stop\.factor": expected a number, more than 1; found 1/],
    [{ slurm: { time: 4 } }, /"slurm\.time": expected a text; found 4/],
    [{ device: 'traced-cup' }, /there is no device "traced-cup" \(did you mean "traced-cpu"\?\); choose one of auto, /],
    [{ device: 'traced-cpu:1' }, /"device": there is no device “traced-cpu:1”: traced-cpu computes on the processor/],
    [{ stop: { metric: 'mig', rungs: [1] } }, /"stop" does not say whether lower or higher "mig" is better/],
    [
      { metrics: [{ name: 'mig', goal: 'max' }], stop: { metric: 'mig', goal: 'min', rungs: [1] } },
      /the goal of "mig" is "max" in "metrics" and "min" in "stop"/,
    ],
    [{ seeds: 5e9 }, /asks for 5,000,000,000 runs/],
    [{ random: { count: 2, parameters: { beta: { uniform: [0, 1] } } }, seeds: [1, 1] }, /are the same \(seed = 1\)/],
    [{ grid: { seed: [-1] } }, /"seed" is a whole number, at least 0; found -1/],
    [{ list: [{ beta: 1 }, { beta: 2, seed: 5 }], seeds: 2 }, /has "seeds", and gives the parameter "seed" too/],
    [{ list: [{ kind: 'b' }, { beta: 1 }], parameters: { beta: 2 } }, /"beta" is in "parameters", and varies too/],
    [{ slurm: { extra: ['--array=1-2'] } }, /expected an option of sbatch other than --array/],
    [{ slurm: { extra: ['-a1-2'] } }, /expected an option of sbatch other than --array/],
    [{ stop: { metric: 'validation.total', rungs: [3, 1] } }, /"stop\.rungs" rises; found \[3, 1\]/],
  ])('is refused with a reason: %j', (settings, reason) => {
    expect(() => resolved(settings)).toThrow(reason);
  });

  it('may have comments; what is no JSON is named with its place', () => {
    expect(resolveSweep(write('c.json', '{ // what runs\n "notebook": "n.ipynb", }')).sweep.runs).toHaveLength(1);
    expect(() => resolveSweep(write('c.json', '{\n "notebook" "n.ipynb" }'))).toThrow(
      /line 2, column 13: colon expected/,
    );
    expect(() => resolveSweep(join(folder, 'none.json'))).toThrow(/there is no such file/);
    const twice = '{"notebook": "n.ipynb",\n "grid": {"beta": [1]}, "grid": {"beta": [2]}}';
    expect(() => resolveSweep(write('c.json', twice))).toThrow(/line 2, column 25: "grid" is there twice/);
    expect(() => resolveSweep(write('c.json', '{"notebook": "n.ipynb", "grid": {"beta": [1e999]}}'))).toThrow(
      /"grid\.beta": .*found \["Infinity"\]/,
    );
  });

  it('is known by its name', () => {
    const known = ['sweep.json', '/a/beta.sweep.json', 'C:\\x\\sweeps\\beta.json'];
    expect(known.map(isSweepFile)).toEqual([true, true, true]);
    expect(['/a/beta.json', '/a/beta.sweep/sweep.json', '/a/sweeps/x.txt'].map(isSweepFile)).toEqual([
      false,
      false,
      false,
    ]);
    expect(['/a/beta.json', '/a/beta.sweep.json', '/a/mine/sweep.json'].map(sweepName)).toEqual([
      'beta',
      'beta',
      'mine',
    ]);
  });

  it('with a field that JavaScript would lose is refused', () => {
    const text = '{ "notebook": "n.ipynb", "list": [{ "__proto__": 1 }] }';
    writeFileSync(join(folder, 'lost.sweep.json'), text);
    expect(() => resolveSweep(join(folder, 'lost.sweep.json'))).toThrow(/no parameter can be called "__proto__"/);
  });

  it('has a schema for editors: npx vitest -u writes it', async () => {
    const text = `${JSON.stringify(sweepJsonSchema(), null, 2)}\n`;
    const kept = JSON.parse(readFileSync('extension/sweep.schema.json', 'utf8')) as unknown;
    expect(kept).toEqual(JSON.parse(text));
    const [, properties] = [kept, (kept as { properties: Record<string, { description?: string }> }).properties];
    expect(Object.entries(properties).filter(([, { description }]) => !description)).toEqual([]);
  });
});
