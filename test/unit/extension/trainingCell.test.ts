import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { loadData } from '../../../kernel/autoencoders/data/formats';
import {
  lastValueOf,
  refusal,
  templateLiteral,
  trainingCode,
  withClass,
  type DataFacts,
} from '../../../extension/commands/trainingCell';

const facts: DataFacts = { samples: 1000, width: 4, image: false, low: -3, high: 5 };
const source = { expression: 'rows', imports: [], description: 'rows' };

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

describe('the class of a table', () => {
  const file = { expression: 'await loadData("a.csv")', imports: ['loadData'], description: 'a.csv', reads: true };
  const choice = { texts: ['id', 'kind'], numbers: ['a', "b's"] };

  it.each([
    ['kind', choice, `await loadData("a.csv", { label: "kind", columns: ["a", "b's"] })`],
    ['a', choice, `await loadData("a.csv", { label: "a", columns: ["b's"] })`],
    [undefined, choice, `await loadData("a.csv", { columns: ["a", "b's"] })`],
    ['kind', { ...choice, texts: ['kind'] }, 'await loadData("a.csv", { label: "kind" })'],
  ])('%j of %j', (label, columns, expected) => {
    expect(withClass(file, label, columns).expression).toBe(expected);
  });
});

describe('the menu of the explorer', () => {
  const [item] = manifest.contributes.menus['explorer/context'];
  const { pattern, flags } = /resourceFilename =~ \/(?<pattern>.*)\/(?<flags>\w*)$/.exec(item!.when)!.groups!;
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
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'latentlab-menu-')), name);
    writeFileSync(file, 'x');
    await expect(loadData(file)).rejects.toThrow(/^(?!.*rename the file)/);
  });

  it.each(['a.ts', 'a.ipynb', 'a.md', 'a.png', 'csv', 'readme'])('is not there for %s', (name) => {
    expect(offered(name)).toBe(false);
  });
});

describe('the training cell', () => {
  it('takes pixels in [0, 1] as they are, with a Bernoulli likelihood', () => {
    const code = trainingCode(source, { samples: 10_000, width: 784, image: true, low: 0, high: 1 });
    expect(code).toContain("likelihood: 'bernoulli'");
    expect(code).not.toContain('standardized');
  });

  it('scales anything else by its training part alone, with a Gaussian likelihood', () => {
    const code = trainingCode(source, facts);
    expect(code).toContain("likelihood: 'gaussian'");
    expect(code).toContain('rest.standardized(train.standardization)');
  });

  it('takes about as many steps for little data as for much', () => {
    const steps = (samples: number) => {
      const code = trainingCode(source, { ...facts, samples });
      const [, epochs, batch] = /epochs: (\d+), batchSize: (\d+)/.exec(code)!.map(Number);
      return epochs! * Math.ceil((samples * 0.9) / batch!);
    };
    for (const samples of [100, 1000, 10_000]) {
      expect(steps(samples)).toBeGreaterThan(700);
      expect(steps(samples)).toBeLessThan(2500);
    }
  });
});

describe('data that nothing can be trained on', () => {
  it.each([
    [{ samples: 1 }, /1 sample of 4 values; a VAE needs at least 10/],
    [{ width: 1 }, /one value each/],
    [{ low: 2, high: 2 }, /all of its values are 2/],
  ])('%j', (change, reason) => {
    expect(refusal({ ...facts, ...change })).toMatch(reason);
  });

  it('is not this', () => {
    expect(refusal(facts)).toBeUndefined();
  });
});
