/** Cells that ask more of the kernel than most: deep and large texts, functions as text, hostile values, late output. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
});

afterAll(() => kernel.stop());

describe('stacks, wherever a cell looks at them', () => {
  it.each([
    ['console.error(new Error("x"))', /^Error: x\n {4}at cell \d+:1:15\n$/],
    ['console.trace("t")', /^Trace: t\n {4}at cell \d+:1:9\n$/],
    ['const thrown = new RangeError("r");\nconsole.error(thrown.stack)', /^RangeError: r\n {4}at cell \d+:1:16\n$/],
    ['const o = {}; Error.captureStackTrace(o); console.error(o.stack)', /^Error\n {4}at cell \d+:1:21\n$/],
    [
      'const f = async () => { await null; throw new Error("a") };\ntry { await f() } catch (e) { console.error(e) }',
      /^Error: a\n {4}at f \(cell \d+:1:43\)\n {4}at async cell \d+:2:7\n$/,
    ],
    [
      'function after() { return new Error("h") }\nconsole.error(after())',
      /^Error: h\n {4}at after \(cell \d+:1:27\)\n {4}at cell \d+:2:15\n$/,
    ],
    [
      'console.error(new Error("o", { cause: new Error("i") }))',
      /^Error: o\n {4}at cell \d+:1:15 \{\n {2}\[cause\]: Error: i\n {6}at cell \d+:1:39\n\}\n$/,
    ],
  ])('name places in the cell, and the cell’s frames alone: %s', async (code, text) => {
    const { printed } = await kernel.run(code);
    expect(printed.map((piece) => piece.text).join('')).toMatch(text);
  });

  it('go through a function of the user’s own, which is given places in the cell', async () => {
    const { text } = await kernel.run(
      `Error.prepareStackTrace = (_, sites) => sites.map((s) => [s.getFileName(), s.getLineNumber(), s.getColumnNumber()].join(':'));
       const own = new Error('own').stack; Error.prepareStackTrace = undefined; own`,
    );
    expect(text).toMatch(/^\[ 'cell \d+:2:20' \]$/);
    const { printed } = await kernel.run('console.error(new Error("again"))');
    expect(printed[0]!.text).toMatch(/^Error: again\n {4}at cell \d+:1:15\n$/);
  });

  it('of an error of another context lead to the cell', async () => {
    const { error } = await kernel.run('1;\nrequire("node:vm").runInNewContext("throw new TypeError(\'there\')")');
    expect(error).toMatchObject({ kind: 'error', name: 'TypeError', message: 'there', line: 2, column: 20 });
  });
});

describe('functions as text', () => {
  it('run in a worker and in another context, under their names', async () => {
    await kernel.run(`
      function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2) }
      const twice = async (x: number): Promise<number> => (await Promise.resolve(x)) * 2;
      class Counter { #n = 0; async up() { await null; return ++this.#n } }`);
    const { text } = await kernel.run(`
      const { Worker } = require('node:worker_threads');
      const program = \`\${fib}; const twice = \${twice}; \${Counter}
        (async () => require('node:worker_threads').parentPort.postMessage([fib(12), await twice(21), await new Counter().up()]))()\`;
      const worker = new Worker(program, { eval: true });
      await new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject) })`);
    expect(text).toBe('[ 144, 42, 1 ]');
    expect((await kernel.run('new (require("node:vm").Script)(`(${fib})(10)`).runInNewContext()')).text).toBe('55');
  });

  it('are what their author wrote', async () => {
    await kernel.run(
      'async function own(a, b = 2) {\n  for await (const x of a) await x; // why\n  return [await b]\n}',
    );
    const { text } = await kernel.run('own.toString()');
    expect(text).toContain('for await (const x of a) await x; // why');
    expect(text).not.toContain('latentlab');
  });

  it('keep to what a later cell declares, also when they call themselves', async () => {
    await kernel.run('function down(n: number): string { return n === 0 ? "old" : down(n - 1) } const first = down;');
    await kernel.run('function down(n: number): string { return "new" }');
    expect((await kernel.run('first(1)')).text).toBe("'new'");
  });
});

describe('constants', () => {
  it('stay what they are in later cells, and may be declared again', async () => {
    await kernel.run('const fixed = 10;');
    const { error } = await kernel.run('1;\nfixed = 5');
    expect(error).toMatchObject({ message: "Cannot assign to 'fixed' because it is a constant.", line: 2, column: 1 });
    expect((await kernel.run('fixed')).text).toBe('10');
    expect((await kernel.run('let fixed = 11; fixed++; fixed')).text).toBe('12');
  });
});

describe('a value that throws when it is looked at is shown as Node shows it', () => {
  it.each([
    ['{ then() { throw new Error("no") } }', '{ then: [Function: then] }'],
    ['({ then() {} })', '{ then: [Function: then] }'],
    ['({ get then() { throw new Error("no") } })', '{ then: [Getter] }'],
    ['({ get shape() { throw new Error("no") }, a: 1 })', '{ shape: [Getter], a: 1 }'],
    ['[{ get a() { throw new Error("no") } }]', '[ { a: [Getter] } ]'],
    [
      'new Proxy({ a: 1 }, { get() { throw 1 }, has() { throw 1 }, ownKeys() { throw 1 }, getPrototypeOf() { throw 1 } })',
      /\{ a: 1 \}/,
    ],
    ['const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); proxy', '<Revoked Proxy>'],
    ['({ toJSON() { throw new Error("no") } })', '{ toJSON: [Function: toJSON] }'],
    ['({ [require("node:util").inspect.custom]() { throw new Error("no") } })', /nodejs\.util\.inspect\.custom/],
    ['({ get [Symbol.toStringTag]() { throw new Error("no") } })', /no|Symbol/],
    ['({ [Symbol.for("Jupyter.display")]() { throw new Error("no") } })', /Jupyter\.display/],
    ['({ [Symbol.for("Jupyter.display")]() { return { "text/plain": () => 1 } } })', /Jupyter\.display/],
    ['({ shape: [1], dtype: "float32", data() { return new Promise(() => {}) } })', /shape: \[ 1 \]/],
  ])('%s', async (code, shown) => {
    const { success, text } = await kernel.run(code);
    expect(success).toBe(true);
    if (typeof shown === 'string') expect(text).toBe(shown);
    else expect(text).toMatch(shown);
  });
});

describe('an object as a whole cell', () => {
  it.each([
    ['{ a: 1, b: 2 }', '{ a: 1, b: 2 }'],
    ['// why\n{ a: 1, b: await 2 }', '{ a: 1, b: 2 }'],
    ['{ m() { return 1 } }', '{ m: [Function: m] }'],
    ['{ a: 1 as number }', '{ a: 1 }'],
  ])('is its value: %s', async (code, shown) => {
    expect((await kernel.run(code)).text).toBe(shown);
  });

  it.each(['{ 5; }', '{ const a = 1; }', '{ console.log(1) }', '{ a: 1 };'])('a block stays one: %s', async (code) => {
    const { success, displays } = await kernel.run(code);
    expect({ success, displays }).toEqual({ success: true, displays: [] });
  });

  it('has its errors where they are', async () => {
    expect((await kernel.run('{ a: null!.x }')).error).toMatchObject({ line: 1, column: 12 });
  });
});

describe('long and deep texts run', () => {
  it.each([
    ['terms', `${'1+'.repeat(3000)}1`, '3001'],
    ['typed terms', `const sum: number = ${'1+'.repeat(3000)}1; sum`, '3001'],
    [
      'typed terms in functions',
      `function f(x: number): number { return ${'x+'.repeat(3000)}(x as number) }; f(1)`,
      '3001',
    ],
    ['typed terms on lines', `let sum: number | string = ${'1 +\n'.repeat(3000)}1;\n(sum as number)`, '3001'],
    ['brackets', `${'['.repeat(600)}1${']'.repeat(600)}.flat(Infinity)`, '[ 1 ]'],
    ['parentheses', `${'('.repeat(600)}7${')'.repeat(600)}`, '7'],
    ['else-ifs', `let hit = 0; if (hit) {} ${'else if (hit) {} '.repeat(1000)}else hit = 5; hit`, '5'],
    ['calls', `const id = (x: number) => x; ${'id('.repeat(500)}3${')'.repeat(500)}`, '3'],
    ['links', `[1]${'.map((x) => x)'.repeat(1500)}`, '[ 1 ]'],
    ['templates', `${'`${'.repeat(500)}1${'}`'.repeat(500)}`, "'1'"],
    ['statements', `${Array.from({ length: 5000 }, (_, i) => `const s${i} = ${i};`).join('\n')}\ns4999`, '4999'],
    ['awaits', `${'(await 1) + '.repeat(1000)}1`, '1001'],
    [
      'uses of a shadowed global',
      `let process = 1; let seen = 0; function f(process: number) { return process }\n${'seen += process;\n'.repeat(20_000)}seen`,
      '20000',
    ],
  ])('%s', async (_what, code, shown) => {
    expect((await kernel.run(code)).text).toBe(shown);
  });

  it('an array of 2 MB', async () => {
    const { text } = await kernel.run(`[${Array.from({ length: 300_000 }, (_, i) => i).join(',')}].length`);
    expect(text).toBe('300000');
  });

  it('or name the place that neither TypeScript nor V8 can follow to', async () => {
    const { error } = await kernel.run(`let q = 1;\nq = ${'('.repeat(20_000)}1${')'.repeat(20_000)}`);
    expect(error).toMatchObject({ kind: 'syntax', line: 2, column: 20_004 });
    expect(error!.message).toContain('nested too deeply');
  });
});

describe('what a cell does when it has ended', () => {
  it('belongs to it, marked late: prints, errors, rejections and displays', async () => {
    const first = kernel.begin(
      `setTimeout(async () => { console.log('late'); await display(5); Promise.reject(new Error('lost')); throw0() }, 30);
       const throw0 = () => { setTimeout(() => { throw new Error('thrown') }) }; 'done'`,
    );
    const { displays } = await first.finished;
    expect(displays[0]).toMatchObject({ isResult: true, bundle: { 'text/plain': "'done'" } });
    await kernel.next(
      'stream',
      (message) => message.id === first.id && message.text.includes('Uncaught Error: thrown'),
    );
    expect((await kernel.run('"second"')).printed).toEqual([]);
    const late = kernel.messages.filter((message) => 'id' in message && message.id === first.id && 'late' in message);
    const text = late.map((message) => (message.type === 'stream' ? message.text : '')).join('');
    expect(text).toMatch(
      /^\[after the cell had ended\]\nlate\nUncaught \(in promise\) Error: lost\n {4}at [^]*Uncaught Error: thrown\n/,
    );
    expect(late).toContainEqual(
      expect.objectContaining({ type: 'display', bundle: { 'text/plain': '5' }, late: true }),
    );
  });

  it('belongs to it while another one is under way, also behind an await', async () => {
    const first = kernel.begin(
      `setTimeout(async () => { for (let i = 0; i < 20; i++) { await new Promise((r) => setTimeout(r, 5)); console.log('late'); } console.log('last'); }); 'done'`,
    );
    await first.finished;
    const second = await kernel.run(
      `for (let i = 0; i < 20; i++) { await new Promise((r) => setTimeout(r, 5)); console.log('mine'); }`,
    );
    await kernel.next('stream', (message) => message.id === first.id && message.text.includes('last'));
    expect(second.printed).toEqual([{ name: 'stdout', text: 'mine\n'.repeat(20) }]);
    const texts = kernel.messages.flatMap((message) =>
      message.type === 'stream' && message.id === first.id ? message.text : [],
    );
    expect(texts.join('')).toBe(`[after the cell had ended]\n${'late\n'.repeat(20)}last\n`);
  });
});
