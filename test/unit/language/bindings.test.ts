import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { bindingsOf } from '../../../extension/language/service/bindings';

const of = (text: string) => bindingsOf(text, ts.ScriptKind.TS);
const declared = (text: string) => [...of(text).declared.keys()].sort();

describe('what a cell declares', () => {
  it.each([
    ['const a = 1, { b, c: [d, ...e], f = 2, ...g } = x;', ['a', 'b', 'd', 'e', 'f', 'g']],
    ['function f() { const inner = 1; } class C {} enum E {} namespace N {} interface I {} type T = 1;', [...'CEINTf']],
    ["import d, { a, b as c } from 'x'; import * as n from 'y'; import q = require('z');", [...'acdnq']],
    ['for (var i = 0; ; ) { var j; let k; } { var l; } function f() { var m; }', [...'fijl']],
    ['export const a = 1; export function b() {}', ['a', 'b']],
    ['let x: number; await x; // let y', ['x']],
  ])('%s', (text, names) => {
    expect(declared(text)).toEqual(names);
  });

  it.each([
    ['const a = 1', 'a constant'],
    ['let a = 1', undefined],
    ['var a = 1', undefined],
    ['function a() {}', 'a function'],
    ['class a {}', 'a class'],
    ['enum a {}', 'an enum'],
    ["import { a } from 'x'", 'an import'],
    ['type a = 1', undefined],
  ])('%s is what the kernel takes it for', (text, constant) => {
    expect(of(text).declared.get('a')!.constant).toBe(constant);
  });
});

describe('what a cell mentions', () => {
  it('is what may be another cell’s: no property, no key, no member', () => {
    const { mentioned } = of('a.b.c; ({ d: e, f }); x = y as T; class K extends L { m = n; o() {} }; label(p?.q![r])');
    for (const name of ['a', 'e', 'f', 'x', 'y', 'T', 'L', 'n', 'p', 'r']) expect(mentioned).toContain(name);
    for (const name of ['b', 'c', 'd', 'm', 'o', 'q']) expect(mentioned).not.toContain(name);
  });
});

describe('a cell that is being written', () => {
  it.each(['f(', 'if (x) {', 'const a = `', '/* ', 'function g() { vae.', 'class A { m() {'])('%s is open', (text) => {
    expect(of(text).closed).toBe(text === 'f(');
  });

  it.each(['vae.', 'const a =', 'a // note', 'f(1', ''])('%s is closed', (text) => {
    expect(of(text).closed).toBe(true);
  });
});
