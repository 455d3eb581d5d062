/** The kernel's debugger, over its protocol: places in cells and files, variables, stops and what becomes of the kernel. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DebugClient, placeOf } from './debugClient';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;
beforeAll(async () => {
  kernel = await KernelUnderTest.start();
});
afterAll(() => kernel.stop());

/** The script of the next cell, which is what its source is called where the host names none. */
let cells = 0;
const nextCell = () => `latentlab-cell-${cells + 1}`;
const begin = (code: string) => {
  cells++;
  return kernel.begin(code).finished;
};

describe('debugging cells', () => {
  it('stops in a cell, steps over an await and shows the names of the user alone', async () => {
    const code = `interface Foo { a: number }
const addOne = async (n: number): Promise<number> => {
  const m: number = n + 1;
  await new Promise((resolve) => setTimeout(resolve, 5));
  const k = m * 2;
  return k;
};
const r: Foo = { a: await addOne(41) };
r.a`;
    const debug = await DebugClient.attach(kernel, { [nextCell()]: [{ line: 3 }] });
    const stopped = debug.stopped();
    const run = begin(code);
    expect((await stopped).reason).toBe('breakpoint');
    expect((await debug.stack()).map(placeOf)).toEqual(['addOne cell 1:3', 'cell 1 cell 1:8']);
    // V8 tells from Node 26 on that a variable has no value yet.
    const unset = expect.stringMatching(/^(undefined|<not yet>)$/) as string;
    expect((await debug.locals()).Local).toEqual({ n: '41', m: unset, k: unset });
    expect(await debug.step('next')).toBe('addOne cell 1:4');
    expect(await debug.step('next')).toBe('addOne cell 1:5');
    expect((await debug.locals()).Local).toEqual({ n: '41', m: '42', k: unset });
    expect(await debug.evaluate('m + n')).toBe('83');
    expect(await debug.step('next')).toBe('addOne cell 1:6');
    const all = Object.values(await debug.locals()).flatMap((scope) => Object.keys(scope));
    expect(all.filter((name) => name.includes('latentlab'))).toEqual([]);
    await debug.goOn();
    expect((await run).text).toBe('84');
    await debug.detach();
    expect((await begin('await addOne(r.a)')).text).toBe('170');
  });

  it('stops in a cell that ran before the debugger came, also when another cell calls', async () => {
    const name = nextCell();
    await begin('function twice(n) {\n  return 2 * n;\n}');
    const debug = await DebugClient.attach(kernel);
    const [set] = await debug.setBreakpoints(name, [{ line: 2 }]);
    expect(set).toMatchObject({ verified: true, line: 2 });
    const stopped = debug.stopped();
    const run = begin('twice(21)');
    expect((await stopped).hitBreakpointIds).toEqual([set!.id]);
    expect((await debug.stack()).map(placeOf)).toEqual([`twice cell ${cells - 1}:2`, `cell ${cells} cell ${cells}:1`]);
    await debug.goOn();
    expect((await run).text).toBe('42');
    await debug.detach();
  });

  it('stops where a condition holds, where it has been often, and says what a logpoint says', async () => {
    const code = 'let total = 0;\nfor (let i = 0; i < 6; i++) {\n  total += i;\n  void 0;\n}\ntotal';
    const debug = await DebugClient.attach(kernel, {
      [nextCell()]: [
        { line: 3, condition: 'i === 2 || total > 8' },
        { line: 4, logMessage: 'i is {i}, {({ total })}' },
      ],
    });
    const stopped = debug.stopped();
    const run = begin(code);
    await stopped;
    expect(await debug.evaluate('[i, total].join()')).toBe("'2,1'");
    await debug.step('continue');
    expect(await debug.evaluate('[i, total].join()')).toBe("'5,10'");
    await debug.goOn();
    expect((await run).text).toBe('15');
    // The last words may come behind the cell's end, and before that of the session.
    await debug.detach();
    const said = debug.events
      .filter(({ event }) => event === 'output')
      .map(({ body }) => (body as { output: string }).output);
    expect(said).toEqual([0, 1, 2, 3, 4, 5].map((i) => `i is ${i}, { total: ${(i * (i + 1)) / 2} }\n`));
    const counted = await DebugClient.attach(kernel, { [nextCell()]: [{ line: 3, hitCondition: '>= 5' }] });
    const fifth = counted.stopped();
    const again = begin(code);
    await fifth;
    expect(await counted.evaluate('i')).toBe('4');
    await counted.detach();
    expect((await again).text).toBe('15');
  });

  it('says what is wrong with a condition', async () => {
    const debug = await DebugClient.attach(kernel);
    const [set] = await debug.setBreakpoints(nextCell(), [{ line: 1, condition: 'i ===' }]);
    expect(set).toMatchObject({ verified: false });
    expect(set!.message).toMatch(/i ===: SyntaxError/);
    await debug.detach();
  });

  it('stops in a local module, in its TypeScript, and knows what it imports', async () => {
    kernel.write('inner.ts', 'export const factor = 3;\n');
    const text = `import { factor } from './inner';
interface Wide { x: number }
export enum Kind { one, two }
export function scaled({ x }: Wide): number {
  const y = x * factor;
  return y;
}
`;
    kernel.write('scaled.ts', text);
    const file = path.join(kernel.folder, 'scaled.ts');
    const debug = await DebugClient.attach(kernel, { [file]: [{ line: 5 }] });
    const stopped = debug.stopped();
    const run = begin("import { scaled } from './scaled';\nscaled({ x: 14 })");
    await stopped;
    expect(await debug.where()).toBe('scaled scaled.ts:5');
    expect((await debug.stack())[0]!.source!.path).toBe(file);
    expect(await debug.evaluate('factor + x', 'hover')).toBe('17');
    const scopes = await debug.locals();
    expect(scopes.Local).toMatchObject({ x: '14' });
    expect(scopes.Imports).toEqual({ factor: '3' });
    const names = Object.values(scopes).flatMap((scope) => Object.keys(scope));
    expect(names.filter((name) => name.includes('__') || name === 'require')).toEqual([]);
    expect(await debug.step('next')).toBe('scaled scaled.ts:6');
    await debug.goOn();
    expect((await run).text).toBe('42');
    // The file changes, and moves the line: it is loaded anew with its breakpoint.
    kernel.write('scaled.ts', `\n\n${text}`);
    await debug.setBreakpoints(file, [{ line: 7 }]);
    const moved = debug.stopped();
    const again = begin("import { scaled } from './scaled';\nscaled({ x: 15 })");
    await moved;
    expect(await debug.where()).toBe('scaled scaled.ts:7');
    await debug.detach();
    expect((await again).text).toBe('45');
  });

  it('takes the names that cells have for globals', async () => {
    const debug = await DebugClient.attach(kernel, { [nextCell()]: [{ line: 3 }] });
    const stopped = debug.stopped();
    const run = begin("let process = 'mine';\nconst use = (process = 'local') =>\n  process.length;\nuse()");
    await stopped;
    expect(await debug.evaluate('process + process.length')).toBe("'local5'");
    expect((await debug.locals()).Notebook).toMatchObject({ process: "'mine'" });
    const frameId = (await debug.stack())[0]!.id;
    const { scopes } = await debug.request<{ scopes: { name: string; variablesReference: number }[] }>('scopes', {
      frameId,
    });
    const { variablesReference } = scopes.find(({ name }) => name === 'Notebook')!;
    await debug.inside({ variablesReference });
    await debug.request('setVariable', { variablesReference, name: 'process', value: "'given'" });
    await debug.detach();
    expect((await run).text).toBe('5');
    expect((await begin('process')).text).toBe("'given'");
  });

  it.each(['null.x;', 'await 0;\nnull.x;', 'await (async () => {\n  await 0;\n  null.x;\n})();'])(
    'stops where an error is thrown that nothing catches: %j',
    async (code) => {
      const debug = await DebugClient.attach(kernel, {}, ['uncaught']);
      const stopped = debug.stopped();
      const run = begin(`try {\n  null.caught;\n} catch {}\n${code}`);
      expect(await stopped).toMatchObject({ reason: 'exception', text: expect.stringContaining('null') as string });
      const line = 4 + code.split('\n').findIndex((text) => text.includes('null.x'));
      expect((await debug.stack())[0]).toMatchObject({ line });
      const info = await debug.request<{ exceptionId: string }>('exceptionInfo', { threadId: 1 });
      expect(info.exceptionId).toBe('TypeError');
      await debug.goOn();
      expect((await run).error).toMatchObject({ name: 'TypeError', line });
      await debug.detach();
    },
  );

  it('binds only in what was run as it stands now, and shows the rest as it ran', async () => {
    const name = nextCell();
    const code = 'function early() {\n  return 1;\n}';
    await begin(code);
    const debug = await DebugClient.attach(kernel);
    const [edited] = await debug.setBreakpoints(name, [{ line: 3 }], `// edited\n${code}`);
    expect(edited!.verified).toBe(false);
    const [same] = await debug.setBreakpoints(name, [{ line: 2 }], code);
    expect(same!.verified).toBe(true);
    const stopped = debug.stopped();
    const run = begin('early()');
    await stopped;
    const { source } = (await debug.stack())[0]!;
    expect(await debug.request('source', { source, sourceReference: source!.sourceReference })).toEqual({
      content: code,
    });
    await debug.detach();
    expect((await run).text).toBe('1');
  });

  it('shows objects by what is in them, long arrays in pieces, and sets variables', async () => {
    const debug = await DebugClient.attach(kernel, { [nextCell()]: [{ line: 3 }] });
    const stopped = debug.stopped();
    const run = begin(`const probe = (big, map, text, fn, nested) => {
  let n = 1;
  return [n, nested.a];
};
probe(new Float32Array(5000).fill(2), new Map([['k', 1]]), "it's", async (x: number, y: string): Promise<void> => { await 0; }, { a: 1, b: [1, null] })`);
    await stopped;
    const frameId = (await debug.stack())[0]!.id;
    const { scopes } = await debug.request<{ scopes: { variablesReference: number }[] }>('scopes', { frameId });
    const { variables } = await debug.request<{
      variables: { name: string; value: string; variablesReference: number }[];
    }>('variables', scopes[0]);
    const byName = Object.fromEntries(variables.map((variable) => [variable.name, variable]));
    expect(byName.text!.value).toBe("'it\\'s'");
    expect(byName.fn!.value).toBe('ƒ async (x, y) =>');
    expect(byName.map!.value).toBe("Map(1) {'k' => 1}");
    expect(byName.nested!.value).toBe('{a: 1, b: Array(2)}');
    expect(await debug.inside(byName.big!, { filter: 'indexed', start: 4998, count: 1000 })).toEqual({
      4998: '2',
      4999: '2',
    });
    await debug.request('setVariable', {
      variablesReference: scopes[0]!.variablesReference,
      name: 'n',
      value: '40 + 2',
    });
    await debug.request('setVariable', {
      variablesReference: byName.nested!.variablesReference,
      name: 'a',
      value: '"new"',
    });
    await debug.goOn();
    expect((await run).text).toBe("[ 42, 'new' ]");
    await debug.detach();
  });
});

describe('a debugged kernel', () => {
  it('goes on when its debugger leaves in a pause, with its variables', async () => {
    const debug = await DebugClient.attach(kernel, { [nextCell()]: [{ line: 2 }] });
    const stopped = debug.stopped();
    const run = begin('let kept = 6;\nkept *= 7;\nkept');
    await stopped;
    await debug.detach();
    expect((await run).text).toBe('42');
    expect((await begin('kept')).text).toBe('42');
  });

  it('is interrupted in a pause, past all other breakpoints, and later as ever', async () => {
    const debug = await DebugClient.attach(kernel, { [nextCell()]: [{ line: 2 }] });
    const stopped = debug.stopped();
    const run = begin('for (;;) {\n  await 0;\n}');
    await stopped;
    kernel.client.interrupt();
    expect((await run).error!.kind).toBe('interrupt');
    const next = debug.stopped();
    await debug.setBreakpoints(nextCell(), [{ line: 1 }]);
    const after = begin('"stops again"');
    await next;
    await debug.detach();
    expect((await after).text).toBe("'stops again'");
    const loop = kernel.begin('console.log("loops"); while (true);');
    cells++;
    await kernel.next('stream', ({ id }) => id === loop.id);
    kernel.client.interrupt();
    expect((await loop.finished).error!.kind).toBe('interrupt');
  });

  it('pauses in a loop that never waits', async () => {
    const debug = await DebugClient.attach(kernel);
    await begin('let turns = 0;');
    const loop = kernel.begin('console.log("turns");\nwhile (turns >= 0) turns++;\nturns');
    cells++;
    await kernel.next('stream', ({ id }) => id === loop.id);
    const stopped = debug.stopped();
    await debug.request('pause', { threadId: 1 });
    expect((await stopped).reason).toBe('pause');
    // What was printed may have come before the loop.
    const name = `cell ${cells}`;
    expect([`${name} ${name}:1`, `${name} ${name}:2`]).toContain(await debug.where());
    await debug.evaluate('turns = -1', 'repl');
    await debug.goOn();
    expect((await loop.finished).text).toBe('-1');
    await debug.detach();
  });

  it('pauses in a training, which goes on when the debugger leaves', async () => {
    const debug = await DebugClient.attach(kernel);
    const training = kernel.begin(`import { fashionMnist, VAE } from 'latentlab';
const data = (await fashionMnist()).take(500);
const vae = new VAE({ input: data.shape, latent: 2, hidden: [8], seed: 1 });
const fitted = await vae.fit(data, { epochs: 30 });
fitted.progress.state`);
    const name = `cell ${++cells}`;
    await kernel.next('viewFrame');

    const stopped = debug.stopped();
    await debug.request('pause', { threadId: 1 });
    await stopped;
    const places = (await debug.stack()).map(placeOf);

    expect(places).toContain(`${name} ${name}:4`);
    await debug.detach();
    expect((await training.finished).text).toBe("'done'");
  });

  it('says nothing of a wait for ever while it is paused for long', async () => {
    const debug = await DebugClient.attach(kernel, { [nextCell()]: [{ line: 1 }] });
    const stopped = debug.stopped();
    const run = begin('let at = Date.now();\nawait new Promise((resolve) => setTimeout(resolve, 1));\nat');
    await stopped;
    // Longer than a cell runs before the kernel looks at what it waits for, by the clock of the paused cell itself.
    await debug.evaluate('(() => { const until = Date.now() + 2500; while (Date.now() < until); })()', 'repl');
    await debug.goOn();
    expect((await run).success).toBe(true);
    expect(kernel.messages.filter(({ type }) => type === 'deadWait')).toEqual([]);
    await debug.detach();
  });

  it('has no port', async () => {
    const debug = await DebugClient.attach(kernel);
    expect((await begin("String((await import('node:inspector')).url())")).text).toBe("'undefined'");
    await debug.detach();
  });

  it('ends at once when it is asked to while it is paused', async () => {
    const other = await KernelUnderTest.start();
    const debug = await DebugClient.attach(other, { 'latentlab-cell-1': [{ line: 1 }] });
    const stopped = debug.stopped();
    void other.begin('"paused"');
    await stopped;
    await other.client.shutdown(60_000);
    expect(other.exit).toBeUndefined();
    await other.stop();
  });
});
