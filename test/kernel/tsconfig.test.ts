/** A tsconfig beside or above the notebook is obeyed, by cells and by the files that they import. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let root: string;
let kernel: KernelUnderTest;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'latentlab-tsconfig-'));
  const folder = path.join(root, 'project', 'notebooks');
  mkdirSync(folder, { recursive: true });
  kernel = await KernelUnderTest.start({ folder });
  // What JSX becomes, told by stand-ins for the packages that it calls.
  for (const [name, says] of [
    ['react', 'react'],
    ['preact', 'preact'],
  ]) {
    const runtime = `exports.jsx = exports.jsxs = exports.jsxDEV = (type, props) => ['${says}', type, props];`;
    kernel.write(`node_modules/${name}/package.json`, `{ "name": "${name}", "version": "1.2.3" }`);
    kernel.write(`node_modules/${name}/index.js`, `exports.createElement = (...all) => ['classic', ...all];`);
    kernel.write(`node_modules/${name}/jsx-runtime.js`, runtime);
    kernel.write(`node_modules/${name}/jsx-dev-runtime.js`, runtime);
  }
});

afterEach(() => {
  for (const folder of ['project', 'project/notebooks'])
    rmSync(path.join(root, folder, 'tsconfig.json'), { force: true });
});

afterAll(async () => {
  await kernel.stop();
  rmSync(root, { recursive: true, force: true });
});

/** @param name from the notebook's folder */
function config(compilerOptions: object, name = 'tsconfig.json', more: object = {}): void {
  writeFileSync(path.join(kernel.folder, name), JSON.stringify({ compilerOptions, ...more }));
}

/** A cell's value, and the same from a file that exports it. */
async function inCellAndFile(code: string, value: string): Promise<[string | undefined, string | undefined]> {
  const cell = await kernel.run(`${code}\n;${value}`);
  kernel.write('same.tsx', `${code}\nexport const result = ${value};`);
  const file = await kernel.run("(await import('./same')).result");
  const told = ({ text, error }: typeof cell) => error?.stack ?? text?.replaceAll(/\s+/g, ' ');
  return [told(cell), told(file)];
}

/** Expects one value of both. */
async function expectBoth(code: string, value: string, expected: string): Promise<void> {
  expect(await inCellAndFile(code, value)).toEqual([expected, expected]);
}

describe('JSX', () => {
  const element = '<b id="x">{1 + 1}</b>';
  const automatic = (from: string) => `[ '${from}', 'b', { id: 'x', children: 2 } ]`;
  const classic = "[ 'classic', 'b', { id: 'x' }, 2 ]";

  it('is React’s automatic runtime where nothing says otherwise', async () => {
    await expectBoth('', element, automatic('react'));
  });

  it.each([
    ['react-jsx', {}, automatic('react')],
    ['react-jsxdev', {}, automatic('react')],
    ['react-jsx', { jsxImportSource: 'preact' }, automatic('preact')],
    ['preserve', { jsxImportSource: 'preact' }, automatic('preact')],
    ['react-native', {}, automatic('react')],
  ])('is that of the tsconfig: %s %o', async (jsx, more, expected) => {
    config({ jsx, ...more });
    await expectBoth('', element, expected);
  });

  it('is a call of React.createElement, or of the factory that is named', async () => {
    config({ jsx: 'react' });
    await expectBoth("import * as React from 'react';", element, classic);
    config({ jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'F' });
    const code = "const h = (...all: unknown[]) => ['h', ...all]; const F = 'fragment';";
    await expectBoth(code, '<><i /></>', "[ 'h', 'fragment', null, [ 'h', 'i', null ] ]");
  });

  it('obeys what a file says of itself', async () => {
    config({ jsx: 'react-jsx' });
    kernel.write('own.tsx', '/** @jsxImportSource preact */\nexport const a = <b id="x">{2}</b>;');
    kernel.write('classic.jsx', '/** @jsx h */\nconst h = (...all) => all;\nexport const a = <b id="x">{2}</b>;');
    const { text } = await kernel.run("import { a } from './own'; import { a as c } from './classic'; [a, c]");
    expect(text?.replaceAll(/\s+/g, ' ')).toBe(`[ ${automatic('preact')}, [ 'b', { id: 'x' }, 2 ] ]`);
  });

  it('leaves type assertions and generic arrow functions of cells alone', async () => {
    const { text } = await kernel.run('const same = <T>(x: T) => x; same(<number>(<unknown>5)) < 6 && 7 > 2');
    expect(text).toBe('true');
  });
});

describe('decorators', () => {
  const code = `
    const seen: unknown[] = [];
    const mark = (...all: any[]) => void seen.push(all.length, typeof all[1]);
    class Marked { @mark method(n: number) { return n; } }`;

  it('are those of the language', async () => {
    await expectBoth(code, 'seen', "[ 2, 'object' ]");
  });

  it('are TypeScript’s older ones when the tsconfig says so', async () => {
    config({ experimentalDecorators: true });
    await expectBoth(code, 'seen', "[ 3, 'string' ]");
  });

  it('tell types when the tsconfig says so', async () => {
    config({ experimentalDecorators: true, emitDecoratorMetadata: true });
    const types = `
      const kept: Record<string, unknown> = {};
      (Reflect as any).metadata = (key: string, value: any) => () => { kept[key] = Array.isArray(value) ? value.map((one) => one.name) : value?.name; };
      const service = () => {};
      class Engine {}
      class Car { @(service as any) drive(engine: Engine, km: number): string { return ''; } }`;
    await expectBoth(
      types,
      'kept',
      "{ 'design:returntype': 'String', 'design:paramtypes': [ 'Engine', 'Number' ], 'design:type': 'Function' }",
    );
  });
});

describe('class fields', () => {
  const code = `
    const heard: string[] = [];
    class Base { set x(value: number) { heard.push('set'); } }
    class Derived extends Base { x = 1; }
    new Derived();`;

  it.each([
    [{}, '[]'],
    [{ target: 'ES2022' }, '[]'],
    [{ target: 'ES2020' }, "[ 'set' ]"],
    [{ target: 'ESNext', useDefineForClassFields: false }, "[ 'set' ]"],
    [{ target: 'ES2020', useDefineForClassFields: true }, '[]'],
  ])('of %o', async (options, expected) => {
    config(options);
    await expectBoth(code, 'heard', expected);
  });
});

describe('paths', () => {
  beforeAll(() => {
    kernel.write('src/lib/one.ts', 'export const one: number = 1;');
    kernel.write('src/lib/deep/two.ts', "import { one } from '@lib/one';\nexport const two = one + 1;");
    kernel.write('src/exact.ts', "export const exact = 'exact';");
    kernel.write('fallback/there.ts', "export const there = 'there';");
    kernel.write('types/react.d.ts', 'export function createElement(): void;');
  });

  it('are found by cells and files, as patterns, by name, and with fallbacks', async () => {
    config({ paths: { '@lib/*': ['./src/lib/*'], exact: ['./src/exact'], '~/*': ['./nowhere/*', './fallback/*'] } });
    const imports = `
      import { one } from '@lib/one'; import { two } from '@lib/deep/two';
      import { exact } from 'exact'; import { there } from '~/there';`;
    await expectBoth(imports, '[one, two, exact, there]', "[ 1, 2, 'exact', 'there' ]");
    const { text } = await kernel.run(
      "[require('@lib/one').one, (await import('@lib/one')).one, require.resolve('exact').slice(-8), import.meta.resolve('exact').slice(-8)]",
    );
    expect(text).toBe("[ 1, 1, 'exact.ts', 'exact.ts' ]");
  });

  it('win by the longest pattern', async () => {
    config({
      paths: {
        '*': ['./fallback/*'],
        '@lib/*': ['./nowhere/*'],
        '@lib/deep/*': ['./src/lib/deep/*'],
        '@lib/one': ['./src/lib/one'],
      },
    });
    await expectBoth(
      "import { two } from '@lib/deep/two'; import { there } from 'there';",
      '[two, there]',
      "[ 2, 'there' ]",
    );
  });

  it('leave packages where they are when there are only declarations, or nothing', async () => {
    config({ paths: { react: ['./types/react.d.ts'], '*': ['./nowhere/*'] } });
    await expectBoth("import React from 'react';", 'React.createElement(1)', "[ 'classic', 1 ]");
  });

  it('never lead to a second library', async () => {
    config({ paths: { latentlab: ['./src/exact'] } });
    await expectBoth("import { device } from 'latentlab';", 'device().name', "'wasm'");
  });

  it('begin at the base when there is one', async () => {
    config({ baseUrl: './src', paths: { '@lib/*': ['lib/*'] } });
    await expectBoth(
      "import { one } from '@lib/one'; import { exact } from 'exact';",
      '[one, exact]',
      "[ 1, 'exact' ]",
    );
  });
});

describe('the tsconfig', () => {
  const code = `
    const counts: number[] = [];
    const count = (...all: any[]) => void counts.push(all.length);
    class Counted { @count m() {} }`;

  it('may lie above the notebook, and be extended from there and from a package', async () => {
    config({ experimentalDecorators: true }, '../tsconfig.json');
    await expectBoth(code, 'counts', '[ 3 ]');
    kernel.write('node_modules/@tsconfig/base/package.json', '{ "name": "@tsconfig/base" }');
    kernel.write(
      'node_modules/@tsconfig/base/tsconfig.json',
      '{ "compilerOptions": { "experimentalDecorators": true } }',
    );
    config({ paths: { up: ['./up'] } }, '../paths.json');
    kernel.write('../up.ts', "export const up = 'up';");
    config({}, 'tsconfig.json', { extends: ['@tsconfig/base/tsconfig.json', '../paths.json'] });
    await expectBoth(`import { up } from 'up'; ${code}`, '[up, ...counts]', "[ 'up', 3 ]");
  });

  it('may be a solution of several projects', async () => {
    config({ experimentalDecorators: true }, 'tsconfig.app.json', { include: ['src'] });
    config({}, 'tsconfig.json', { files: [], references: [{ path: './tsconfig.app.json' }] });
    await expectBoth(code, 'counts', '[ 3 ]');
  });

  it('may have comments, trailing commas, and options of another TypeScript', async () => {
    kernel.write(
      'tsconfig.json',
      '{ // so\n "compilerOptions": { "experimentalDecorators": true, "ofTheFuture": 1, }, }',
    );
    await expectBoth(code, 'counts', '[ 3 ]');
  });

  it('counts from the next cell on when it is edited, also for files that are loaded', async () => {
    kernel.write('decorated.ts', `${code}\nexport { counts };`);
    const cell = "import { counts } from './decorated'; counts";
    expect((await kernel.run(cell)).text).toBe('[ 2 ]');
    config({ experimentalDecorators: true });
    expect((await kernel.run(cell)).text).toBe('[ 3 ]');
    kernel.write('tsconfig.json', '{ "extends": "./base.json" }');
    kernel.write('base.json', '{ "compilerOptions": { "experimentalDecorators": false } }');
    expect((await kernel.run(cell)).text).toBe('[ 2 ]');
    kernel.write('base.json', '{ "compilerOptions": { "experimentalDecorators": true } }');
    expect((await kernel.run(cell)).text).toBe('[ 3 ]');
  });

  it('of a file is the one nearest to the file', async () => {
    kernel.write('part/tsconfig.json', '{ "compilerOptions": { "experimentalDecorators": true } }');
    kernel.write('part/decorated.ts', `${code}\nexport { counts };`);
    expect((await kernel.run("import { counts } from './part/decorated'; counts")).text).toBe('[ 3 ]');
  });

  it.each([
    ['{ "compilerOptions": { "jsx": "wrong" } }', /tsconfig\.json:1:\d+ cannot be used: Argument for '--jsx' option/],
    ['{ "compilerOptions": {', /tsconfig\.json:1:\d+ cannot be used: '}' expected/],
    ['{ "extends": "./missing.json" }', /tsconfig\.json.* cannot be used: .*missing\.json/],
    ['{ "extends": "not-installed/tsconfig.json" }', /tsconfig\.json.* cannot be used: .*not-installed/],
    ['{ "compilerOptions": { "paths": { "a": "b" } } }', /tsconfig\.json cannot be used: the value of "a" in "paths"/],
  ])('that is wrong is named: %s', async (text, message) => {
    kernel.write('tsconfig.json', text);
    const { error } = await kernel.run('1');
    expect(error?.message).toMatch(message);
    expect(error?.message).toContain(path.join(kernel.folder, 'tsconfig.json'));
    rmSync(path.join(kernel.folder, 'tsconfig.json'));
    expect((await kernel.run('1')).text).toBe('1');
  });
});
