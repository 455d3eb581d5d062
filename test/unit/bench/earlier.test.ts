import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { earlierRows } from '../../../kernel/bench/earlier';
import { spread } from '../../../kernel/bench/rows';
import { sweepRowSchema } from '../../../kernel/bench/sweeps/workloads';
import { viewRowSchema } from '../../../kernel/bench/views/rows';
import { UsageError } from '../../../kernel/commandLineArguments';

const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-earlier-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pool = { workload: 'sweep-pool', engine: 'pool', device: 'CPU', unit: 's', ...spread([92, 93]) };
const pan = { workload: 'scatter-1m-pan', engine: 'latentlab', device: 'Chromium', unit: 'ms/frame', ...spread([66]) };

function fileWith(text: string): string {
  const file = path.join(folder, 'rows.json');
  writeFileSync(file, text);
  return file;
}

describe('rows of an earlier run', () => {
  it('are read as they were written', () => {
    expect(earlierRows(fileWith(JSON.stringify([pool])), sweepRowSchema)).toEqual([pool]);
    expect(earlierRows(fileWith(JSON.stringify([pan])), viewRowSchema)).toEqual([pan]);
    expect(earlierRows(undefined, sweepRowSchema)).toEqual([]);
  });

  it.each([
    [
      'rows of another bench',
      JSON.stringify([pool, pan]),
      /expected the rows that --json of this bench.*\(row 2, workload\)/,
    ],
    ['a time of zero', JSON.stringify([{ ...pool, median: 0 }]), /\(row 1, median\)/],
    ['no rows', '{}', /expected array/],
    ['no JSON', '# Many runs', /cannot be read/],
  ])('are refused where the file has %s', (_what, text, message) => {
    const file = fileWith(text);
    expect(() => earlierRows(file, sweepRowSchema)).toThrow(UsageError);
    expect(() => earlierRows(file, sweepRowSchema)).toThrow(message);
  });

  it('are refused where there is no file', () => {
    expect(() => earlierRows(path.join(folder, 'none.json'), sweepRowSchema)).toThrow(
      /none\.json cannot be read: ENOENT/,
    );
  });
});
