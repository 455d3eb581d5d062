import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
});

afterAll(() => kernel.stop());

describe('bindings', () => {
  it('live from cell to cell and may be declared again as anything', async () => {
    await kernel.run('const x: number = 1; function f() { return x; } class Q { v = 2 }');
    expect((await kernel.run('f() + new Q().v')).text).toBe('3');
    await kernel.run('let x = 10; var f = () => x; const Q = "now a string"; enum E { A = 4 }');
    expect((await kernel.run('[f(), Q, E.A]')).text).toBe("[ 10, 'now a string', 4 ]");
    await kernel.run('class f { static n = 7 } function Q() { return f.n; } var E = 0; const [x] = [E];');
    expect((await kernel.run('[Q(), x]')).text).toBe('[ 7, 0 ]');
  });

  it('keep what the cells before an error set', async () => {
    const failed = await kernel.run('let before = 1; throw new Error("stop"); let after = 2;');
    expect(failed.success).toBe(false);
    expect((await kernel.run('before')).text).toBe('1');
  });

  it('are strict: assigning to what was never declared is an error', async () => {
    expect((await kernel.run('neverDeclared = 1')).error).toMatchObject({ name: 'ReferenceError', line: 1 });
  });
});

describe('values', () => {
  it('await at top level, and only a last expression is shown', async () => {
    expect((await kernel.run('const v = await Promise.resolve(5); v * 2')).text).toBe('10');
    expect((await kernel.run('const w = 3;')).displays).toEqual([]);
    expect((await kernel.run('undefined')).displays).toEqual([]);
    expect((await kernel.run('Promise.resolve(7)')).text).toBe('7');
    expect((await kernel.run('Promise.reject(new Error("no"))')).error).toMatchObject({ message: 'no' });
  });

  it('are results; display() shows more, in order', async () => {
    const { displays } = await kernel.run('await display("first"); await display({ a: 1 }); 3');
    expect(displays.map(({ bundle, isResult }) => [bundle['text/plain'], isResult])).toEqual([
      ["'first'", false],
      ['{ a: 1 }', false],
      ['3', true],
    ]);
  });

  it('show records as a table and escape what they interpolate into HTML', async () => {
    const table = await kernel.run('[{ model: "VAE", nats: 262.125 }, { model: "<b>", nats: 3 }]');
    expect(table.displays[0]!.bundle['text/html']).toContain('<td style="text-align:left">&lt;b&gt;</td>');
    expect(table.text).toContain('VAE    262.125');
    expect((await kernel.run('html`<i>${"<script>"}</i>`')).displays[0]!.bundle['text/html']).toBe(
      '<i>&lt;script&gt;</i>',
    );
  });

  it('show tensors with shape and numbers', async () => {
    const { text } = await kernel.run("import { tf } from 'latentlab'; tf.tensor2d([[1, 2], [3, 4]])");
    expect(text).toBe('Tensor [2, 2] float32\n[[1., 2.],\n [3., 4.]]');
  });

  it('show tensors, models, data and trainings in words inside others too, and on the console', async () => {
    const { text, printed } = await kernel.run(`
      import { Dataset, VAE } from 'latentlab';
      const data = Dataset.from([[1, 2, 3], [4, 5, 6]]);
      const vae = new VAE({ input: 3, hidden: [4], latent: 2, likelihood: 'gaussian', seed: 1 });
      const history = await vae.fit(data, { epochs: 2, batchSize: 2 });
      console.log(vae, data, [history]);
      ({ x: data.tensor(), vae })`);
    const model = 'VAE  3 → 4 → 2 · Gaussian · 64 parameters · trained 2 steps (2 epochs), seed 1';
    expect(text).toBe(`{\n  x: Tensor [2, 3] float32\n  [[1., 2., 3.],\n   [4., 5., 6.]],\n  vae: ${model}\n}`);
    const stdout = printed.map((piece) => piece.text).join('');
    expect(stdout).toContain(`${model} Dataset  2 samples of 3 features · float32, 24 B [`);
    expect(stdout).toMatch(
      /History {2}VAE, 2 latents: data · 2 epochs, 2 steps · total \S+ → \S+ nats per sample · \S+ s\n/,
    );
  });
});

describe('output streams', () => {
  it('arrive in the order they were written, across console and both streams', async () => {
    const { printed } = await kernel.run(
      'console.log("a"); console.error("b"); process.stdout.write("c\\n"); console.log({ d: 1 }); process.stderr.write("e")',
    );
    expect(printed).toEqual([
      { name: 'stdout', text: 'a\n' },
      { name: 'stderr', text: 'b\n' },
      { name: 'stdout', text: 'c\n{ d: 1 }\n' },
      { name: 'stderr', text: 'e' },
    ]);
  });

  it('come before a value that is shown after them', async () => {
    const { id, finished } = kernel.begin('console.log("one"); await display(2); console.log("three")');
    await finished;
    const own = kernel.messages.filter((message) => 'id' in message && message.id === id).map(({ type }) => type);
    expect(own).toEqual(['started', 'stream', 'display', 'stream', 'finished']);
  });

  it('are seen before a long computation, also those close behind each other', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join('');
    const { id, finished } = kernel.begin('for (let i = 0; i < 20; i++) console.log("line " + i); while (true);');
    const seen = () =>
      kernel.messages.flatMap((message) => (message.type === 'stream' && message.id === id ? [message.text] : []));
    await kernel.next('stream', () => seen().join('') === lines);
    kernel.client.interrupt();
    expect((await finished).error!.kind).toBe('interrupt');
  });

  it('keep characters whole that arrive in pieces', async () => {
    const { printed } = await kernel.run(
      'const bytes = Buffer.from("µσ²"); process.stdout.write(bytes.subarray(0, 3)); process.stdout.write(bytes.subarray(3));',
    );
    expect(printed).toEqual([{ name: 'stdout', text: 'µσ²' }]);
  });

  it('include what processes of the cell print', async () => {
    const { id, finished } = kernel.begin(
      'require("node:child_process").execSync("echo from a child", { stdio: "inherit" }); await new Promise(() => {});',
    );
    const { text } = await kernel.next('stream', (message) => message.id === id);
    kernel.client.interrupt();
    await finished;
    expect(text).toBe('from a child\n');
  });

  it('are cut, saying so, when a cell floods them', async () => {
    const { printed, success } = await kernel.run('for (let i = 0; i < 3000; i++) console.log("x".repeat(10_000));');
    const text = printed.map((piece) => piece.text).join('');
    expect(success).toBe(true);
    expect(text.length).toBeLessThan(6e5);
    expect(text).toMatch(/left out here …\n\n[x\n]+$/);
  });
});

describe('order and time', () => {
  it('counts executions and measures them', async () => {
    const first = kernel.begin('1');
    const second = kernel.begin('await new Promise((resolve) => setTimeout(resolve, 30)); 2');
    const ends = await Promise.all([first.finished, second.finished]);
    const starts = await Promise.all([first, second].map(({ id }) => kernel.next('started', (m) => m.id === id)));
    expect(starts[1]!.executionOrder).toBe(starts[0]!.executionOrder + 1);
    expect(starts[1]!.startTime).toBeGreaterThanOrEqual(ends[0].endTime);
    expect(ends[1].duration).toBeGreaterThanOrEqual(29);
  });
});

describe('errors', () => {
  it('name the cell, line and column where they were thrown, through functions of other cells', async () => {
    const definition = kernel.begin('function thrower(a: number): never {\n  throw new TypeError("bad " + a);\n}');
    await definition.finished;
    const cell = definition.cellName;
    const { error } = await kernel.run('const deep = () => thrower(3);\n\n  deep();');
    // Where in the cell that ran, even when a function of another cell threw.
    expect(error).toMatchObject({ kind: 'error', name: 'TypeError', message: 'bad 3', line: 1, column: 20 });
    const [, first, second, third, ...rest] = error!.stack.split('\n');
    expect(first).toBe(`    at thrower (${cell}:2:9)`);
    expect(second).toMatch(/^ {4}at deep \(cell \d+:1:20\)$/);
    expect(third).toMatch(/^ {4}at cell \d+:3:3$/);
    expect(rest).toEqual([]);
  });

  it.each([
    ['globalThis.ranBeforeTheError = 1;\nlet b = ;', 'Expression expected.', 2, 9],
    ['let a = 1;\nlet a = 2;', "Identifier 'a' has already been declared", 2, 5],
    ['  return 5', 'Illegal return statement', 1, 3],
  ])('of syntax show the place and run nothing: %s', async (code, message, line, column) => {
    const { error } = await kernel.run(code);
    expect(error).toMatchObject({ kind: 'syntax', message, line, column });
    expect(error!.stack).toContain('^');
    const { text } = await kernel.run('typeof ranBeforeTheError');
    expect(text).toBe("'undefined'");
  });

  it('can be anything that was thrown, with causes', async () => {
    expect((await kernel.run('throw 5')).error).toMatchObject({ name: 'Thrown', message: '5' });
    const { error } = await kernel.run('throw new Error("outer", { cause: new Error("inner") })');
    expect(error!.stack).toMatch(/outer\n {4}at cell \d+:1:7\n {2}\[cause\]: Error: inner/);
  });

  it.each([
    ['const e = new Error("round"); e.cause = e; throw e', /round/],
    ['const e = new Error("x"); Object.assign(e, { message: () => 1 }); throw e', /=> 1/],
    [
      'throw { [require("node:util").inspect.custom]() { throw new Error("hostile"); } }',
      /nodejs\.util\.inspect\.custom/,
    ],
    ['throw new AggregateError([new Error("one"), new RangeError("two")], "both")', /both/],
  ])('report whatever was thrown, and the kernel goes on: %s', async (code, message) => {
    expect((await kernel.run(`{ ${code} }`)).error!.message).toMatch(message);
    expect((await kernel.run('1 + 1')).text).toBe('2');
  });

  it('call a cell’s variables as the cell does', async () => {
    const { error } = await kernel.run('const process = 3;\nprocess()');
    expect(error).toMatchObject({ message: 'process is not a function', line: 2 });
    expect((await kernel.run('process + 1')).text).toBe('4');
  });

  it('that stand for several show them all', async () => {
    const { error } = await kernel.run('throw new AggregateError([new Error("one"), new RangeError("two")], "both")');
    expect(error!.stack).toMatch(/\[error 1\]: Error: one[^]*\[error 2\]: RangeError: two/);
  });

  it('of forgotten promises and timers are printed and end nothing', async () => {
    const run = await kernel.run(`
      const late = new Promise((resolve) => require('node:process').once('uncaughtExceptionMonitor', resolve));
      setTimeout(() => { throw new Error('late') }, 1);
      Promise.reject(new Error('lost'));
      await late;
      'on'`);
    expect(run.text).toBe("'on'");
    expect(run.printed.map(({ text }) => text).join('')).toMatch(
      /Uncaught \(in promise\) Error: lost[^]*Uncaught Error: late/,
    );
  });
});
