import { describe, expect, it } from 'vitest';
import { joined } from '../../../../kernel/notebook/format';
import type { Notebook } from '../../../../kernel/notebook/format';
import { readDerivation, writeDerivation } from '../../../../kernel/notebook/derivations/derivation';
import { notebookOf } from '../../../../kernel/notebook/derivations/notebook';
import {
  declaredParameters,
  injectParameters,
  overrideByTexts,
  parametersOf,
  typeText,
} from '../../../../kernel/notebook/parameters';
import { seedOfCell } from '../../../../kernel/notebook/parameters/overriding';
import { valueProblem } from '../../../../kernel/notebook/parameters/values';

function notebook(...cells: (string | { source: string; tags: string[] })[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: cells.map((cell, i) => {
      const { source, tags } = typeof cell === 'string' ? { source: cell, tags: undefined } : cell;
      const metadata = tags ? { tags } : {};
      return { cell_type: 'code', id: `cell${i}`, execution_count: null, metadata, outputs: [], source };
    }),
  };
}

const withCell = (source: string) => notebook('import 1', { source, tags: ['parameters'] }, 'use(beta)');
const sources = ({ cells }: Notebook) => cells.map(({ source }) => joined(source));
const types = (source: string) =>
  Object.fromEntries(declaredParameters(source).map(({ name, type }) => [name, typeText(type)]));

describe('the parameters of a cell', () => {
  it('have the type of their declaration', () => {
    const source = `
      type Kind = 'gaussian' | 'bernoulli';
      interface Layers { widths: readonly number[]; bias?: boolean }
      const beta: number = 4, kind: Kind = 'gaussian';
      let sizes: Array<number> = [1], layers: Layers = { widths: [2] };
      const limit: number | null = null, pair: [number, string] = [1, 'a'], rates: Record<string, number> = {};
      const own: Float32Array = new Float32Array(3);
    `;
    expect(types(source)).toEqual({
      ...{ beta: 'number', kind: "'gaussian' | 'bernoulli'", sizes: 'number[]', limit: 'number | null' },
      ...{ layers: '{ widths: number[]; bias?: boolean }', pair: '[number, string]' },
      ...{ rates: '{ [name: string]: number }', own: 'Float32Array' },
    });
  });

  it('have the type of their initial value, which is known where it is a literal', () => {
    const source = `const a = -1e-3, b = 'x', c = true, d = [1, 2], e = [1, 'x'], f = { n: 1, deep: { m: [true] } };
      const g = 2 ** 5, h = Math.log(2), i = \`\${b}\`, j = g, k = [] , l = 1 as number | null, m = ['a'] as const;
      var n = !c; const { o } = f; function p() {} `;
    const found = declaredParameters(source);
    expect(types(source)).toEqual({
      ...{ a: 'number', b: 'string', c: 'boolean', d: 'number[]', e: '(number | string)[]', g: 'number', h: 'number' },
      ...{ f: '{ n: number; deep: { m: boolean[] } }', i: 'string', j: 'number', k: '[]', l: 'number | null' },
      ...{ m: 'string[]', n: 'boolean' },
    });
    const values = Object.fromEntries(found.map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({ a: -1e-3, b: 'x', c: true, d: [1, 2], f: { n: 1, deep: { m: [true] } }, m: ['a'] });
    expect(values.g).toBeUndefined();
  });

  it('name what the cell computes from them before a run can override them', () => {
    const used = (text: string) => declaredParameters(`const beta = 1; ${text}`)[0]!.usedBy;
    const computed = [
      'const c = [1, 2].map((x) => x * beta);',
      'const c = (() => beta)();',
      'const { c } = { c: beta };',
      'const { c = beta } = {};',
      'const f = () => beta; const c = f();',
      'function f() { return beta; } const g = () => f(); const c = g();',
      'let c = 0; c = 2 * beta;',
      'let c = 0; if (beta > 1) c = 2;',
      'const c = { rate: 0 }; c.rate = beta;',
      'class c { static rate = beta; }',
    ];
    expect(computed.map(used)).toEqual(computed.map(() => ['c']));
    const later = [
      'const f = (x) => x * beta;',
      'const schedule = piecewise((step) => step * beta);',
      'class A { rate = beta; }',
      'const x = [1].map((beta) => beta);',
      'const x = other.beta;',
      'const x = 2 as typeof beta;',
      'const x = { beta: 2 };',
      'const x = beta; const x = 2;',
      'console.log(beta);',
    ];
    expect(later.map(used)).toEqual(later.map(() => []));
  });

  it('have the words of a comment', () => {
    const found = declaredParameters(
      '/** The weight of KL. */\nconst beta = 4;\nconst latent = 2; // how many latents',
    );
    expect(found.map(({ comment }) => comment)).toEqual(['The weight of KL.', 'how many latents']);
  });
});

describe('overrides', () => {
  it('stand in a cell of their own behind the parameters, with the declared types', () => {
    const one = withCell("const beta: number = 4;\nlet name = 'a';\nconst latent = 2;");
    injectParameters(one, 'n.ipynb', { beta: 8, name: 'b "c"' });
    expect(sources(one)[2]).toBe('// Parameters of this run\nconst beta: number = 8;\nlet name = "b \\"c\\"";');
    expect(one.cells[2]!.metadata).toEqual({ tags: ['injected-parameters'] });
    injectParameters(one, 'n.ipynb', { latent: 3 });
    expect(sources(one)).toHaveLength(4);
    expect(sources(one)[2]).toBe('// Parameters of this run\nconst latent = 3;');
  });

  it.each([
    ['beta=0.5', 'const beta: number = 0.5;'],
    ['beta=-1e-3', 'const beta: number = -0.001;'],
    ['on=false', 'const on = false;'],
    ['widths=[8, 4]', 'const widths = [8,4];'],
    ['widths=8,4', 'const widths = [8,4];'],
    ['widths=', 'const widths = [];'],
    ['name=4', 'const name = "4";'],
    ['kind=b', "const kind: 'a' | 'b' | number = \"b\";"],
    ['kind=2', "const kind: 'a' | 'b' | number = 2;"],
    ['model={"n": 2}', 'const model = {"n":2};'],
  ])('are read from %s by their type', (text, line) => {
    const source = `const beta: number = 4, on = true, widths = [1], name = 'x', model = { n: 1 };
      const kind: 'a' | 'b' | number = 'a';`;
    const one = withCell(source);
    overrideByTexts(one, 'n.ipynb', [text]);
    expect(sources(one)[2]).toBe(`// Parameters of this run\n${line}`);
  });

  const SOURCE = `const beta: number = 4, kind: 'a' | 'b' = 'a', widths = [1], names = ['a'], odd = make(); const twice = 2 * beta;
    const later = () => kind;`;

  it.each([
    [
      'betta=4',
      /no parameter "betta" \(did you mean "beta"\?\); its cell 2 \(tagged "parameters"\) declares beta \(number\), kind/,
    ],
    ['beta=big', /n\.ipynb, cell 2 \(tagged "parameters"\): beta is declared as number; found "big"/],
    ['beta=', /beta is declared as number; found ""/],
    ['beta=Infinity', /beta is declared as number/],
    ['kind=c', /kind is declared as 'a' \| 'b'; found "c"/],
    ['widths=[1, "x"]', /widths is declared as number\[\] \(at widths\[1\] it expects number\); found "x"/],
    ['names=[a,b]', /names is declared as string\[\]; found "\[a,b\]"/],
    ['odd=1', /does not say the type of odd/],
    ['beta', /-p takes NAME=VALUE, for example -p beta=4; found "beta"/],
    ['seed=x', /seed is a whole number; found "x"/],
    ['beta=5', /cell 2 \(tagged "parameters"\): twice is computed from beta before a run can override it/],
  ])('refuse %s with what is allowed', (text, reason) => {
    const one = withCell(SOURCE);
    expect(() => overrideByTexts(one, 'n.ipynb', [text])).toThrow(reason);
    expect(one.cells).toHaveLength(3);
  });

  it('name the place inside of a list or an object', () => {
    const one = withCell('const layers = [{ width: 1 }];');
    expect(() => injectParameters(one, 'n.ipynb', { layers: [{ width: 2 }, { width: 'x' }] })).toThrow(
      'layers[1].width it expects number); found "x"',
    );
  });

  it('are refused where no cell is tagged, and where two are', () => {
    expect(() => overrideByTexts(notebook('const beta = 1'), 'n.ipynb', ['beta=2'])).toThrow(
      /n\.ipynb has no cell tagged "parameters".*Mark Cell as Parameters/,
    );
    const cell = { source: 'const beta = 1', tags: ['parameters'] };
    expect(() => overrideByTexts(notebook(cell, cell), 'n.ipynb', ['beta=2'])).toThrow(/2 cells .*cell 1 and cell 2/);
  });

  it('take the seed also where the notebook has no parameter of that name', () => {
    const plain = notebook('1');
    expect(overrideByTexts(plain, 'n.ipynb', ['seed=3'])).toBe(3);
    expect(plain.cells).toHaveLength(1);
    const declaring = withCell('const seed = 0;');
    expect(overrideByTexts(declaring, 'n.ipynb', ['seed=3'], 3)).toBe(3);
    expect(sources(declaring)[2]).toContain('const seed = 3;');
    expect(() => overrideByTexts(withCell('const seed = 0;'), 'n.ipynb', ['seed=3'], 4)).toThrow(/-p seed=3 differ/);
  });
});

describe('the seed of a run', () => {
  const injected = (declared: string) => {
    const one = withCell(declared);
    injectParameters(one, 'a.ipynb', { seed: 7, beta: 1 });
    return sources(one)[2]!;
  };

  it.each([
    'const beta = 4; const seed = 1;',
    'const beta = 4;\nconst seed: number = 1;',
    'const beta = 4; let seed: 1 | 7 = 1',
  ])('stands in the injected cell: %j', (declared) => {
    expect(seedOfCell(['injected-parameters'], injected(declared))).toBe(7);
  });

  it('is over where another run begins, and other cells say nothing of it', () => {
    expect(seedOfCell(['parameters'], 'const seed = 3;')).toBeNull();
    expect(seedOfCell(['injected-parameters'], 'const beta = 3;\nconst seeds = 4;')).toBeNull();
    expect(seedOfCell([], 'const seed = 3;')).toBeUndefined();
  });

  it('is a whole number from 0', () => {
    const declared = declaredParameters('const seed = 1;')[0]!;
    expect(valueProblem(0.5, declared)).toContain('a whole number from 0; found 0.5');
    expect(valueProblem(-1, declared)).toContain('found -1');
    expect(valueProblem(3, declared)).toBeUndefined();
  });
});

describe('a derivation in Markdown', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const saved = (cells: Parameters<typeof writeDerivation>[0]) => new TextDecoder().decode(writeDerivation(cells));

  it.each(['```ts tags=["parameters"]', '```typescript {.parameters}', '~~~ts title="a" tags=["x", "parameters"]'])(
    'tags a cell by %s',
    (opening) => {
      const text = `Text.\n\n${opening}\nconst beta = 4;\n${opening.slice(0, 3)}\n`;
      const cells = readDerivation(bytes(text));
      expect(parametersOf(notebookOf(cells), 'n.md').map(({ name }) => name)).toEqual(['beta']);
      expect(saved(cells)).toBe(text);
    },
  );

  it('is tagged anew, and nothing else changes', () => {
    const text = 'Text.\n\n```ts {#id .old}\nconst beta = 4;\n```\n\nMore.\n';
    const cells = readDerivation(bytes(text));
    const tagged = cells.map((cell) => (cell.kind === 'code' ? { ...cell, tags: ['parameters'] } : cell));
    expect(saved(tagged)).toBe(text.replace('{#id .old}', '{#id} tags=["parameters"]'));
    const untagged = cells.map((cell) => ({ ...cell, tags: undefined }));
    expect(saved(untagged)).toBe(text.replace('{#id .old}', '{#id}'));
    expect(saved([{ kind: 'code', language: 'ts', text: 'a', tags: ['parameters'] }])).toBe(
      '```ts tags=["parameters"]\na\n```\n',
    );
  });
});
