import { describe, expect, it } from 'vitest';
import { CellCompiler } from '../../../../kernel/session/compile/compile';
import { inScriptNames, logParts } from '../../../../kernel/session/debug/expressions';
import { placeTable, ScriptPlaces } from '../../../../kernel/session/debug/scriptPlaces';
import { isInBlock, tryBlocks } from '../../../../kernel/session/debug/tryBlocks';

const CELL = `import { tf } from 'latentlab';
interface Foo { a: number }
const run = async (n: number): Promise<number> => {
  await Promise.resolve(0);
  return n;
};

// a comment
enum Kind { one, two }
function hoisted(): Kind { return Kind.two; }
export const last = hoisted() as number;`;

/** What is written at each line of a source, in the script that it was compiled to. */
function scriptOf(source: string) {
  const { code, origin } = new CellCompiler(new Set(), () => false).compile(source, 'cell 1');
  return { code: code.split('\n'), origin, places: new ScriptPlaces(placeTable(code, origin)) };
}

describe('places of a script', () => {
  it.each([3, 4, 5, 9, 10, 11])('line %i of the cell is found in the script, and back', (line) => {
    const { places, origin } = scriptOf(CELL);
    const there = places.inScript(line)!;
    expect(origin(there).line).toBe(line);
    expect(places.origin(there).line).toBe(line);
  });

  it('says of every word what the compiler says', () => {
    const { code, places, origin } = scriptOf(CELL);
    code.forEach((text, index) => {
      for (const { index: at } of text.matchAll(/[\w$]+|[^\s\w$]/g)) {
        const place = { line: index + 1, column: at + 1 };
        expect(places.origin(place)).toEqual(origin(place));
      }
    });
  });

  it('takes the next line for one that nothing comes from', () => {
    const { places, origin } = scriptOf(CELL);
    expect(origin(places.inScript(2)!).line).toBe(3);
    // A comment is still in the script: V8 itself continues from there.
    expect(origin(places.inScript(7)!).line).toBe(8);
    expect(places.inScript(12)).toBeUndefined();
  });

  it('finds a column', () => {
    const { places, code } = scriptOf('const a = 1; const b = Math.max(a, 2); b');
    const { line, column } = places.inScript(1, 24)!;
    expect(code[line - 1]!.slice(column - 1)).toMatch(/^Math\.max/);
  });
});

describe('expressions in a script', () => {
  const aliases = { x: 'imports[0].x', process: 'process__latentlab' };

  it.each([
    ['x + y', 'imports[0].x + y'],
    ['o.x + x.x + o?.x', 'o.x + imports[0].x.x + o?.x'],
    ['{ x: x }', '{ x: imports[0].x }'],
    ['a ? x : process', 'a ? imports[0].x : process__latentlab'],
    ['[...x]', '[...imports[0].x]'],
    ['"x" + \'x\' + `x` // x', '"x" + \'x\' + `x` // x'],
    ['xs + $x', 'xs + $x'],
  ])('%s', (written, meant) => {
    expect(inScriptNames(written, aliases)).toBe(meant);
  });

  it('reads the message of a logpoint', () => {
    expect(logParts('a {b} {({ c })} {d')).toEqual([
      { text: 'a ' },
      { expression: 'b' },
      { text: ' ' },
      { expression: '({ c })' },
      { text: ' ' },
      { text: '{d' },
    ]);
  });
});

describe('what a script catches', () => {
  it('lies in a try that has a catch', () => {
    const blocks = tryBlocks('try {\n  a();\n} catch {\n  b();\n}\ntry {\n  c();\n} finally {}');
    expect([2, 4, 7].map((line) => isInBlock(blocks, { line, column: 3 }))).toEqual([true, false, false]);
  });
});
