import { originalPositionFor } from '@jridgewell/trace-mapping';
import { describe, expect, it } from 'vitest';
import { compileCell } from '../../../kernel/session/compile';
import { CellSyntaxError } from '../../../kernel/session/errors';

const compiled = (source: string) =>
  compileCell(source, 'cell 1')
    .code.replace(/^"use strict";\n?/, '')
    .trim();

function syntaxError(source: string): CellSyntaxError {
  try {
    compileCell(source, 'cell 7');
  } catch (error) {
    if (error instanceof CellSyntaxError) return error;
    throw error;
  }
  throw new Error('the cell compiled');
}

describe('top-level bindings become lets, which a later cell may declare again', () => {
  it.each([
    ['const a = 1;', 'let a = 1;'],
    ['let a: number = 1;', 'let a = 1;'],
    ['const { a, b: [c] } = f();', 'let { a, b: [c] } = f();'],
    ['export const a = 1;', 'let a = 1;'],
    ['class A<T> extends B {}', 'let A = class A extends B {\n};'],
    ['function f(x: number) { return x; }', 'let f = function (x) { return x; };'],
    ['function* g() { yield 1; }', 'let g = function* () { yield 1; };'],
  ])('%s', (source, expected) => {
    expect(compiled(source)).toBe(expected);
  });

  it('hoists functions above the statements that call them', () => {
    expect(compiled('f();\nfunction f() {}\nlet done = 1;')).toMatch(/^let f = function[^]*f\(\);/);
  });

  it('declares every var outside functions once, on top, wherever it stands', () => {
    const code = compiled('for (var i = 0; i < 3; i++) { var last = i; }\nfor (var [k] of pairs) {}\nvar i = 7;');
    expect(code).toMatch(/^let i, last, k;/);
    expect(code).not.toMatch(/\bvar\b/);
  });

  it('assigns destructured vars', () => {
    expect(compiled('var { p, q: [r = 2], ...s } = o;')).toBe('let p, r, s;\n({ p: p, q: [r = 2], ...s } = o);');
  });

  it('leaves vars of functions alone', () => {
    expect(compiled('const f = () => { var x = 1; return x; };')).toContain('var x = 1');
  });

  it('keeps enums', () => {
    expect(compiled('enum E { A }')).toMatch(/^let E;[^]*E\[E\["A"\] = 0\]/);
  });

  it('drops types, interfaces and type imports', () => {
    expect(compiled("import type { T } from 'x';\ninterface I { a: T }\ntype U = I;")).toBe('');
  });
});

describe('imports go through the session', () => {
  it.each([
    ["import { a, b as c, type T } from 'm';", `let { a, b: c } = await __latentlab__.import('m', ["a", "b"]);`],
    ["import d from 'm';", `let { default: d } = await __latentlab__.import('m', ["default"]);`],
    ["import * as ns from 'm';", `let ns = await __latentlab__.import('m', []);`],
    ["import 'm';", `await __latentlab__.import('m', []);`],
  ])('%s', (source, expected) => {
    expect(compiled(source)).toBe(expected);
  });

  it('covers dynamic imports and import.meta, also inside functions', () => {
    const code = compiled("const load = (n: string) => import(n + '.js');\nimport.meta.url;");
    expect(code).toContain("__latentlab__.dynamicImport(n + '.js')");
    expect(code).toContain('__latentlab__.meta.url');
  });
});

describe('the value of a cell', () => {
  it('is its last expression', () => {
    expect(compiled('let a = 1;\na + 1')).toContain('__latentlab__.result(a + 1);');
  });

  it.each(['let a = 1;', 'for (const x of xs) x;', 'if (a) { 5; }', '{ 5; }'])('is nothing for %s', (source) => {
    expect(compiled(source)).not.toContain('result(');
  });
});

describe('interrupts', () => {
  it('are seen after each top-level await', () => {
    const { code } = compileCell('await f()', 'cell 1', 'typescript', 3);
    expect(code).toContain('__latentlab__.resumed(await f(), 3)');
  });

  it('are seen in async functions against the count at their entry', () => {
    const code = compiled('const f = async () => await g();');
    expect(code).toContain('const __latentlab_entered__ = __latentlab__.interrupts;');
    expect(code).toContain('__latentlab__.resumed(await g(), __latentlab_entered__)');
  });
});

describe('positions', () => {
  it('lead from the compiled script back to the cell, over removed types and moved functions', () => {
    const source =
      'interface Long { a: number }\nconst x: Long = make();\nfunction make(): Long {\n  return boom();\n}';
    const { code, map } = compileCell(source, 'cell 1');
    const lines = code.split('\n');
    const line = lines.findIndex((text) => text.includes('boom()'));
    const position = originalPositionFor(map, { line: line + 1, column: lines[line]!.indexOf('boom') });
    expect(position).toMatchObject({ line: 4, column: 9 });
  });

  it('of a syntax error name cell, line and column', () => {
    const error = syntaxError('let a = 1;\nlet b = ;');
    expect(error).toMatchObject({ line: 2, column: 9, message: 'Expression expected.' });
    expect(error.stack).toContain('cell 7:2:9');
    expect(error.stack).toContain('2 | let b = ;\n  |         ^');
  });
});
