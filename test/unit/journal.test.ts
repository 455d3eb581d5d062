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
