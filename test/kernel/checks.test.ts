import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIME } from '../../kernel/views/types';
import type { DerivationChecksView } from '../../kernel/views/types';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
  await kernel.run("import { check, estimate, exercise, randomStream, setting, tf, todo, unsolved } from 'latentlab';");
});

afterAll(() => kernel.stop());

async function checked(source: string): Promise<DerivationChecksView> {
  const { displays, error } = await kernel.run(source);
  expect(error).toBeUndefined();
  return displays[0]!.bundle[MIME.derivationChecks] as DerivationChecksView;
}

describe('check', () => {
  it('evaluates both sides and shows them with difference, tolerance and verdict', async () => {
    const view = await checked("await check('\\\\log 2 = 0.6931', () => Math.log(2), 0.6931, { tolerance: 1e-4 })");
    expect(view.rows).toHaveLength(1);
    expect(view.rows[0]).toMatchObject({
      identity: '\\log 2 = 0.6931',
      identityText: 'log 2 = 0.6931',
      left: { value: Math.log(2), standardError: 0 },
      right: { value: 0.6931, code: '' },
      tolerance: 1e-4,
      holds: true,
    });
    expect(view.rows[0]!.left.code).toContain('Math.log(2)');
  });

  it('takes tensors, estimates and promises, and hands its seed to what is random', async () => {
    const view = await checked(`await check('Two', [
      ['\\\\mathbb E[\\\\epsilon^2] = 1', (seed) => estimate(randomStream(seed, 'e').normals(1000).map((e) => e * e)), 1, { seed: 3 }],
      ['2 = 2', async () => tf.scalar(2), tf.scalar(2)],
    ])`);
    expect(view.title).toBe('Two');
    expect(view.rows.map(({ holds, seed }) => [holds, seed])).toEqual([
      [true, 3],
      [true, 0],
    ]);
    expect(view.rows[0]!.left.standardError).toBeGreaterThan(0.02);
  });

  it('shows a check that does not hold, and the cell goes on', async () => {
    const view = await checked("await check('1 \\\\ge 2', 1, 2, { relation: '≥' })");
    expect(view.rows[0]).toMatchObject({ holds: false, difference: -1, relation: '≥' });
    expect(view.summary).toContain('does not hold');
  });

  it('says what a side is when it is no number', async () => {
    const { error } = await kernel.run("await check('a = b', () => 'three', 3)");
    expect(error?.message).toContain('the left side is a number, an estimate');
    expect(error?.message).toContain('found a value of type string');
  });
});

describe('exercise', () => {
  const exerciseOf = async (answer: string) => {
    const view = await checked(
      `await exercise('\\\\sqrt 9 = 3', ${answer}, () => { globalThis.asked = true; return 3; })`,
    );
    return { row: view.rows[0]!, summary: view.summary };
  };

  it.each(['() => todo()', '() => unsolved()', 'async () => todo()', '() => undefined', 'undefined'])(
    'is not solved yet while the answer is the stub %s, and does not give the answer away',
    async (stub) => {
      const { row, summary } = await exerciseOf(stub);
      expect(row).toMatchObject({ exercise: 'unsolved', holds: false, right: { value: null } });
      expect(summary).toBe('Check: √9 = 3 is not solved yet.');
      expect((await kernel.run('globalThis.asked ?? "not asked"')).text).toContain('not asked');
    },
  );

  it('says how far a wrong answer is off', async () => {
    const { row, summary } = await exerciseOf('() => 4');
    expect(row).toMatchObject({ exercise: 'attempted', holds: false, difference: 1 });
    expect(summary).toMatch(/is not right yet: 4 against 3, difference 1/);
  });

  it('turns green once it is solved', async () => {
    const { row, summary } = await exerciseOf('() => 1 + 2');
    expect(row).toMatchObject({ exercise: 'solved', holds: true });
    expect(summary).toMatch(/is solved: 3 against 3/);
  });

  it('of several parts counts those that are solved', async () => {
    const view = await checked("await exercise('Parts', [['1 = 1', 1, 1], ['x = 2', () => todo(), 2]])");
    expect(view.summary).toBe('Parts: 1 of 2 exercises solved. x = 2 is not solved yet.');
  });

  it('lets other errors of an answer through, and names itself in those about its sides', async () => {
    expect(
      (await kernel.run("await exercise('a = b', () => { throw new RangeError('mine') }, 3)")).error?.message,
    ).toBe('mine');
    const { error } = await kernel.run("await exercise('a = b', () => 'three', 3)");
    expect(error?.message).toContain('exercise("a = b"): the left side is a number');
  });

  it('tells whoever calls the stub elsewhere what to do', async () => {
    const { error } = await kernel.run('todo()');
    expect(error?.message).toContain('write your answer where the cell says todo()');
  });
});

describe('setting', () => {
  it('is the full one unless the environment asks for the short one', async () => {
    expect((await kernel.run('setting({ full: 20, short: 1 })')).text).toBe('20');
  });

  it('says where each row stands, and collects the rows of all cells', async () => {
    const lines = [
      'const half = 1 / 2;',
      "await check('Places', [",
      "  ['1 = 1', 1, 1],",
      "  ['\\\\frac12 = 0.5', half, 0.5],",
      ']);',
    ];
    const view = await checked(lines.join('\n'));
    expect(view.rows.map(({ place }) => place?.line)).toEqual([3, 4]);
    expect(view.rows.every(({ place }) => place?.viewId === view.id)).toBe(true);
    const failing = await checked("await check('a \\\\ne b', 1, 2)");
    expect(failing.rows[0]!.place).toMatchObject({ line: 1, viewId: failing.id });
    const all = await checked("import { checks } from 'latentlab';\nchecks()");
    expect(all.rows[0]!.holds).toBe(false);
    const places = all.rows.map(({ place }) => place?.viewId);
    expect(places).toEqual(expect.arrayContaining([view.id, failing.id]));
    expect(places).not.toContain(all.id);
    expect(all.summary).toMatch(/^All checks: \d+ of \d+ do not hold/);
    await kernel.run("await exercise('y = 2', () => todo(), 2)");
    const { rows } = await checked('checks()');
    const isExercise = rows.map(({ exercise }) => exercise !== undefined);
    expect(isExercise).toEqual([...isExercise].sort());
    expect(rows.map(({ exercise }) => exercise)).toContain('unsolved');
  });
});
