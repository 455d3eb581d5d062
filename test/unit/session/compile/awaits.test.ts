import { describe, expect, it } from 'vitest';
import { CellCompiler } from '../../../../kernel/session/compile/compile';
import { CellSyntaxError } from '../../../../kernel/session/errors';

function refusal(source: string): { line: number; column: number; message: string } | undefined {
  try {
    new CellCompiler().compile(source, 'cell 1');
    return undefined;
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    return { line: error.line, column: error.column, message: error.message };
  }
}

const WRITE = "'await' is only allowed in async functions and at the top level of a cell; write: ";

describe('an await in a function that is not async is refused where it stands, with what to write', () => {
  it.each([
    ['function load() {\n  await 1;\n}', 2, 3, 'async function load(…) { … }'],
    ['export default function () { await 1 }', 1, 30, 'async function(…) { … }'],
    ['function* g() { await 1 }', 1, 17, 'async function* g(…) { … }'],
    ['xs.map((x) => await x)', 1, 15, 'async (…) => …'],
    ['xs.map((x) => await (x))', 1, 15, 'async (…) => …'],
    ['const o = { m() { return await x; } }', 1, 26, 'async m(…) { … }'],
    ['class A { m() { return await x; } }', 1, 24, 'async m(…) { … }'],
    ['function f() { for await (const x of xs) {} }', 1, 20, 'async function f(…) { … }'],
    ['async () => { [1].forEach(() => { await x }) }', 1, 35, 'async (…) => …'],
  ])('%s', (source, line, column, write) => {
    expect(refusal(source)).toEqual({ line, column, message: WRITE + write });
  });
});

describe('an await where none can be is refused by the name of the place', () => {
  it.each([
    ['class A { static x = await y }', 'the initial value of a class field'],
    ['class A { static { await y } }', 'a static block of a class'],
    ['class A { constructor() { await y } }', 'a constructor'],
    ['class A { get x() { return await y } }', 'a getter or setter'],
    ['namespace N { export const x = await y }', 'a namespace'],
  ])('%s', (source, place) => {
    expect(refusal(source)?.message).toContain(`'await' is not allowed in ${place};`);
  });
});

describe('every other await compiles', () => {
  it.each([
    'await f()',
    'await (f())',
    'const g = async () => { await 1; for await (const x of xs) {} }',
    'class A { async m() { await 1 } async *n() { await 1 } [await key()] = 1; async [await key()]() {} }',
    'const o = { async m() { await 1 }, await: 3 }; o.await',
    'if (await f()) { for (const x of await xs()) await x; }',
    'type P = Awaited<Promise<number>>',
  ])('%s', (source) => {
    expect(refusal(source)).toBeUndefined();
  });
});
