import { beforeEach, describe, expect, it } from 'vitest';
import { CellCompiler } from '../../../../kernel/session/compile/compile';
import { isScriptBinding, reservedNames } from '../../../../kernel/session/compile/shadowing';
import { tidy } from './tidy';

let compiler: CellCompiler;

beforeEach(() => {
  compiler = new CellCompiler(new Set(['process', 'Map', 'setTimeout']), () => true);
});

const compiled = (source: string) => tidy(compiler.compile(source, 'cell 1').code);

describe("a cell's binding of a global's name gets a name of its own", () => {
  it.each([
    ['const process = 3;', 'let process__latentlab = 3;'],
    ['var process = 3;', 'let process__latentlab; void (process__latentlab = 3);'],
    ['for (var process of ps) process;', 'let process__latentlab; for (process__latentlab of ps) process__latentlab;'],
    ['const { process } = o;', 'let { process: process__latentlab } = o;'],
    [
      'const { process = 1, a: { Map } } = o;',
      'let { process: process__latentlab = 1, a: { Map: Map__latentlab } } = o;',
    ],
    ['const [process, ...Map] = o;', 'let [process__latentlab, ...Map__latentlab] = o;'],
    [
      'var { process, ...Map } = o;',
      'let process__latentlab, Map__latentlab; void ({ process: process__latentlab, ...Map__latentlab } = o);',
    ],
    ["import process from 'p';", `let { default: process__latentlab } = await __latentlab__.import('p', ["default"]);`],
    ["import * as Map from 'm';", `let Map__latentlab = await __latentlab__.import('m', []);`],
    ["import { a as Map } from 'm';", `let { a: Map__latentlab } = await __latentlab__.import('m', ["a"]);`],
    [
      "import { setTimeout } from 'node:timers/promises';",
      `let { setTimeout: setTimeout__latentlab } = await __latentlab__.import('node:timers/promises', ["setTimeout"]);`,
    ],
  ])('%s', (source, expected) => {
    expect(compiled(source)).toBe(tidy(expected));
  });

  it('keeps the name that functions and classes say of themselves', () => {
    expect(compiled('function process() {}')).toBe(tidy('let process__latentlab = function process() {};'));
    expect(compiled('const Map = () => 1;')).toBe(tidy('let Map__latentlab = ({ Map: () => 1 }).Map;'));
    expect(compiled('class Map {\n}')).toBe(tidy('let Map__latentlab = class Map {\n};'));
  });
});

describe('references to it follow, in the same cell and in later ones', () => {
  beforeEach(() => {
    compiler.compile('let process = 3;', 'cell 1');
  });

  it.each([
    ['process.env.A = process;', 'process__latentlab.env.A = process__latentlab'],
    ['let t = typeof process;', 'let t = typeof process__latentlab;'],
    ['let o = { process };', 'let o = { process: process__latentlab };'],
    [
      'let o = { process: 1, [process]: process };',
      'let o = { process: 1, [process__latentlab]: process__latentlab };',
    ],
    ['({ process } = o), 1', '({ process: process__latentlab } = o), 1'],
    ['({ process = 3 } = o), 1', '({ process: process__latentlab = 3 } = o), 1'],
    ['let f = (a = process) => () => process;', 'let f = (a = process__latentlab) => () => process__latentlab;'],
    ['let s = `${process}`;', 'let s = `${process__latentlab}`;'],
  ])('%s', (source, expected) => {
    expect(compiled(source)).toContain(tidy(expected));
  });

  it.each([
    'let p = globalThis.process;',
    'let f = function (process) { process.env = 1; return { process }; };',
    'let g = ({ process }) => process;',
    'let h = () => {\n    if (a)\n        var process = 1;\n    return process;\n};',
    '{\n    let process = 1;\n    process;\n}',
    '{\n    function process() { }\n    process();\n}',
    'try { }\ncatch (process) {\n    process;\n}',
    'for (const process of ps)\n    process;',
    'let k = class process {\n    m() { return process; }\n};',
    'let k = function process() { return process; };',
    'let k = class {\n    process = 1;\n    #process = 2;\n    get() { return this.#process; }\n};',
    'process: for (;;)\n    break process;',
    'let m = Map;',
  ])('but not what is a local, a property, a label or another global: %s', (source) => {
    expect(compiled(source)).toBe(tidy(source));
  });

  it('but not the exported names of a namespace', () => {
    expect(compiled('namespace N { export const process = 1; export const z = process; }')).toContain(
      'N.z = N.process',
    );
  });
});

describe('a binding that does not exist', () => {
  it('hides no global: the cell that declares it has failed', () => {
    const failing = new CellCompiler(new Set(['process']), () => false);
    failing.compile("import { process } from './missing';", 'cell 1');
    expect(failing.compile('process.cwd()', 'cell 2').code).toContain('(process.cwd())');
  });

  it('shows when code asks for it as a script does', () => {
    expect(isScriptBinding('Map')).toBe(true);
    expect(isScriptBinding('neverDeclared__latentlab')).toBe(false);
  });
});

it('reserves the globals of the process and its own, but not what exists for cells or what V8 guards itself', () => {
  const reserved = reservedNames();
  for (const name of ['process', 'Map', 'performance', 'setTimeout', 'console', '__latentlab__']) {
    expect(reserved).toContain(name);
  }
  for (const name of ['undefined', 'NaN', 'eval', 'require', 'display', 'html', 'latex', 'markdown', 'svg']) {
    expect(reserved).not.toContain(name);
  }
});

it('positions lead back to the cell past longer names', () => {
  const { code, origin } = compiler.compile('const process = 1;\nf(process, process, boom());', 'cell 1');
  const line = code.split('\n').findIndex((text) => text.includes('boom'));
  const column = code.split('\n')[line]!.indexOf('boom');
  expect(origin({ line: line + 1, column: column + 1 })).toEqual({ line: 2, column: 21 });
});
