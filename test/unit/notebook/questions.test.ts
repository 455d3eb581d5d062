import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OpenQuestions } from '../../../kernel/openQuestions';
import { createProgress } from '../../../kernel/notebook/terminal/progress';
import { terminalUser } from '../../../kernel/notebook/terminal/questions';
import type { Answer, Ask } from '../../../kernel/protocol';

const CTRL_C = '\x03';
const CTRL_D = '\x04';

/** A stream that says it is a terminal, and what is typed at it when a question has been seen. */
function terminal(isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  let screen = '';
  const watchers: { text: string; seen(): void }[] = [];
  output.on('data', (piece) => {
    screen += String(piece);
    for (const { text, seen } of watchers) if (screen.includes(text)) seen();
  });
  const shows = (text: string) =>
    new Promise<void>((seen) => {
      if (screen.includes(text)) seen();
      else watchers.push({ text, seen });
    });
  const events: string[] = [];
  const ask = terminalUser({
    input,
    output,
    pause: () => events.push('pause'),
    resume: () => events.push('resume'),
    onInterrupt: () => events.push('interrupt'),
  });
  return { ask, input, events, shows };
}

const question = (rest: Partial<Ask>): Ask => ({ type: 'ask', askId: 1, kind: 'text', question: 'Q?', ...rest });

describe('a question at a terminal', () => {
  it.each<[string, Partial<Ask>, string, string | boolean | null]>([
    ['a text', {}, 'Ada\r', 'Ada'],
    ['an empty text', {}, '\r', ''],
    ['a proposal that is kept', { proposal: 'Ada' }, '\r', 'Ada'],
    ['a proposal that is changed', { proposal: 'Ad' }, 'ele\r', 'Adele'],
    ['a text that is cancelled', {}, CTRL_D, null],
    ['a line', { kind: 'line' }, 'x y\r', 'x y'],
    ['a line that is cancelled', { kind: 'line' }, CTRL_D, null],
    ['yes', { kind: 'confirm' }, 'Yes\r', true],
    ['y', { kind: 'confirm' }, 'y\r', true],
    ['no', { kind: 'confirm' }, 'n\r', false],
    ['neither', { kind: 'confirm' }, '\r', false],
    ['a confirmation that is cancelled', { kind: 'confirm' }, CTRL_D, false],
    ['a message', { kind: 'alert' }, '\r', true],
  ])('is answered: %s', async (_what, rest, typed, value) => {
    const { ask, input, shows, events } = terminal();
    const answer = ask(question(rest), new AbortController().signal);
    await shows('Q? ');
    input.write(typed);
    expect(await answer).toBe(value);
    expect(events).toEqual(['pause', 'resume']);
  });

  it('asks again when it has been answered', async () => {
    const { ask, input, shows } = terminal();
    for (const name of ['one', 'two']) {
      const answer = ask(question({ question: `${name}?` }), new AbortController().signal);
      await shows(`${name}? `);
      input.write(`${name}\r`);
      expect(await answer).toBe(name);
    }
  });

  it('names the cell where there is no question', async () => {
    const { ask, input, shows } = terminal();
    const answer = ask(question({ kind: 'line', question: '', cellName: 'cell 3' }), new AbortController().signal);
    await shows('cell 3 asks for a line: ');
    input.write('x\r');
    expect(await answer).toBe('x');
  });

  it('Ctrl-C interrupts, since a terminal that is asked sends no signal', async () => {
    const { ask, input, shows, events } = terminal();
    const answer = ask(question({}), new AbortController().signal);
    await shows('Q? ');
    input.write(CTRL_C);
    expect(await answer).toBeNull();
    expect(events).toEqual(['pause', 'interrupt', 'resume']);
  });

  it('goes away when nobody waits for it', async () => {
    const { ask, shows, events } = terminal();
    const controller = new AbortController();
    const answer = ask(question({}), controller.signal);
    await shows('Q? ');
    controller.abort();
    expect(await answer).toBeNull();
    expect(events).toEqual(['pause', 'resume']);
  });

  it('is an error where there is no terminal', async () => {
    const { ask, events } = terminal(false);
    await expect(ask(question({ cellName: 'cell 3' }), new AbortController().signal)).rejects.toThrow(
      'cell 3 asks the user, and there is no one to ask: standard input is not a terminal.',
    );
    expect(events).toEqual([]);
  });
});

it('progress is silent while the user is asked', () => {
  const lines: string[] = [];
  const progress = createProgress({ write: (text) => lines.push(text) }, 0);
  progress.show({ type: 'cell', name: 'cell 1', index: 0, cells: 2 });
  progress.pause();
  progress.show({ type: 'cell', name: 'cell 2', index: 1, cells: 2 });
  progress.resume();
  progress.show({ type: 'cell', name: 'cell 3', index: 2, cells: 2 });
  expect(lines.map((line) => line.slice(0, 6))).toEqual(['cell 1', 'cell 3']);
});

it('questions wait for each other, and one that is withdrawn lets the next one through', async () => {
  const asked: number[] = [];
  const answers: Answer[] = [];
  let answered!: () => void;
  const over = new Promise<void>((resolve) => (answered = resolve));
  // The first is never answered.
  const user = ({ askId }: Ask) => {
    asked.push(askId);
    return askId === 1 ? new Promise<never>(() => {}) : Promise.resolve(`to ${askId}`);
  };
  const open = new OpenQuestions(user, (answer) => {
    answers.push(answer);
    if (answer.askId === 4) answered();
  });
  for (const askId of [1, 2, 3, 4]) open.receive(question({ askId }));
  open.receive({ type: 'withdrawn', askId: 3 });
  await new Promise(setImmediate);
  expect(asked).toEqual([1]);
  open.receive({ type: 'withdrawn', askId: 1 });
  await over;
  expect(asked).toEqual([1, 2, 4]);
  expect(answers).toEqual([
    { askId: 2, value: 'to 2' },
    { askId: 4, value: 'to 4' },
  ]);
});
