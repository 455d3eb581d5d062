import { describe, expect, it } from 'vitest';
import { CellCompiler } from '../../../../kernel/session/compile/compile';
import { CellSyntaxError } from '../../../../kernel/session/errors';
import { tidy } from './tidy';

const compile = (source: string, cell = 1) => new CellCompiler().compile(source, `cell ${cell}`, 'typescript', cell);

const compiled = (source: string) => tidy(compile(source).code);

/** Where a text of the compiled script comes from. */
function originOf(source: string, text: string) {
  const { code, origin } = compile(source);
  const lines = code.split('\n');
  const line = lines.findIndex((one) => one.includes(text));
  return origin({ line: line + 1, column: lines[line]!.indexOf(text) + 1 });
}

function syntaxError(source: string): CellSyntaxError {
  try {
    compile(source, 7);
  } catch (error) {
    if (error instanceof CellSyntaxError) return error;
    throw error;
  }
  throw new Error('the cell compiled');
}

describe('top-level bindings become lets, which a later cell may declare again', () => {
  it.each([
    ['const a = 1;', 'let a = 1'],
    ['let a: number = 1;', 'let a         = 1'],
    ['const { a, b: [c] } = f();', 'let { a, b: [c] } = f()'],
    ['export const a = 1;', 'let a = 1'],
    ['class A<T> extends B {}', 'let A = class A    extends B {}'],
    ['function f(x: number) { return x; }', 'let f = function /*__latentlab__ f*/(x        ) { return x; }'],
    ['function* g() { yield 1; }', 'let g = function* /*__latentlab__ g*/() { yield 1; }'],
  ])('%s', (source, expected) => {
    expect(compiled(source)).toBe(tidy(expected));
  });

  it('hoists functions above the statements that call them', () => {
    expect(compiled('f();\nfunction f() {}\nlet done = 1;')).toMatch(/^let f = function[^]*f\(\)/);
  });

  it('declares every var outside functions once, on top, wherever it stands', () => {
    const code = compiled('for (var i = 0; i < 3; i++) { var last = i; }\nfor (var [k] of pairs) {}\nvar i = 7;');
    expect(code).toMatch(/^let i, last, k;/);
    expect(code).not.toMatch(/\bvar\b/);
  });

  it('assigns destructured vars', () => {
    expect(compiled('var { p, q: [r = 2], ...s } = o;')).toBe(tidy('let p, r, s; void ({ p, q: [r = 2], ...s } = o)'));
  });

  it('leaves vars of functions alone', () => {
    expect(compiled('const f = () => { var x = 1; return x; };')).toContain('var x = 1');
  });

  it('leaves vars of namespaces and of the functions that decorators compile to alone', () => {
    expect(compiled('namespace N { var q = 1; export const z = q; }')).toMatch(/^let N[^]*var q = 1/);
    expect(compiled('@d class A { x = 1 }')).toMatch(/let A = \(\(\) => {[^]*var A = class/);
  });

  it('compiles import x = require() to a call of require', () => {
    expect(compiled("import fs = require('node:fs');")).toBe(tidy("let fs = require('node:fs')"));
    expect(compiled("import type fs = require('node:fs');")).toBe(tidy(''));
  });

  it('keeps enums', () => {
    expect(compiled('enum E { A }')).toMatch(/^let E[^]*E\[E\["A"\] = 0\]/);
  });

  it('drops types, interfaces and type imports', () => {
    expect(compiled("import type { T } from 'x';\ninterface I { a: T }\ntype U = I;")).toBe(tidy(''));
  });
});

describe('imports go through the session', () => {
  it.each([
    ["import { a, b as c, type T } from 'm';", `let { a, b: c } = await __latentlab__.import('m', ["a","b"])`],
    ["import d from 'm';", `let { default: d } = await __latentlab__.import('m', ["default"])`],
    ["import * as ns from 'm';", `let ns = await __latentlab__.import('m', [])`],
    ["import 'm';", `await __latentlab__.import('m', [])`],
  ])('%s', (source, expected) => {
    expect(compiled(source)).toBe(tidy(expected));
  });

  it('covers dynamic imports and import.meta, also inside functions', () => {
    const code = compiled("const load = (n: string) => import(n + '.js');\nimport.meta.url;");
    expect(code).toContain("__latentlab__.dynamicImport(n + '.js')");
    expect(code).toContain('__latentlab__.meta.url');
  });
});

describe('the value of a cell', () => {
  it('is its last expression', () => {
    expect(compiled('let a = 1;\na + 1')).toContain('__latentlab__.result((a + 1))');
  });

  it.each([
    ['export default 5;', '5'],
    ['export default function () { return 3; }', 'function () { return 3; }'],
    ['export default class {\n}', 'class {\n}'],
  ])('is what an anonymous default export exports: %s', (source, value) => {
    expect(compiled(source)).toBe(tidy(`__latentlab__.result((${value}))`));
  });

  it.each(['let a = 1;', 'export default function f() {}', 'for (const x of xs) x;', 'if (a) { 5; }', '{ 5; }'])(
    'is nothing for %s',
    (source) => {
      expect(compiled(source)).not.toContain('result(');
    },
  );
});

describe('interrupts', () => {
  it('are seen after each top-level await, against those seen when the cell was entered', () => {
    expect(compile('await f()', 3).code).toBe(
      '"use strict"; let __latentlab_cell_3__ = __latentlab__.entered(); ' +
        ';__latentlab__.result((__latentlab__.resumed(await f(), __latentlab_cell_3__)))',
    );
  });

  it('are seen in async functions against those seen at their entry', () => {
    const code = compiled('const f = async () => await g();');
    expect(code).toContain('const __latentlab_entered__ = __latentlab__.entered();');
    expect(code).toContain('__latentlab__.resumed(await g(), __latentlab_entered__)');
    expect(code).not.toContain('__latentlab_cell_');
  });

  it('are seen in each round of a for-await loop', () => {
    expect(compiled('for await (const x of xs) use(x);')).toContain('resumed(void 0, __latentlab_cell_1__);');
  });

  it('belong outside of a method for the await in its computed name', () => {
    const code = compiled('class A { async [await key()]() { await 1; } }');
    expect(code).toContain('async [__latentlab__.resumed(await key(), __latentlab_cell_1__)]()');
    expect(code).toContain('resumed(await 1, __latentlab_entered__)');
  });
});

describe('positions', () => {
  it('lead from the compiled script back to the cell, over removed types and moved functions', () => {
    const source =
      'interface Long { a: number }\nconst x: Long = make();\nfunction make(): Long {\n  return boom();\n}';
    expect(originOf(source, 'boom()')).toEqual({ line: 4, column: 10 });
  });

  it('lead back over what decorators compile to', () => {
    const source = '@d class A {\n  x = 1;\n}\nconst y: number = boom();';
    expect(originOf(source, 'boom()')).toEqual({ line: 4, column: 19 });
  });

  it('of a syntax error name cell, line and column', () => {
    const error = syntaxError('let a = 1;\nlet b = ;');
    expect(error).toMatchObject({ line: 2, column: 9, message: 'Expression expected.' });
    expect(error.stack).toContain('cell 7:2:9');
    expect(error.stack).toContain('2 | let b = ;\n  |         ^');
  });
});
