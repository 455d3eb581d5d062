import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell, Edit, Problem } from '../../../extension/language/protocol';
import { Formulas } from '../../../extension/language/service/formulas';
import { NotebookTypes } from '../../../extension/language/service/service';
import { edited } from './edited';

const product = path.resolve(__dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-types-'));
const warnings: string[] = [];
let types: NotebookTypes;

beforeAll(() => {
  types = new NotebookTypes(product, new Formulas(() => (tex) => `<svg>${tex}</svg>`), (text) => warnings.push(text));
  // With one that stays open, the library is read once.
  types.open('file:///other.ipynb', folder, [cell(0, '0')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const URI = 'file:///notebook.ipynb';

/** Opens a notebook of these cells; `|` marks a place, and is no part of the cell. */
function open(...texts: string[]): { places: { notebook: string; cell: string; offset: number }[] } {
  return openIn(folder, ...texts);
}

function openIn(where: string, ...texts: string[]) {
  const places = texts.flatMap((text, i) => {
    const offset = text.indexOf('|');
    return offset < 0 ? [] : [{ notebook: URI, cell: idOf(i), offset }];
  });
  types.open(
    URI,
    where,
    texts.map((text, i) => cell(i, text.replace('|', ''))),
  );
  return { places };
}

const idOf = (index: number) => `cell-${index + 1}`;
const cell = (index: number, text: string, language: Cell['language'] = 'typescript'): Cell => ({ id: idOf(index), language, text }); // prettier-ignore

/** All problems of the open notebook: `cell: code message`. */
function problemsOf(severity: Problem['severity'] = 'error'): string[] {
  return types.cells(URI).flatMap((id) =>
    types
      .problems({ notebook: URI, cell: id })
      .filter((problem) => problem.severity === severity)
      .map(({ code, message }) => `${id}: ${code} ${message.split('\n')[0]}`),
  );
}

function namesAt(...texts: string[]): string[] {
  const [place] = open(...texts).places;
  return types.completions(place!)?.items.map(({ name }) => name) ?? [];
}

function inCell(edits: readonly Edit[], index: number): Edit[] {
  return edits.filter((edit) => 'cell' in edit && typeof edit.cell === 'object' && edit.cell.cell === idOf(index));
}

const VAE = "import { VAE, Dataset, tf } from 'latentlab';\nconst vae = new VAE({ input: 3, latent: 2 });";

describe('completions', () => {
  it('are the members of a value that another cell declares, with their docs', () => {
    const [place] = open(VAE, 'vae.|').places;
    const names = types.completions(place!)!.items.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['fit', 'encode', 'decode', 'sample', 'explain']));
    const detail = types.completionDetail(place!, { name: 'encode' })!;
    expect(detail.signature).toContain('encode(');
    expect(detail.markdown).not.toBe('');
  });

  it('list tfjs’s functions before the names of its kernels', () => {
    const [place] = open(VAE, 'tf.|').places;
    const { items } = types.completions(place!)!;
    const sortTextOf = (wanted: string) => items.find(({ name }) => name === wanted)!.sortText;
    const isBehind = (one: string) => sortTextOf(one) >= sortTextOf('Abs');
    expect(['matMul', 'conv2d', 'tensor', 'Tensor', 'train'].filter(isBehind)).toEqual([]);
    expect(sortTextOf('_FusedMatMul')).toBe(sortTextOf('Abs'));
  });

  it.each([
    ['in a function that is not closed yet', 'function f() {\n  return vae.|'],
    ['in a call that is not closed yet', 'tf.tidy(() => vae.|'],
    ['before other statements', 'vae.|\nconst after = 1;'],
  ])('know other cells %s', (_where, text) => {
    expect(namesAt(VAE, text)).toContain('encode');
  });

  it('offer names of cells above, of the nearest one that declares it, and name it', () => {
    const [place] = open('const width = 1;', "const width = 'wide', height = 2;", 'wi|').places;
    const { items } = types.completions(place!)!;
    expect(items.filter(({ name }) => name === 'width')).toMatchObject([{ kind: 'const', from: 'cell 2' }]);
    expect(types.completionDetail(place!, { name: 'width' })!.signature).toBe('const width: "wide"');
  });

  it.each([
    ['exports', "import { VA| } from 'latentlab'", 'VAE'],
    ['options of a model', "import { VAE } from 'latentlab'; new VAE({ lat| })", 'latent'],
    ['options of a training', `${VAE}\nvae.fit([[1, 2, 3]], { ep| })`, 'epochs'],
    ['values of an option', "import { VAE } from 'latentlab'; new VAE({ input: 3, likelihood: '|' })", 'bernoulli'],
    ['tfjs', "import { tf } from 'latentlab'; tf.mat|", 'matMul'],
    ['modules of Node', "import fs from 'node:fs'; fs.readFile|", 'readFileSync'],
    ['what cells have without an import', 'displ|', 'display'],
  ])('know %s', (_what, text, name) => {
    expect(namesAt(text)).toContain(name);
  });

  it('know files and packages beside the notebook, and none that stands for a cell', () => {
    writeFileSync(path.join(folder, 'helpers.ts'), 'export const help = 1;');
    const dependency = path.join(folder, 'node_modules', 'a-package');
    mkdirSync(dependency, { recursive: true });
    writeFileSync(path.join(dependency, 'package.json'), '{ "name": "a-package", "types": "index.d.ts" }');
    writeFileSync(path.join(dependency, 'index.d.ts'), '/** Ours. */ export declare const packaged: number;');
    writeFileSync(path.join(folder, 'package.json'), '{ "dependencies": { "a-package": "1.0.0" } }');
    const files = namesAt("import './|'", 'const other = 1;');
    expect(files).toContain('helpers');
    expect(files.filter((name) => name.includes('latentlab'))).toEqual([]);
    expect(namesAt("import { } from '|'")).toEqual(expect.arrayContaining(['latentlab', 'a-package']));
    expect(namesAt("import { | } from 'a-package'")).toContain('packaged');
  });

  it('import what they name', () => {
    for (const [text, after] of [
      ['Vec|', "import { VectorQuantizer } from 'latentlab';\nVec"],
      ["import { VAE } from 'latentlab';\nVec|", "import { VAE, VectorQuantizer } from 'latentlab';\nVec"],
    ] as const) {
      const [place] = open(text).places;
      const item = types.completions(place!)!.items.find(({ imports, name }) => imports && name === 'VectorQuantizer')!;
      expect(item.from).toBe('latentlab');
      const { edits, markdown } = types.completionDetail(place!, item)!;
      expect(edited(text.replace('|', ''), edits)).toBe(after);
      expect(markdown).not.toBe('');
    }
  });

  it('of a value that is any name it, for its live members to be asked for', () => {
    const [place] = open('const anything: any = 1;', 'anything.deep.|').places;
    expect(types.completions(place!)!.untyped).toEqual({ expression: 'anything.deep' });
    const [typed] = open('const known = [1];', 'known.|').places;
    expect(types.completions(typed!)!.untyped).toBeUndefined();
    const [call] = open('declare function f(): any;', 'f().|').places;
    expect(types.completions(call!)?.untyped).toBeUndefined();
  });
});

describe('hovers', () => {
  it('show a name of another cell as if it were declared here', () => {
    const [place] = open('/** How wide. */\nconst width = 3;', 'wi|dth + 1').places;
    expect(types.hover(place!)).toMatchObject({ signature: 'const width: 3', markdown: 'How wide.' });
  });

  it('draw formulas, and leave code and prices alone', () => {
    const doc = '/** Costs $5 or $6: $$x^2$$ and $y_1$, `$z$`, a < b. */';
    const [place] = open(`${doc}\nfunction f() {}`, 'f|').places;
    const { markdown } = types.hover(place!)!;
    const picture = (tex: string) => Buffer.from(`<svg>${tex}</svg>`).toString('base64');
    expect(markdown).toContain(`alt="x^2" src="data:image/svg+xml;base64,${picture('x^2')}"`);
    expect(markdown).toContain(picture('y_1'));
    expect(markdown).toContain('Costs $5 or $6:');
    expect(markdown).toContain('`$z$`, a &lt; b.');
  });

  it('show the docstring of the library, with parameters', () => {
    const [place] = open(VAE, 'vae.score|').places;
    const { signature, markdown } = types.hover(place!)!;
    expect(signature).toContain('score(');
    expect(markdown).toContain('**options.seed**');
  });

  it('lead to the reference of the library, and of nothing else', () => {
    const [method] = open(VAE, 'vae.score|').places;
    expect(types.hover(method!)!.reference).toMatch(/^\w+\.score$/);
    const [own] = open('const width = 3;', 'wi|dth').places;
    expect(types.hover(own!)!.reference).toBeUndefined();
  });

  it('show shapes, which Markdown would take for addresses of links', () => {
    const [place] = open('/** [n, d]: one row a sample. */\nconst x = 1;', 'x|').places;
    expect(types.hover(place!)!.markdown).toBe('\\[n, d\\]: one row a sample.');
  });
});

describe('signature help', () => {
  it('shows the parameters and the one at the cursor', () => {
    const [place] = open(
      '/** @param a first\n * @param b second */\nfunction f(a: number, b: string) {}',
      'f(1, |)',
    ).places;
    const help = types.signatureHelp(place!)!;
    expect(help.activeParameter).toBe(1);
    const { label, parameters } = help.signatures[0]!;
    expect(parameters.map(({ label: [start, end] }) => label.slice(start, end))).toEqual(['a: number', 'b: string']);
    expect(parameters[1]!.markdown).toBe('second');
  });
});

describe('definitions', () => {
  it('lead to the cell that declares the name', () => {
    const [place] = open('const a = 1;', 'const a = 2;', 'a|').places;
    expect(types.definitions(place!)).toMatchObject([{ cell: { cell: 'cell-2' }, range: { start: { character: 6 } } }]);
  });

  it('lead into the library’s sources, to the declaration below its docstring', () => {
    const [place] = open("import { VAE } from 'latentlab';", 'new VA|E').places;
    const files = types.definitions(place!).map((target) => ('file' in target ? target.file : ''));
    expect(
      files.some((file) => file.endsWith(path.join('kernel', 'autoencoders', 'models', 'variational', 'vae.ts'))),
    ).toBe(true);
  });
});

describe('references and renaming', () => {
  const cells = [
    'let rate = 1;',
    'rate = 2; const o = { rate };',
    'const { rate: other } = o; f(rate);',
    'const rate = 9; rate',
  ];

  it('span the cells that mean the same name', () => {
    const { places } = open('let ra|te = 1;', ...cells.slice(1));
    const found = types
      .references(places[0]!)
      .map((target) => ('cell' in target && typeof target.cell === 'object' ? target.cell.cell : ''));
    expect(found.filter((id) => id === 'cell-1')).toHaveLength(1);
    expect(new Set(found)).toEqual(new Set(['cell-1', 'cell-2', 'cell-3']));
  });

  it('keep properties of the same name', () => {
    const { places } = open('let ra|te = 1;', ...cells.slice(1));
    const edits = types.rename(places[0]!, 'speed');
    expect(cells.map((text, i) => edited(text, inCell(edits, i)))).toEqual([
      'let speed = 1;',
      'speed = 2; const o = { rate: speed };',
      'const { rate: other } = o; f(speed);',
      'const rate = 9; rate',
    ]);
  });

  it('rename an import for the cells, and not in the library', () => {
    const texts = ["import { VAE } from 'latentlab';", 'new VAE({ input: 3, latent: 2 })'];
    const { places } = open(texts[0]!, 'new VA|E({ input: 3, latent: 2 })');
    expect(types.renameRange(places[0]!)).toMatchObject({ placeholder: 'VAE' });
    const edits = types.rename(places[0]!, 'Model');
    expect(texts.map((text, i) => edited(text, inCell(edits, i)))).toEqual([
      "import { VAE as Model } from 'latentlab';",
      'new Model({ input: 3, latent: 2 })',
    ]);
    expect(edits.filter((edit) => 'file' in edit)).toEqual([]);
  });

  it('rename what is local', () => {
    const text = 'function f(a: number) { return a + 1; }';
    const { places } = open('function f(a|: number) { return a + 1; }', 'const a = 1; f(a);');
    expect(edited(text, inCell(types.rename(places[0]!, 'x'), 0))).toBe('function f(x: number) { return x + 1; }');
  });

  it('refuse what is the library’s, by name', () => {
    const { places } = open(VAE, 'vae.enco|de([[1, 2, 3]])');
    expect(types.renameRange(places[0]!)).toMatchObject({
      refusal: expect.stringMatching(/^encode is declared in .*which you cannot change/),
    });
  });
});

describe('errors', () => {
  it.each([
    [
      'a name declared again with another type',
      ['const x = 1;', "const x = 'a';", 'x.length', 'let x = [1];', 'x.push(2)'],
    ],
    ['await at the top', ['const a = await Promise.resolve(1);', 'a.toFixed()']],
    ['a variable that another cell gives a value', ['let n = 0;', 'n = 5; n++; n += 1;']],
    ['an array that other cells fill', ['const losses = [];', 'losses.push(1);', 'losses.length']],
    ['a function that uses what is declared below it', ['const f = () => later + 1;', 'const later = 1;', 'f()']],
    ['an object as a cell', ['{ a: 1, b: [2] }']],
    ['a type and a value of other cells', ['interface P { a: number }', 'const p: P = { a: 1 };', 'p.a']],
    ['JSX only where it is any', ['const less = <number>(1 as unknown);', 'const id = <T,>(x: T) => x;']],
    [
      'an enum, a class, a namespace',
      ['enum E { A } class C { e = E.A } namespace N { export const n = 1 }', 'new C().e; N.n'],
    ],
    [
      'what Node and cells have',
      ["console.log(await display(1)); require('node:fs'); process.argv; html`<b>`", 'fetch'],
    ],
    [
      'overloads and merging in one cell',
      ['function f(a: string): void; function f(a: number): void; function f() {}', 'f(1)'],
    ],
    ['an empty cell', ['', '// nothing', 'const a = 1; a']],
    ['destructuring across cells', ['const { a, ...rest } = { a: 1, b: 2 };', 'rest.b + a']],
    ['an import that is imported again', ["import { VAE } from 'latentlab';", "import { VAE } from 'latentlab'; VAE"]],
    ['exports of cells', ['export const a = 1; export default class {}', 'a']],
    ['a generator and using', ['function* g() { yield 1; }', 'for (const x of g()) console.log(x)']],
  ])('are none for %s', (_what, texts) => {
    open(...texts);
    expect(problemsOf()).toEqual([]);
  });

  it.each([
    ['a misspelt export', ["import { noSuchExport } from 'latentlab';"], ['cell-1: 2305']],
    ['a wrong type across cells', ['const n = 1;', 'const s: string = n;'], ['cell-2: 2322']],
    ['a name that is nowhere', ['missing + 1'], ['cell-1: 2304']],
    ['a misspelt option', ["import { VAE } from 'latentlab'; new VAE({ input: 3, lattent: 2 })"], ['cell-1: 2561']],
    ['a constant of another cell that gets a value', ['const c = 1;', 'c = 2;'], ['cell-2: 2632']],
    ['a function of another cell that gets a value', ['function g() {}', 'g = 1;'], ['cell-2: 2632']],
    ['two declarations in one cell', ['const a = 1; const a = 2;'], ['cell-1: 2451', 'cell-1: 2451']],
    ['a parenthesis that is missing', ['f(1', 'const f = (n: number) => n;'], ['cell-1: 1005']],
    ['a brace that is missing', ['if (true) {', 'const ok = 1;'], ['cell-1: 1005']],
    ['a module that is nowhere', ["import x from 'no-such-package';"], ['cell-1: 2307']],
  ])('hear of %s', (_what, texts, codes) => {
    open(...texts);
    expect(problemsOf().map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(codes);
  });

  it('say why a constant of another cell gets no value', () => {
    open('const c = 1;', 'c = 2;');
    expect(problemsOf()).toEqual(["cell-2: 2632 Cannot assign to 'c' because it is a constant."]);
  });

  it('follow edits, moves and deletions of cells', () => {
    open('const n = 1;', 'n.toFixed()');
    expect(problemsOf()).toEqual([]);
    types.edit(URI, 'cell-1', 'typescript', "const n = 'a';");
    expect(problemsOf()).toHaveLength(1);
    types.setCells(URI, [cell(1, 'n.toFixed()'), cell(2, 'const n = 1;')]);
    expect(problemsOf()).toEqual([]);
    types.setCells(URI, [cell(1, 'n.toFixed()')]);
    expect(problemsOf()).toHaveLength(1);
  });

  it('of JavaScript cells are those of their syntax', () => {
    types.open(URI, folder, [cell(0, 'const a = 1; a.nothing(); const = 2', 'javascript'), cell(1, 'a.toFixed()')]);
    expect(problemsOf().every((line) => line.startsWith('cell-1: 1'))).toBe(true);
    expect(problemsOf()).not.toEqual([]);
  });
});

describe('what is not used', () => {
  it('is faded only where no cell uses it', () => {
    open(
      "import { VAE, PCA } from 'latentlab'; const used = 1; const unused = 2;",
      'new VAE({ input: used, latent: 1 })',
    );
    expect(problemsOf('hint').map((line) => /'(\w+)'/.exec(line)![1])).toEqual(['PCA', 'unused']);
  });
});

describe('fixes', () => {
  it.each([
    ['an import that is missing', 'new VAE({ input: 3, latent: 2 })', 2304, "import { VAE } from 'latentlab'"],
    ['a misspelt name', 'const width = 1;\nconst a = widht;', 2552, 'const a = width;'],
  ])('offer %s', (_what, text, code, expected) => {
    open(text);
    const problem = types.problems({ notebook: URI, cell: 'cell-1' }).find((one) => one.code === code)!;
    const lines = text.split('\n');
    const start = lines.slice(0, problem.range.start.line).join('\n').length + (problem.range.start.line > 0 ? 1 : 0);
    const span = {
      start: start + problem.range.start.character,
      length: problem.range.end.character - problem.range.start.character,
    };
    const fixes = types.fixes({ notebook: URI, cell: 'cell-1' }, span, [code]);
    expect(fixes.map(({ edits }) => edited(text, edits)).some((done) => done.includes(expected))).toBe(true);
    expect(JSON.stringify(fixes)).not.toContain('.latentlab-');
  });

  it('organise imports, and keep those that other cells use', () => {
    const text = "import { VAE, PCA, Dataset } from 'latentlab';\nPCA;";
    open(text, 'new VAE({ input: 3, latent: 2 })');
    const edits = types.organizeImports({ notebook: URI, cell: 'cell-1' });
    expect(edited(text, edits)).toMatch(/^import \{ PCA, VAE \} from ['"]latentlab['"];\nPCA;$/);
  });
});

describe('symbols and hints', () => {
  it('are those of the cell, with their places', () => {
    open('const a = 1;', 'a;\nclass Model {\n  fit() {}\n}');
    const [model, ...others] = types.symbols({ notebook: URI, cell: 'cell-2' });
    expect(others).toEqual([]);
    expect(model).toMatchObject({ name: 'Model', kind: 'class', selection: { start: { line: 1, character: 6 } } });
    expect(model!.children).toMatchObject([{ name: 'fit', kind: 'method' }]);
  });

  it('are found in the workspace', () => {
    open('function trainOnce() {}', 'trainOnce()');
    const found = types.workspaceSymbols('trainO');
    expect(
      found.map(({ name, target }) => [name, 'cell' in target && typeof target.cell === 'object' && target.cell.cell]),
    ).toEqual([['trainOnce', 'cell-1']]);
  });

  it('show types beside variables', () => {
    open('const n = Math.random();');
    expect(types.hints({ notebook: URI, cell: 'cell-1' }, { start: 0, length: 24 })).toMatchObject([
      { text: ': number', kind: 'type', position: { line: 0, character: 7 } },
    ]);
  });
});

describe('the folder of a notebook', () => {
  const strict = path.join(folder, 'strict');
  beforeAll(() => {
    mkdirSync(path.join(strict, 'lib'), { recursive: true });
    writeFileSync(path.join(strict, 'lib', 'tool.ts'), 'export const tool = 1;');
  });
  const configure = (compilerOptions: object) => {
    const file = path.join(strict, 'tsconfig.json');
    writeFileSync(file, JSON.stringify({ compilerOptions }));
    types.filesChanged([file]);
  };

  it('gives its tsconfig, also when that changes', () => {
    configure({ strict: false });
    openIn(strict, 'const f = (x) => x;');
    expect(problemsOf()).toEqual([]);
    configure({ strict: true });
    expect(problemsOf().map((line) => line.slice(0, 12))).toEqual(['cell-1: 7006']);
    configure({ strict: true, noUncheckedIndexedAccess: true, paths: { '@lib/*': ['./lib/*'] } });
    types.setCells(URI, [cell(0, "import { tool } from '@lib/tool'; const n: number = [tool][0];")]);
    expect(problemsOf().map((line) => line.slice(0, 12))).toEqual(['cell-1: 2322']);
  });

  it('says which tsconfig cannot be read', () => {
    writeFileSync(path.join(strict, 'tsconfig.json'), '{ "compilerOptions": { "strict": "very" } }');
    openIn(strict, '1 + 1');
    expect(warnings.at(-1)).toMatch(/tsconfig\.json: .*strict/);
    rmSync(path.join(strict, 'tsconfig.json'));
  });

  it('holds modules that are followed when they change, come and go', () => {
    const file = path.join(folder, 'local.ts');
    open("import { value } from './local'; const n: number = value;");
    expect(problemsOf()).toHaveLength(1);
    writeFileSync(file, 'export const value = 1;');
    types.filesChanged([file]);
    expect(problemsOf()).toEqual([]);
    writeFileSync(file, "export const value = 'text';");
    types.filesChanged([file]);
    expect(problemsOf()).toEqual(["cell-1: 2322 Type 'string' is not assignable to type 'number'."]);
    rmSync(file);
    types.filesChanged([file]);
    expect(problemsOf().map((line) => line.slice(0, 12))).toEqual(['cell-1: 2307']);
  });
});
