import { describe, expect, it } from 'vitest';
import type { CodeCell } from '../../../kernel/notebook/format';
import { OutputAssembler } from '../../../kernel/notebook/outputs';
import { bundle, codebookHistogram, MIME } from '../../../kernel/views/index';
import type { Display } from '../../../kernel/protocol';

const emptyCell = (): CodeCell => ({
  cell_type: 'code',
  metadata: {},
  source: '',
  execution_count: 9,
  outputs: [{ output_type: 'error', ename: '', evalue: '', traceback: [] }],
});

function assembling() {
  const cell = emptyCell();
  const outputs = new OutputAssembler();
  outputs.start('a', cell);
  outputs.started({ type: 'started', id: 'a', executionOrder: 4, startTime: 0 });
  const print = (text: string, name: 'stdout' | 'stderr' = 'stdout', id: string | undefined = 'a') =>
    outputs.stream({ type: 'stream', id, name, text });
  const show = (displayId: string, value: Display['bundle'], more: Partial<Display> = {}) =>
    outputs.display({ type: 'display', id: 'a', displayId, update: false, isResult: false, bundle: value, ...more });
  return { cell, outputs, print, show };
}

describe('outputs of a cell', () => {
  it('begin empty, with the new execution count', () => {
    const { cell } = assembling();
    expect(cell).toMatchObject({ execution_count: 4, outputs: [] });
  });

  it('join pieces of one stream that follow each other, as lines', () => {
    const { cell, print } = assembling();
    print('one\ntw');
    print('o');
    print('\n\nthree');
    print('!', 'stderr');
    print('four');
    expect(cell.outputs).toEqual([
      { name: 'stdout', output_type: 'stream', text: ['one\n', 'two\n', '\n', 'three'] },
      { name: 'stderr', output_type: 'stream', text: ['!'] },
      { name: 'stdout', output_type: 'stream', text: ['four'] },
    ]);
  });

  it('take 100,000 small pieces', () => {
    const { cell, print } = assembling();
    for (let i = 0; i < 100_000; i++) print(i % 10 === 9 ? '.\n' : '.');
    expect(cell.outputs[0]).toHaveProperty('text.length', 10_000);
  });

  it('get what is printed between cells', () => {
    const { cell, outputs } = assembling();
    outputs.stream({ type: 'stream', name: 'stdout', text: 'late' });
    expect(cell.outputs).toEqual([{ name: 'stdout', output_type: 'stream', text: ['late'] }]);
  });

  it('hold texts as lines, images as base64, JSON as objects, in alphabetical order', () => {
    const { cell, show } = assembling();
    show('d', {
      'text/plain': 'a\nb',
      'image/png': 'AAAA',
      'image/svg+xml': '<svg>\n</svg>',
      'application/vnd.x+json': { z: ['a\nb'] },
      'application/json': 'text',
    });
    expect(cell.outputs).toEqual([
      {
        data: {
          'application/json': 'text',
          'application/vnd.x+json': { z: ['a\nb'] },
          'image/png': 'AAAA',
          'image/svg+xml': ['<svg>\n', '</svg>'],
          'text/plain': ['a\n', 'b'],
        },
        metadata: {},
        output_type: 'display_data',
      },
    ]);
    expect(Object.keys((cell.outputs[0] as { data: object }).data)[0]).toBe('application/json');
  });

  it('tell the value of the last expression from what was displayed', () => {
    const { cell, show } = assembling();
    show('d', { 'text/plain': '2' }, { isResult: true });
    expect(cell.outputs).toEqual([
      { data: { 'text/plain': ['2'] }, execution_count: 4, metadata: {}, output_type: 'execute_result' },
    ]);
  });

  it('are replaced in place by an update, also from a later cell, and keep no trace of the display id', () => {
    const { cell, outputs, show, print } = assembling();
    show('first', { 'text/plain': '0 %' });
    print('between');
    const later = emptyCell();
    outputs.start('b', later);
    show('first', { 'text/plain': '100 %' }, { id: 'b', update: true });
    show('unknown', { 'text/plain': 'nothing' }, { id: 'b', update: true });
    expect(cell.outputs[0]).toEqual({ data: { 'text/plain': ['100 %'] }, metadata: {}, output_type: 'display_data' });
    expect(later.outputs).toEqual([]);
    expect(JSON.stringify(cell)).not.toContain('first');
  });

  it('end with the error', () => {
    const { cell, outputs } = assembling();
    const stack = 'TypeError: no\n    at cell 2:1:7';
    outputs.error('a', { name: 'TypeError', message: 'no', stack, kind: 'error' });
    expect(cell.outputs).toEqual([
      { ename: 'TypeError', evalue: 'no', output_type: 'error', traceback: ['TypeError: no', '    at cell 2:1:7'] },
    ]);
  });

  it('take pictures that are cut off or none', () => {
    const whole = bundle(MIME.codebookHistogram, codebookHistogram({ id: 'v', counts: [3, 1], window: '4 codes' }));
    const png = Buffer.from(whole['image/png'] as string, 'base64');
    const cut = Array.from({ length: 100 }, (_, bytes) => png.subarray(0, bytes).toString('base64'));
    const { cell, show } = assembling();
    for (const picture of [...cut, 'no base64!', 5]) show(String(picture), { 'image/png': picture });
    expect(cell.outputs).toHaveLength(102);
  });

  it('give our pictures their physical size, so that Jupyter shows them sharp', () => {
    const { cell, show } = assembling();
    show('v', bundle(MIME.codebookHistogram, codebookHistogram({ id: 'v', counts: [3, 1], window: '4 codes' })));
    const output = cell.outputs[0] as { data: Record<string, string>; metadata: unknown };
    const png = Buffer.from(output.data['image/png']!, 'base64');
    // Two pixels for each of CSS, in the file's header (PNG, section 11.2.2).
    const [width, height] = [png.readUInt32BE(16) / 2, png.readUInt32BE(20) / 2];
    expect(output.metadata).toEqual({ 'image/png': { width, height } });
  });
});
