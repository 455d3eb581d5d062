import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isCode } from '../../../kernel/notebook/format';
import type { CodeCell, Notebook, Output } from '../../../kernel/notebook/format';
import { fitInto } from '../../../kernel/notebook/saved/room';
import { differences, saidBy } from '../../../kernel/notebook/saved/said';
import { savedShort } from '../../../kernel/notebook/saved/samples';
import { codeDigest, settle } from '../../../kernel/notebook/saved/settle';
import { formatNotebook } from '../../../kernel/notebook/write';
import { bundle, derivationChecks, MIME } from '../../../kernel/views/index';
import { smallerPng } from '../../../kernel/views/png/smaller';
import type { CheckInput } from '../../../kernel/views/index';

const stream = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });
const display = (data: Record<string, unknown>): Output => ({ output_type: 'display_data', data, metadata: {} });

function cell(source: string, ...outputs: Output[]): CodeCell {
  const metadata = { execution: { 'iopub.execute_input': '2026-11-29T12:00:00Z' } };
  return { cell_type: 'code', metadata, source, execution_count: 1, outputs };
}

const notebookOf = (...cells: CodeCell[]): Notebook => ({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

function said(text: string) {
  return saidBy(cell('', stream(text)));
}

function checked(row: Partial<CheckInput>) {
  const side = (value: number) => ({ value, standardError: 0, code: '' });
  const whole: CheckInput = {
    identity: 'a = b',
    left: side(1),
    right: side(1),
    relation: '=',
    tolerance: 1e-5,
    holds: true,
    seed: 0,
    ...row,
  };
  return saidBy(cell('', display({ [MIME.derivationChecks]: derivationChecks({ id: 'c', rows: [whole] }) })));
}

describe('a notebook as it is committed', () => {
  it('lacks times, device and addresses of the run, and is the same for another run', () => {
    const note = (seconds: number) =>
      `Last epoch: active units 10; ${Math.round(1000 * seconds).toLocaleString('en-US')} samples a second; 60 tensors; at most 388 MiB of memory.`;
    const run = (id: string, seconds: number, day: string) => {
      const notebook = notebookOf(
        cell('1', display({ view: { id, progress: { secondsElapsed: seconds, step: 3 }, notes: [note(seconds)] } })),
        cell('2', display({ view: { rows: [{ place: { viewId: id, document: `vscode:${day}`, line: 2 } }] } })),
        cell('3', stream(`/work/tree/samples/a.csv and ${homedir()}/b.csv\n`)),
      );
      notebook.metadata = { kernelspec: { name: 'latentlab' }, latentlab: { finished: day, device: 'cuda' } };
      settle(notebook, { name: 'vae', root: '/work/tree' });
      return notebook;
    };
    const first = run('0b1f3c1e-7a3e-4c2e-9a53-b5a3b8f7a001', 2.3, '2026-11-29');
    expect(run('77a0d3aa-1111-4c2e-9a53-b5a3b8f7a002', 7.9, '2027-01-01')).toEqual(first);
    expect(first.metadata).toEqual({ kernelspec: { name: 'latentlab' } });
    const [one, two, three] = first.cells.filter(isCode);
    expect(one!.metadata).toEqual({});
    const [view, row] = [one!, two!].map(({ outputs }) => JSON.stringify(outputs));
    const id = /"id":"([0-9a-f-]{36})"/.exec(view!)![1];
    expect(view).toContain('"step":3');
    expect(view).toContain('"Last epoch: active units 10."');
    expect(row).toContain(`"viewId":"${id}"`);
    expect(three!.outputs).toEqual([stream('./samples/a.csv and ~/b.csv\n')]);
  });

  it('has a digest of its code alone', () => {
    const code = ['const a = 1;\n', 'a'];
    const lines: CodeCell = { ...cell(''), source: code };
    expect(codeDigest([lines])).toBe(codeDigest([cell(code.join(''), stream('other'))]));
    expect(codeDigest([lines])).not.toBe(codeDigest([cell('const a = 2;\na')]));
  });
});

describe('two runs say the same', () => {
  it('when words are equal and numbers near', () => {
    expect(
      differences(said('loss fell from 630.8\n  to 267.5 nats'), said('loss fell from 641.0 to 270 nats')),
    ).toEqual([]);
    expect(differences(said('│ a │ 1.00 │\n├────┤'), said('│ a  │ 1.01 │\n├─────┤'))).toEqual([]);
    expect(differences(said('2.1 × 10⁻⁷'), said('−3 × 10⁻⁸'))).toEqual([]);
    expect(differences(said('1,234 images'), said('1234 images'))).toEqual([]);
  });

  it.each([
    ['number', 'total 267.5 nats', 'total 300.1 nats', /267\.5 was saved, but now it is 300\.1/],
    ['sign', 'gap 1', 'gap -1', /1 was saved, but now it is -1/],
    ['power', '2 × 10³', '2 × 10⁵', /2000 was saved, but now it is 200000/],
    ['word', 'all 3 hold.', 'all 3 fail.', /hold.*fail/],
    ['number more', 'codes 3', 'codes 3 4', /codes/],
  ])('but not with another %s', (_, before, now, message) => {
    expect(differences(said(before), said(now)).join('\n')).toMatch(message);
  });

  it('in checks: one claim, one verdict, both sides near; differences are rounding', () => {
    const side = (value: number) => ({ value, standardError: 0, code: '' });
    expect(differences(checked({ right: side(1 + 1e-9) }), checked({ right: side(1 - 1e-7) }))).toEqual([]);
    expect(differences(checked({}), checked({ holds: false }))[0]).toMatch(/holds was true, is false/);
    expect(differences(checked({}), checked({ identity: 'a = c' }))[0]).toMatch(/identityText/);
    expect(differences(checked({}), checked({ left: side(1.2) }))[0]).toMatch(/left side was 1, is 1\.2/);
    expect(differences(checked({ tolerance: 0.5 }), checked({ left: side(1.2) }))).toEqual([]);
    expect(differences(checked({ left: side(NaN) }), checked({}))[0]).toMatch(/was null/);
  });

  it('when they have as many outputs', () => {
    expect(differences(said('a'), [])).toEqual(['1 outputs were saved, now there are 0']);
    expect(differences(said('a'), checked({}))[0]).toMatch(/saved: a; now: 1 checks/);
  });
});

describe('what is saved of a short run', () => {
  it('says for each cell whether the full run says the same', () => {
    const full = notebookOf(cell('closed', stream('2.000')), cell('trained', stream('loss 9')));
    const short = notebookOf(cell('closed', stream('2.001')), cell('trained', stream('loss 90')));
    expect(savedShort(full, short).cells.map(({ isFull }) => isFull)).toEqual([true, false]);
  });
});

describe('a notebook with too many bytes', () => {
  const picture = (base64: string, width = 100): Output => ({
    output_type: 'display_data',
    data: { 'image/png': base64 },
    metadata: { 'image/png': { width, height: 50 } },
  });
  const [large, small] = ['x'.repeat(8000), 'y'.repeat(4000)];

  it('has its largest pictures made smaller, no more of them than it takes', async () => {
    const notebook = notebookOf(cell('a', picture(small)), cell('b', picture(large, 300)));
    const asked: number[] = [];
    const shrink = (_: Buffer, { width }: { width: number }) => {
      asked.push(width);
      return Promise.resolve(Buffer.alloc(900));
    };
    await fitInto(notebook, 8000, shrink);
    expect(asked).toEqual([300]);
    expect(formatNotebook(notebook).length).toBeLessThan(8000);
    expect(JSON.stringify(notebook)).toContain(small);
    await fitInto(notebook, 8000, shrink);
    expect(asked).toEqual([300]);
  });

  it('keeps the physical size of a picture that is drawn in fewer pixels', async () => {
    const rows = Array.from({ length: 6 }, () => ({
      identity: 'a = b',
      ...{ left: { value: 1, standardError: 0, code: '' }, right: { value: 1, standardError: 0, code: '' } },
      ...{ relation: '=' as const, tolerance: 1e-5, holds: true, seed: 0 },
    }));
    const png = Buffer.from(
      bundle(MIME.derivationChecks, derivationChecks({ id: 'c', rows }))['image/png'] as string,
      'base64',
    );
    const [width, height] = [png.readUInt32BE(16) / 2, png.readUInt32BE(20) / 2];
    const smaller = await smallerPng(png, { width, height });
    expect([smaller.readUInt32BE(16), smaller.readUInt32BE(20)]).toEqual([width, height]);
    expect(smaller.length).toBeLessThan(0.7 * png.length);
  });
});
