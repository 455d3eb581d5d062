/** What a compiled function says of itself, against what its author wrote. */
import { describe, expect, it } from 'vitest';
import { CellCompiler } from '../../../../kernel/session/compile/compile';
import { ownSource } from '../../../../kernel/session/compile/ownSource';

const compiler = new CellCompiler(new Set(['process', 'Map']), () => true);

/** The compiled text of the cell's one function or class. */
function compiledFunction(source: string): string {
  const { code } = compiler.compile(source, 'cell 1', 'typescript', 1);
  return code.slice(code.indexOf('= ') + 2).replace(/;+\s*$/, '');
}

describe('a function’s own source is what was written', () => {
  it.each([
    'function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }',
    'async function load(a, b) { const c = await a; return (await b) + c }',
    'function* g(x) { yield x }',
    'async function* h(xs) { for await (const x of xs) yield await x }',
    'async function each(xs) { for await (const x of xs) { await x } }',
    'class A { async m() { await 1 } static async *[Symbol.iterator]() { yield await 2 } get p() { return 1 } }',
    'async function inner() { const f = async (x) => await x; return (async () => ({ a: await f(1) }))() }',
    'async function dynamic(name) { return [await import(name), import.meta.url] }',
    'function process() { return process }',
  ])('%s', (source) => {
    expect(ownSource(compiledFunction(source))).toBe(source);
  });

  it.each([
    ['const f = async (x) => await x', 'async (x) => await x'],
    ['const f = async x => [await x]', 'async x => [await x]'],
    ['const f = function (a) { return Map }', 'function (a) { return Map }'],
  ])('%s', (source, own) => {
    expect(ownSource(compiledFunction(source))).toBe(own);
  });

  it('without its types', () => {
    const own = ownSource(compiledFunction('async function f<T>(x: T): Promise<T> { return await (x as T)! }'));
    expect(own.replace(/\s+/g, ' ')).toBe('async function f (x ) { return await (x ) }');
  });
});

it('leaves any other text alone', () => {
  const text = 'function f() { return "resumed(" + entered }';
  expect(ownSource(text)).toBe(text);
});
