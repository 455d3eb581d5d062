import { describe, expect, it } from 'vitest';
import { Journal } from '../../kernel/keeping/journal';
import type { Stream } from '../../kernel/protocol';

describe('what a host that comes later hears of a very long stream', () => {
  it('is its beginning, and the last of its ends', () => {
    const journal = new Journal();
    journal.posted({ type: 'execute', id: 'a', cellName: 'cell 1', language: 'typescript', code: '' });
    const said: Stream[] = [
      { type: 'stream', id: 'a', name: 'stdout', text: 'first ' },
      { type: 'stream', id: 'a', name: 'stdout', text: 'lines' },
      { type: 'stream', id: 'a', name: 'stdout', text: 'an end', end: { file: 'f' } },
      { type: 'stream', id: 'a', name: 'stderr', text: 'a warning' },
      { type: 'stream', id: 'a', name: 'stdout', text: 'the end', end: { file: 'f' } },
    ];
    for (const message of said) journal.receive(message, false);
    const [run] = journal.tell().runs;
    expect(
      run!.outputs.map((output) => (output.type === 'stream' ? [output.name, output.text, output.end] : [])),
    ).toEqual([
      ['stdout', 'first lines', undefined],
      ['stdout', 'the end', { file: 'f' }],
      ['stderr', 'a warning', undefined],
    ]);
  });
});

describe('what is missed', () => {
  const execute = (id: string) =>
    ({ type: 'execute', id, cellName: `cell ${id}`, language: 'typescript', code: '' }) as const;
  const finished = (id: string) => ({ type: 'finished', id, success: true, duration: 0, endTime: 0 }) as const;
  const print = (id: string, text: string): Stream => ({ type: 'stream', id, name: 'stdout', text });

  it('is a cell whose end a host was sent, until that host shows it', () => {
    const journal = new Journal();
    journal.posted(execute('1'));
    journal.receive(print('1', 'on'), true);
    expect(journal.hasNews).toBe(false);
    journal.receive(finished('1'), true);
    expect(journal.hasNews).toBe(true);
    journal.heard();
    expect(journal.tell().runs).toMatchObject([{ missed: true }]);
    journal.shown('1');
    expect([journal.hasNews, journal.tell().runs[0]!.missed]).toEqual([false, false]);
  });

  it('is no output that was too large to be kept and was shown', () => {
    const journal = new Journal(4);
    for (const id of ['1', '2']) {
      journal.posted(execute(id));
      journal.receive(print(id, 'too large'), true);
      journal.receive(finished(id), true);
    }
    expect(journal.tell().lost).toEqual(['cell 1', 'cell 2']);
    journal.shown('1');
    expect(journal.tell().lost).toEqual(['cell 2']);
  });
});
