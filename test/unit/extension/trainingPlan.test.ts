import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { surveyText } from '../../../kernel/autoencoders/data/index';
import { loadData } from '../../../kernel/autoencoders/data/formats';
import { trainingCells } from '../../../extension/commands/training/cell';
import { declaredNames, expressionIn, freeNames, lastValueOf } from '../../../extension/commands/training/names';
import {
  fittings,
  leftOutFor,
  planFor,
  proposedColumns,
  proposedLabel,
  type Answers,
  type Plan,
} from '../../../extension/commands/training/plan';
import { refusal } from '../../../extension/commands/training/refusal';
import { quoted, templateLiteral } from '../../../extension/commands/training/source';
import type { DataSurvey } from '../../../kernel/autoencoders/data/survey/facts';

const CPU = { name: 'traced-cpu', gpu: false };
const source = { kind: 'file' as const, path: 'a.csv', description: 'a.csv' };

/** A table of these columns, each a function of the row. */
const table = (columns: Record<string, (i: number) => unknown>, rows = 60) =>
  surveyText(
    JSON.stringify(
      Array.from({ length: rows }, (_, i) =>
        Object.fromEntries(Object.entries(columns).map(([name, f]) => [name, f(i)])),
      ),
    ),
  );

/** Images of one size, or of several. */
const images = (sizes: [number, number][], channels = 1, rows = 1000): DataSurvey => ({
  ...table({ a: (i) => i }),
  kind: 'images',
  columns: [],
  rows,
  shape: sizes.length === 1 ? [...sizes[0]!, channels] : null,
  range: {
    low: 0,
    high: 1,
    binary: false,
    missing: 0,
    rowsMissing: 0,
    firstMissing: null,
    infinite: 0,
    firstInfinite: null,
  },
  images: {
    files: rows,
    looked: rows,
    channels,
    examples: [],
    sizes: sizes.map(([height, width]) => ({ height, width, count: rows / sizes.length })),
  },
});

const vae = (survey: DataSurvey, answers: Answers = {}, device = CPU) => planFor('vae', survey, answers, device);
const code = (plan: Plan) => trainingCells(source, plan, freeNames('vae', new Set())).join('\n');

describe('the value of a whole cell', () => {
  it.each([
    ['const a = 1;\nload(a)', 'load(a)'],
    ['const rows = [[1,\n 2]];', 'rows'],
    ['let a = 1, b = 2;', 'b'],
    ['await fashionMnist();', 'await fashionMnist()'],
    ['for (const i of xs) i;', undefined],
    ['const { a } = b;', undefined],
    ['', undefined],
  ])('%j is %j', async (code, expected) => {
    expect(await lastValueOf(code)).toBe(expected);
  });
});

describe('text in a cell', () => {
  it('keeps its meaning as a template literal', () => {
    const text = 'a\\n`b` ${c} $d\n1,2';
    expect(new Function(`return ${templateLiteral(text)}`)()).toBe(text);
  });
});

describe('what is selected in a cell', () => {
  it.each([
    ['rows.slice(0, 9)', 'rows.slice(0, 9)'],
    [' rows ', 'rows'],
    ['half(rows);', 'half(rows)'],
    ['rows.slice(0', undefined],
    ['const all = rows', undefined],
    ['', undefined],
  ])('%j is the expression %j', async (selected, expected) => {
    const code = 'const all = rows ;\nconst part = rows.slice(0, 9);\nhalf(rows);';
    const start = code.indexOf(selected);
    expect(await expressionIn(code, start, start + selected.length)).toBe(expected);
  });

  it('is none within a text', async () => {
    const code = "const a = 'the last good one';";
    expect(await expressionIn(code, 11, 28)).toBeUndefined();
  });
});

describe('a name', () => {
  it('is the usual one, or with a number where one of them is taken', () => {
    expect(freeNames('vae', new Set())).toMatchObject({ result: 'vae', train: 'train', history: 'history' });
    expect(freeNames('vae', new Set(['train', 'vae2']))).toMatchObject({ result: 'vae3', train: 'train3' });
  });

  it('is found in all that a cell declares at its top', async () => {
    const found = await declaredNames(
      "import { VAE } from 'latentlab';\nconst a = 1, [b, { c: d }] = x;\nfunction f() { const g = 1; }\nclass H {}",
    );
    expect(found).toEqual(['a', 'b', 'd', 'f', 'H']);
  });

  it('of a column or a file keeps its meaning as text in code', () => {
    const odd = `a'b"c\\d\n`;
    expect(new Function(`return ${quoted(odd)}`)()).toBe(odd);
  });
});

describe('what a model learns of a table', () => {
  const flowers = table({
    id: (i) => i + 1,
    length: (i) => i / 7,
    width: (i) => (i % 11) / 3,
    always: () => 5,
    day: (i) => `2024-03-${(i % 28) + 10}`,
    species: (i) => ['setosa', 'virginica'][i % 2],
  });

  it('is its columns of numbers, without ids, constants and dates; text of few kinds is the class', () => {
    expect(proposedLabel(flowers)).toBe('species');
    expect(proposedColumns(flowers)).toEqual(['length', 'width']);
    expect(flowers.columns.map((column) => leftOutFor(column, flowers.rows))).toEqual([
      'id',
      undefined,
      undefined,
      'constant',
      'dates',
      'text',
    ]);
  });

  it('is what the user chooses', () => {
    const plan = vae(flowers, { columns: ['length', 'always', 'id'], label: null });
    expect(plan).toMatchObject({ width: 3, label: null, shape: [3] });
  });

  it('has no class where two columns may be it', () => {
    const two = table({ x: (i) => i / 3, site: (i) => 'ab'[i % 2], bird: (i) => 'cde'[i % 3] });
    expect(proposedLabel(two)).toBeUndefined();
    expect(vae(two).label).toBeNull();
  });

  it('tells the reader the columns where it would take one for the class that the user does not want', () => {
    const named = table({ x: (i) => i / 3, y: (i) => i / 5, class: (i) => i % 3 });
    expect(proposedLabel(named)).toBe('class');
    expect(code(vae(named, { label: null, columns: ['x', 'y', 'class'] }))).toContain("columns: ['x', 'y', 'class']");
  });
});

describe('the model that is proposed', () => {
  it.each([
    ['small grey images on a processor', images([[28, 28]]), CPU, 'dense', 'bernoulli', 2],
    [
      'small grey images on a GPU',
      images([[28, 28]]),
      { name: 'xla-cuda', gpu: true },
      'convolutional',
      'bernoulli',
      2,
    ],
    ['images in colour', images([[64, 48]], 3), CPU, 'convolutional', 'gaussian', 16],
    ['tiny images', images([[8, 8]]), CPU, 'dense', 'bernoulli', 2],
    [
      'a device without gradients of convolutions',
      images([[64, 64]], 3),
      { name: 'wasm', gpu: false },
      'dense',
      'gaussian',
      16,
    ],
    ['a table', table({ a: (i) => i / 3, b: (i) => Math.sin(i) }), CPU, 'dense', 'gaussian', 2],
    [
      'truth values',
      table({ a: (i) => i % 2, b: (i) => (i >> 1) % 2, c: (i) => (i >> 2) % 2 }),
      CPU,
      'dense',
      'bernoulli',
      2,
    ],
  ] as const)('%s', (_, survey, device, network, likelihood, latent) => {
    const plan = planFor('vae', survey, { label: null }, device);
    expect([plan.network.value, plan.likelihood.value, plan.latent.value]).toEqual([network, likelihood, latent]);
    expect(code(plan).includes('new ConvolutionalVAE(')).toBe(network === 'convolutional');
  });

  it('takes pixels as they are, and scales the columns of a table by the training part alone', () => {
    expect(code(vae(images([[28, 28]])))).not.toContain('standardized');
    expect(code(vae(table({ a: (i) => i, b: (i) => i / 3 })))).toContain('rest.standardized(train.standardization)');
  });

  it('takes about as many steps for little data as for much', () => {
    for (const rows of [100, 1000, 10_000, 60_000]) {
      const { epochs, stepsPerEpoch } = vae(images([[28, 28]], 1, rows));
      expect(epochs * stepsPerEpoch).toBeGreaterThan(700);
      expect(epochs * stepsPerEpoch).toBeLessThan(2500);
    }
  });

  it('reads the first samples alone of what memory does not hold', () => {
    const plan = vae(images([[256, 256]], 3, 1_000_000));
    expect(plan.isAll).toBe(false);
    expect(plan.samples * plan.width * 4).toBeLessThan(2 ** 31 + plan.width * 4);
    expect(code(plan)).toMatch(/await collect\(await streamData\('a\.csv'\), \d+\)/);
  });
});

describe('images of several sizes', () => {
  it('come to a common one by cutting, padding or resizing', () => {
    const several = images([
      [30, 40],
      [50, 20],
    ]);
    expect(fittings(several)).toEqual({ resize: [32, 40], crop: [30, 20], pad: [50, 40] });
    expect(vae(several, { fit: 'pad' }).shape).toEqual([50, 40, 1]);
    expect(fittings(images([[30, 40]]))).toBeNull();
  });
});

describe('the menu of the explorer', () => {
  const items = manifest.contributes.menus['explorer/context'];
  const { pattern, flags } = /resourceFilename =~ \/(?<pattern>.*)\/(?<flags>\w*)$/.exec(items[0]!.when)!.groups!;
  const offered = (name: string) => new RegExp(pattern!, flags).test(name);

  it.each([
    ...[
      'a.csv',
      'A.CSV',
      'a.tsv',
      'a.txt',
      'a.json',
      'a.parquet',
      'a.npy',
      'a.npz',
      'a.safetensors',
      'a.wav',
      'a.wave',
    ],
    ...['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte.gz', 'a.idx3-ubyte', 'a.idx', 'a.idx2.gz', 'a.csv.gz'],
  ])('is there for %s, which loadData reads', async (name) => {
    expect(offered(name)).toBe(true);
    // Not “expected .csv, …”: the format is known, though the file is damaged.
    const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-menu-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, name);
    writeFileSync(file, 'x');
    await expect(loadData(file)).rejects.toThrow(/^(?!.*rename the file)/);
  });

  it.each(['a.ts', 'a.ipynb', 'a.md', 'a.png', 'csv', 'readme'])('is not there for %s', (name) => {
    expect(offered(name)).toBe(false);
  });
});

describe('what is refused', () => {
  const csv = (first: string, rows: (i: number) => string) =>
    surveyText([first, ...Array.from({ length: 40 }, (_, i) => rows(i))].join('\n'));

  it('names the columns that are not taken, each with its reason', () => {
    const survey = csv('a,b,site,at', (i) => `${i / 3},7,${['bog', 'fen'][i % 2]},2024-01-${(i % 28) + 1}`);
    expect(refusal(planFor('vae', survey, {}, CPU))).toBe(
      'its samples have one value each; a VAE needs at least 2; “b” is always 7, “site” is the class, “at” holds dates',
    );
    const none = csv('yes,no,c,d,e,f,g', (i) => `${'ab'[i % 2]},${'abc'[i % 3]},1,1,1,1,1`);
    expect(refusal(planFor('vae', none, { label: null }, CPU))).toBe(
      'no column of numbers is chosen; “yes” is text, “no” is text, “c” is always 1, “d” is always 1, “e” is always 1, and 2 more',
    );
  });

  it('is what float32 cannot hold, as readers find it: by row and column, or left out', () => {
    const huge = csv('a,b', (i) => `${i === 3 ? '-1e308' : i},${i / 3}`);
    expect(refusal(planFor('vae', huge, {}, CPU))).toMatch(/^line 5, column “a” is infinite, or too large for float32/);
    expect(huge.range).toMatchObject({ low: 0, infinite: 1 });
    const ids = csv('userId,big,a,b', (i) => `${i * 12_345_678},${i}0000000000000001,${i / 3},${i / 7}`);
    expect(proposedColumns(ids)).toEqual(['a', 'b']);
    expect(refusal(planFor('vae', ids, { columns: ['userId', 'a'] }, CPU))).toMatch(/^the column “userId” has whole/);
  });
});
