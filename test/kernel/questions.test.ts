/** Cells that ask the user, in a real kernel, with a user who answers, cancels, interrupts, or is not there. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ask } from '../../kernel/protocol';
import { KernelUnderTest } from './kernelUnderTest';

/** Answers in turn; a question beyond them stays open until it is withdrawn. */
class User {
  readonly asked: Ask[] = [];
  readonly withdrawn: number[] = [];
  answers: (string | boolean | null)[] = [];
  private seen: (() => void)[] = [];

  readonly ask = (question: Ask, signal: AbortSignal): Promise<string | boolean | null> => {
    this.asked.push(question);
    for (const see of this.seen.splice(0)) see();
    signal.addEventListener('abort', () => this.withdrawn.push(question.askId));
    const answer = this.answers.shift();
    return answer === undefined ? new Promise(() => {}) : Promise.resolve(answer);
  };

  /** Settles when there is a question. */
  async isAsked(): Promise<void> {
    if (this.asked.length === 0) await new Promise<void>((resolve) => this.seen.push(resolve));
  }

  reset(): void {
    this.asked.length = this.withdrawn.length = this.answers.length = 0;
  }
}

const READLINE = "import * as readline from 'node:readline/promises';";

describe('a user who answers', () => {
  const user = new User();
  let kernel: KernelUnderTest;
  beforeAll(async () => (kernel = await KernelUnderTest.start({ ask: user.ask })));
  afterAll(() => kernel.stop());
  beforeEach(() => user.reset());

  const run = (code: string, ...answers: (string | boolean | null)[]) => {
    user.answers = answers;
    return kernel.run(code);
  };

  it('prompt() waits and gives the answer, which stands behind its question', async () => {
    const { text, printed, error } = await run("prompt('Your name?', 'Ada')", 'Grace Ünïcode 🦄');
    expect(error).toBeUndefined();
    expect(text).toBe("'Grace Ünïcode 🦄'");
    expect(printed).toEqual([{ name: 'stdout', text: 'Your name? Grace Ünïcode 🦄\n' }]);
    expect(user.asked).toMatchObject([
      {
        kind: 'text',
        question: 'Your name?',
        proposal: 'Ada',
        cellName: expect.stringMatching(/^cell \d+$/) as string,
      },
    ]);
  });

  it.each([
    ["prompt('Name?')", null, 'null'],
    ["prompt('Name?')", '', "''"],
    ["confirm('Sure?')", true, 'true'],
    ["confirm('Sure?')", false, 'false'],
    ["confirm('Sure?')", null, 'false'],
    ["alert('Look!')", true, undefined],
    ["alert('Look!')", null, undefined],
    ['prompt()', 'x', "'x'"],
  ])('%s answered by %j is %s', async (code, answer, text) => {
    const { success, ...ran } = await run(code, answer);
    expect(success).toBe(true);
    expect(ran.text).toBe(text);
  });

  it('asks one question after the other in a synchronous loop, and a long answer arrives whole', async () => {
    const long = 'ab'.repeat(200_000);
    const { text } = await run(
      'const got = []; for (let i = 0; i < 3; i++) got.push(prompt(`${i}`)!.length); got',
      'a',
      long,
      '',
    );
    expect(text).toBe(`[ 1, ${long.length}, 0 ]`);
    expect(user.asked.map(({ question }) => question)).toEqual(['0', '1', '2']);
  });

  it('shows what came before a question before the answer is given, however much it is', async () => {
    kernel.forget();
    const { finished } = kernel.begin(
      "for (let i = 0; i < 4; i++) await display(markdown('x'.repeat(1_000_000))); prompt('Class?')",
    );
    await user.isAsked();
    const shown = kernel.messages.filter(({ type }) => type === 'display').length;
    kernel.client.interrupt();
    await finished;
    expect(shown).toBe(4);
  });

  it('says everything once and in order when a question overtakes the channel', async () => {
    const { printed } = await run(
      "for (let i = 0; i < 3; i++) { for (let j = 0; j < 4e3; j++) console.log(`${i} ${j} ..........`); prompt('go?'); }",
      'a',
      'b',
      'c',
    );
    const lines = (i: number) => Array.from({ length: 4e3 }, (_, j) => `${i} ${j} ..........\n`).join('');
    expect(printed).toEqual([{ name: 'stdout', text: `${lines(0)}go? a\n${lines(1)}go? b\n${lines(2)}go? c\n` }]);
  });

  it.each([
    [
      `${READLINE} import { stdin as input, stdout as output } from 'node:process';
      const rl = readline.createInterface({ input, output }); const name = await rl.question('Name? '); rl.close(); name`,
    ],
    [
      `import readline from 'node:readline';
      const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
      const name = await new Promise((resolve) => rl.question('Name? ', resolve)); rl.close(); name`,
    ],
    [
      `import readline from 'node:readline'; import { promisify } from 'node:util';
      const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
      const name = await promisify(rl.question).bind(rl)('Name? '); rl.close(); name`,
    ],
    // The interface is left open.
    [
      `${READLINE} const open = readline.createInterface({ input: process.stdin, output: process.stdout });
      await open.question('Name? ')`,
    ],
  ])('readline asks: %s', async (code) => {
    const { text, printed, error } = await run(code, 'Ada');
    expect(error).toBeUndefined();
    expect(text).toBe("'Ada'");
    expect(printed).toEqual([{ name: 'stdout', text: 'Name? Ada\n' }]);
    // Another cell that reads nothing asks nothing.
    await kernel.run('for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)');
    expect(user.asked).toMatchObject([{ kind: 'line', question: 'Name? ' }]);
  });

  it('an interface asks again and again, also in a later cell', async () => {
    await run(`${READLINE} let kept = readline.createInterface({ input: process.stdin, output: process.stdout });`);
    const { text } = await run("[await kept.question('a? '), await kept.question('b? ')]", '1', '2');
    expect(text).toBe("[ '1', '2' ]");
    expect(user.asked.map(({ question }) => question)).toEqual(['a? ', 'b? ']);
    await run('kept.close()');
  });

  it('for await reads lines until the input is closed, and again in the next run', async () => {
    const code = `import readline from 'node:readline';
      const lines = []; for await (const line of readline.createInterface({ input: process.stdin })) lines.push(line); lines`;
    expect((await run(code, 'one', '', 'three', null)).text).toBe("[ 'one', '', 'three' ]");
    expect((await run(code, 'again', null)).text).toBe("[ 'again' ]");
  });

  it.each([
    ['for await (const chunk of process.stdin) text += chunk; text', ['a', 'b', null], "'a\\nb\\n'"],
    ['for await (const chunk of process.stdin) { text += chunk; break; } text', ['a'], "'a\\n'"],
    [
      'for (const _ of [1, 2]) for await (const chunk of process.stdin) { text += chunk; break; } text',
      ['a', 'b'],
      "'a\\nb\\n'",
    ],
    [
      "await new Promise((resolve) => process.stdin.setEncoding('utf8').on('data', (d) => (text += d)).on('end', resolve)); text",
      ['x', null],
      "'x\\n'",
    ],
    [
      "text = await new Promise((resolve) => process.stdin.once('data', (d) => { process.stdin.pause(); resolve(String(d)); })); text",
      ['y'],
      "'y\\n'",
    ],
  ])('process.stdin is read: %s', async (code, answers, text) => {
    const ran = await run(`let text = ''; ${code}`, ...answers);
    expect(ran.error).toBeUndefined();
    expect(ran.text).toBe(text);
    expect(user.asked).toHaveLength(answers.length);
  });

  it.each([
    [`${READLINE} await readline.createInterface({ input: process.stdin, output: process.stdout }).question('Q? ')`],
    [
      `import readline from 'node:readline';
      await new Promise((r) => readline.createInterface({ input: process.stdin, output: process.stdout }).question('Q? ', r))`,
    ],
  ])('a question that is closed ends its cell with an error: %s', async (code) => {
    const { error } = await run(code, null);
    expect(error?.message).toBe('The input was closed before the question was answered.');
    expect((await run("prompt('still there?')", 'yes')).text).toBe("'yes'");
  });

  it('a question that readline gives up goes away', async () => {
    const { finished } =
      kernel.begin(`${READLINE} const short = readline.createInterface({ input: process.stdin, output: process.stdout });
      const patience = new AbortController();
      setInterval(() => require('node:fs').existsSync('asked') && patience.abort(), 5).unref();
      await short.question('Quick! ', { signal: patience.signal })`);
    await user.isAsked();
    kernel.write('asked', '');
    const { error } = await finished;
    expect(error?.name).toBe('AbortError');
    await kernel.next('withdrawn', ({ askId }) => askId === user.asked[0]!.askId);
    expect(user.withdrawn).toEqual([user.asked[0]!.askId]);
  });

  it('two questions at once come one after the other', async () => {
    const { text } = await run(
      `${READLINE} const both = readline.createInterface({ input: process.stdin, output: process.stdout });
       const line = both.question('line? '); for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate); const text = prompt('text?'); [await line, text]`,
      'first',
      'second',
    );
    expect(text).toBe("[ 'first', 'second' ]");
  });

  it.each([
    ["prompt('Q?')"],
    ["confirm('Q?')"],
    ["alert('Q?')"],
    ["while (true) { try { prompt('Q?'); } catch {} }"],
    [`${READLINE} await readline.createInterface({ input: process.stdin, output: process.stdout }).question('Q?')`],
    ['for await (const chunk of process.stdin) {}'],
    ["await new Promise((r) => setTimeout(() => r(prompt('Q?')), 1))"],
  ])('an interrupt ends the wait and the question: %s', async (code) => {
    await run('let kept = 41');
    const { finished } = kernel.begin(code);
    await user.isAsked();
    kernel.client.interrupt();
    const { error } = await finished;
    expect(error?.kind).toBe('interrupt');
    await kernel.next('withdrawn', ({ askId }) => askId === user.asked[0]!.askId);
    expect(user.withdrawn).toContain(user.asked[0]!.askId);
    const after = await run("kept + Number(prompt('after'))", '1');
    expect(after.text).toBe('42');
  });
});

it('a kernel that ends takes its question back: asked to, killed, and by itself', async () => {
  const ends: ((kernel: KernelUnderTest) => unknown)[] = [
    ({ client }) => client.shutdown(60_000),
    ({ client }) => client.kill(),
    ({ client }) => process.kill(client.pid!, 'SIGKILL'),
  ];
  for (const end of ends) {
    const user = new User();
    const kernel = await KernelUnderTest.start({ ask: user.ask });
    const { finished } = kernel.begin("prompt('Q?')");
    await user.isAsked();
    void end(kernel);
    await kernel.client.exited;
    await finished;
    expect(user.withdrawn).toEqual([1]);
    await kernel.stop();
  }
});

describe('nobody to ask', () => {
  let kernel: KernelUnderTest;
  beforeAll(async () => (kernel = await KernelUnderTest.start()));
  afterAll(() => kernel.stop());

  it.each([
    ["prompt('Q?')"],
    ["confirm('Q?')"],
    ["alert('Q?')"],
    [`${READLINE} await readline.createInterface({ input: process.stdin, output: process.stdout }).question('Q?')`],
    [
      `import readline from 'node:readline'; for await (const line of readline.createInterface({ input: process.stdin })) line`,
    ],
    [
      "import readline from 'node:readline'; await new Promise((r) => readline.createInterface({ input: process.stdin }).question('Q?', r))",
    ],
    ["await new Promise((resolve) => process.stdin.on('data', resolve))"],
  ])('is an error that says so: %s', async (code) => {
    const { error } = await kernel.run(code);
    expect(error).toMatchObject({ name: 'NobodyToAsk', message: 'There is no one to ask here.', kind: 'error' });
  });
});
