import { execFileSync } from 'node:child_process';
import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Cell, Notebook } from '../../../../kernel/notebook/format';
import { scriptExport } from '../../../../kernel/notebook/export/script';
import { temporaryFolder } from '../files';

const folder = temporaryFolder();

const code = (source: string): Cell => ({
  cell_type: 'code',
  execution_count: null,
  metadata: {},
  outputs: [],
  source,
});
const text = (source: string): Cell => ({ cell_type: 'markdown', metadata: {}, source });
const notebookOf = (...cells: Cell[]): Notebook => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
const exported = (...cells: Cell[]) =>
  scriptExport(notebookOf(...cells), { name: 'notes.ipynb', from: folder, to: folder });

/** In the place of the library: what is shown is printed as JSON. */
const LIBRARY = `export const show = async (value, name) => {
  if (value !== undefined) console.log(JSON.stringify([name ?? 'display', value]));
};
export const display = (value) => show(value);
export const twice = (x) => 2 * x;
`;

/** What the script of these cells shows, run by Node: the values that the cells end with, in their order. */
function shownBy(...sources: string[]): [string, unknown][] {
  const library = join(folder, 'node_modules', 'latentlab');
  mkdirSync(library, { recursive: true });
  writeFileSync(
    join(library, 'package.json'),
    '{"name":"latentlab","type":"module","exports":{"./notebook":"./notebook.js"}}',
  );
  writeFileSync(join(library, 'notebook.js'), LIBRARY);
  const { outputText } = ts.transpileModule(exported(...sources.map(code)), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  const file = join(folder, 'script.mjs');
  writeFileSync(file, outputText);
  const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
  return printed
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as [string, unknown]);
}

describe('a notebook as a program', () => {
  it('runs its cells in their order and shows what each ends with', () => {
    expect(
      shownBy('const a = await Promise.resolve(1);\na + 1', 'await display("here")', '{ a, b: [a] }', 'let c = 3;'),
    ).toEqual([
      ['cell-1', 2],
      ['display', 'here'],
      ['cell-3', { a: 1, b: [1] }],
    ]);
  });

  it('lets cells declare a name again, of another type too', () => {
    expect(
      shownBy(
        'const x = 1; const y = x + 1;',
        'const x = "text"; x + y',
        'const { x, rest: [y] } = { x: [1], rest: [3] }; const both = { x, y }; both',
      ),
    ).toEqual([
      ['cell-2', 'text2'],
      ['cell-3', { x: [1], y: 3 }],
    ]);
  });

  it('lets a function of an earlier cell see the newest value, as the kernel does', () => {
    expect(
      shownBy(
        'let rate = 1;\nconst now = () => rate;\nnow()',
        'rate = 2; now()',
        'const rate = 3;\nnow()',
        'function now() { return -rate; }\nnow()',
      ),
    ).toEqual([
      ['cell-1', 1],
      ['cell-2', 2],
      ['cell-3', 3],
      ['cell-4', -3],
    ]);
  });

  it('leaves names alone that are parameters, properties or another scope’s', () => {
    expect(
      shownBy(
        'const x = 1; class A { x = 5; get() { return this.x; } }',
        'const x = 2;\nconst f = (x: number) => x * 10;\nfor (const x of [7]) f(x);\n[f(3), new A().get(), { x: 4 }.x, x]',
      ),
    ).toEqual([['cell-2', [30, 5, 4, 2]]]);
  });

  it('imports once what several cells import, from the notebook’s side of the library', () => {
    const script = exported(
      code("import { twice, type Thing } from 'latentlab';\nimport path from 'node:path';"),
      code("import { twice } from 'latentlab';\nimport * as own from './own.ts';\ntwice(path.sep.length)"),
    );
    expect(script.match(/^import .*$/gm)).toEqual([
      "import { show, type Thing, twice } from 'latentlab/notebook';",
      "import path from 'node:path';",
      "import * as own from './own.ts';",
    ]);
    expect(shownBy("import { twice } from 'latentlab';", "import { twice } from 'latentlab';\ntwice(4)")).toEqual([
      ['cell-2', 8],
    ]);
  });

  it('finds files from where it lies', () => {
    const notebook = notebookOf(code("import { a } from './lib/a.ts';\nconst b = await import('../b.ts');"));
    const script = scriptExport(notebook, { name: 'n', from: '/work/notes', to: '/work' });
    expect(script).toContain("from './notes/lib/a.ts'");
    expect(script).toContain("import('./b.ts')");
  });

  it('keeps prose as comments, and cells in other languages, which never ran', () => {
    const python: Cell = { ...code('print(1)'), metadata: { vscode: { languageId: 'python' } } };
    const script = exported(text('# Title\n\nWith $x$.'), python, code('const a = 1;'));
    expect(script).toContain('// # Title\n//\n// With $x$.\n\n// print(1)\n\nconst a = 1;');
  });

  it('has what CommonJS has, and says how enums are run', () => {
    const script = exported(code("enum Kind { A }\nconst fs = require('node:fs');\n__dirname"));
    expect(script).toContain('createRequire(import.meta.url)');
    expect(script).toContain('const __dirname = import.meta.dirname;');
    expect(script).toContain('--experimental-transform-types');
  });
});
