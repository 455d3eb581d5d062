/** Enums and parameter properties beside TypeScript's own emitter: the same values, in the text that the user wrote. */
import vm from 'node:vm';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { CellCompiler } from '../../../../kernel/session/compile/compile';

/** What an expression behind a cell is, as JSON has it. */
function valueOf(code: string, expression: string): string {
  const globals = { __latentlab__: { result: () => undefined } };
  return JSON.stringify(vm.runInNewContext(`${code};\n(${expression})`, globals));
}

function ours(source: string, expression: string, options: ts.CompilerOptions): string {
  const { code } = new CellCompiler().compile(source, 'cell 1', 'typescript', 1, options);
  // Functions of a script of its own need no other names.
  return valueOf(code.replace(/^"use strict";/, ''), expression);
}

function theirs(source: string, expression: string, options: ts.CompilerOptions): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, ...options };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  return valueOf(outputText.replace(/^export (?=var )/gm, '').replace('export {};', ''), expression);
}

const ENUMS = [
  ['enum E { A, B, C }', 'E'],
  ['enum E { A = 1, B, C = 10, D }', 'E'],
  ['enum E { A = -2, B, C, D, F }', 'E'],
  ['enum E { A = 0x10, B = 1_000, C = 1.5, D }', 'E'],
  ['enum E { None = 0, Read = 1 << 0, Write = 1 << 1, Both = Read | Write, All = ~(None ^ 3) & 255 }', 'E'],
  ['enum E { A = (1 + 2) * 3 - 4, B = +A, C = 256 >> 2, D }', 'E'],
  ['enum E { Up = \'UP\', Down = "down", Both = `a\\\\b\\n` }', 'E'],
  ["enum E { A = 1, B = 'b', C = 3, D }", 'E'],
  ["enum E { 'a-b' = 1, 'c d', __proto__x = 'y' }", 'E'],
  ['enum E\n{\n  // first\n  A /* , */, // one, two\n  B = 5 // five\n  ,\n  C,\n}', 'E'],
  ['export enum E { A }', 'E'],
  ['export const enum E { A = 4, B }', 'E'],
  ['const enum E { A = 4, B } const x = [E.A, E.B]', 'x'],
  ['declare enum D { A } enum E { }', 'E'],
  ['enum E { A } enum F { B = 7, C }', '[E, F]'],
  // These are for the emitter.
  ['enum E { A } enum E { B = 1 }', 'E'],
  ["enum E { A = 'abc'.length, B = Math.max(1, 2) }", 'E'],
  ['const n = 4; enum E { A = n, B = n + 1 }', 'E'],
  ['enum E { A = 1 / 0, B = -0, C = 7 % 4, D = 2 ** 3, F = 5 >>> 1 }', 'E'],
  ["enum E { A = 'x' + 'y', B = `${A}z` }", 'E'],
  ['enum E { A = 3 } enum F { B = E.A }', 'F'],
  ['function f() { enum E { A = 3 } return E } ', 'f()'],
  ['namespace N { export enum E { A = 3 } }', 'N'],
  ['enum E { A } const text = (<string>"a" as any as string); ', 'E'],
] as const;

const CLASSES = [
  [
    'class P { constructor(private readonly a: number, public b?: string, c = 1) { this.sum = a + c } sum }',
    'new P(1)',
  ],
  ['class P { constructor(public a = 5, protected b = a + 1) {} }', 'new P()'],
  ['class B { z = 1 } class P extends B { constructor(readonly a: number) { super() } }', 'new P(2)'],
  ['class B { z = 1 } class P extends B { y = 3; constructor(readonly a: number) { const q = 4; super(); this.q = q + this.a } }', 'new P(2)'], // prettier-ignore
  ['class B {} class P extends B { constructor(readonly a: number) { super()\n this.b = this.a } }', 'new P(2)'],
  ['class P { x = this.a; constructor(public a: number) {} static s = 1 }', '[new P(2), P.s]'],
  ['class P<T> { constructor(public a: T, ...rest: T[]) { this.n = rest.length } }', 'new P(1, 2, 3)'],
  [
    'class P {\n  /** It. */\n  constructor(\n    readonly a: number, // one\n    private b: number,\n  ) {}\n}',
    'new P(1, 2)',
  ],
  ['class P { constructor(public a: number) { return } }', 'new P(1)'],
  ['const P = class { constructor(public a: number) {} }', 'new P(1)'],
  ['class P { constructor(a: string); constructor(public a: any) {} }', 'new P(1)'],
  ['class O { constructor(public p: { new (): object } = class { constructor(public q = 1) {} }) { this.r = new this.p() } }', 'new O()'], // prettier-ignore
  // These are for the emitter.
  ["class P { constructor(public a: number) { 'use strict'; this.b = a } }", 'new P(1)'],
  [
    'class B {} class P extends B { constructor(public a: number) { try { super() } finally { this.b = 1 } } }',
    'new P(1)',
  ],
] as const;

describe('values are as the emitter has them', () => {
  it.each(ENUMS)('%s', (source, expression) => {
    expect(ours(source, expression, {})).toBe(theirs(source, expression, {}));
  });

  it.each(CLASSES)('%s', (source, expression) => {
    expect(ours(source, expression, {})).toBe(theirs(source, expression, {}));
  });

  it.each([...CLASSES, ['class A { m() { return 1 } }', 'new A().m()'], ['class A { x; y = 1 }', 'new A()']] as const)(
    'also where fields are assigned: %s',
    (source, expression) => {
      const options = { useDefineForClassFields: false };
      expect(ours(source, expression, options)).toBe(theirs(source, expression, options));
    },
  );
});

describe('what stands beside them stays as it was written', () => {
  it.each([
    ['an enum', 'enum E { A, B }'],
    ['parameter properties', 'class P { constructor(private a: number) {} }'],
  ])('%s', (_what, source) => {
    const text = `${source}\nconst f = (x: number) =>   x +  1`;
    const { code } = new CellCompiler().compile(text, 'cell 1');
    expect(code).toContain('f = (x        ) =>   x +  1');
  });

  it('with its places', () => {
    const source = 'enum E {\n  A,\n  B = 5,\n}\nclass P { constructor(private a: number) { missing(a) } }';
    const { code, origin } = new CellCompiler().compile(source, 'cell 1');
    const lines = code.split('\n');
    const line = lines.findIndex((one) => one.includes('missing'));
    expect(origin({ line: line + 1, column: lines[line]!.indexOf('missing') + 1 })).toEqual({ line: 5, column: 44 });
  });
});
