import { beforeEach, describe, expect, it } from 'vitest';
import { CellCompiler } from '../../../../kernel/session/compile/compile';
import { CellSyntaxError } from '../../../../kernel/session/errors';

let compiler: CellCompiler;

beforeEach(() => {
  compiler = new CellCompiler(new Set(['process']), () => true);
});

function refusal(source: string): { message: string; line: number; column: number } | undefined {
  try {
    compiler.compile(source, 'cell 1');
    return undefined;
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    return { message: error.message, line: error.line, column: error.column };
  }
}

describe('a constant that is given a value is refused where that happens, in TypeScript’s words', () => {
  it.each([
    ['const x = 10;\n  x = 5', 2, 3, 'a constant'],
    ['const x = 10; x += 5', 1, 15, 'a constant'],
    ['const x = 10; x++', 1, 15, 'a constant'],
    ['const x = 10; --x', 1, 17, 'a constant'],
    ['const x = 10; x ??= 5', 1, 15, 'a constant'],
    ['const x = 10; (x as any) = 5', 1, 16, 'a constant'],
    ['const [x] = [10]; [x] = [5]', 1, 20, 'a constant'],
    ['const { x } = o; ({ x } = o)', 1, 21, 'a constant'],
    ['const { x } = o; ({ a: [x = 2] } = o)', 1, 25, 'a constant'],
    ['const x = []; [...x] = []', 1, 19, 'a constant'],
    ['const x = 1; for (x of [1]);', 1, 19, 'a constant'],
    ['const x = 1; for (x in {});', 1, 19, 'a constant'],
    ['const x = 1; function later() { return () => (x = 2) }', 1, 47, 'a constant'],
    ['using x = open(); x = 5', 1, 19, 'a constant'],
    ["import { x } from 'm'; x = 5", 1, 24, 'an import'],
    ["import x from 'm'; x = 5", 1, 20, 'an import'],
    ["import * as x from 'm'; x = 5", 1, 25, 'an import'],
    ["import x = require('m'); x = 5", 1, 26, 'an import'],
    ['enum x { A } x = 5', 1, 14, 'an enum'],
    ['namespace x { export const a = 1 } x = 5', 1, 36, 'a namespace'],
    ['class x {} x = 5', 1, 12, 'a class'],
    ['function x() {} x = 5', 1, 17, 'a function'],
  ])('%s', (source, line, column, what) => {
    expect(refusal(source)).toEqual({ line, column, message: `Cannot assign to 'x' because it is ${what}.` });
  });

  it('also from a later cell', () => {
    compiler.compile('const x = 10, { y } = o;', 'cell 1');
    expect(refusal('x = 5')?.message).toBe("Cannot assign to 'x' because it is a constant.");
    expect(refusal('y++')?.message).toBe("Cannot assign to 'y' because it is a constant.");
  });
});

describe('what may be given a value is', () => {
  it.each([
    'let x = 1; x = 2; x++; [x] = [3]',
    'var x = 1; x = 2',
    'const x = {}; x.a = 1; x["b"] = 2; ({ a: x.c } = o)',
    'const x = 1; { let x = 2; x = 3 }',
    'const x = 1; (x) => { x = 2 }',
    'const x = 1; try {} catch (x) { x = 2 }',
    'const x = 1; for (let x = 0; x < 1; x++);',
    'const x = 1; function f() { var x; x = 2 }',
    'const x = 1; switch (1) { case 1: let x; x = 2 }',
    'const x = 1; ({ x: y } = o)',
    'const x = 1; y = x',
    'declare const x: number; declare namespace N { const y: number }',
  ])('%s', (source) => {
    expect(refusal(source)).toBeUndefined();
  });

  it('a name that a later cell declares again', () => {
    compiler.compile('const x = 10;', 'cell 1');
    expect(refusal('let x = 1; x = 2')).toBeUndefined();
    expect(refusal('x = 3')).toBeUndefined();
    expect(refusal('const x = 5;')).toBeUndefined();
    expect(refusal('x = 3')).toBeDefined();
  });
});

it.each(['const x;', 'const x: number;', 'export const x;', '{ const x; }', 'const a = 1, x;'])(
  'a constant without a value is refused: %s',
  (source) => {
    expect(refusal(source)?.message).toBe("'const' declarations must be initialized.");
  },
);

it('in JavaScript, the assignment throws when it is come to', () => {
  const { code } = compiler.compile('const x = 1; x = 2; ({ x } = o);', 'cell 1', 'javascript');
  expect(code).toContain('__latentlab__.constant(() => x).value = 2');
  expect(code).toContain('({ x: __latentlab__.constant(() => x).value } = o)');
});
