import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweepRuns } from '../../../kernel/selection/sweepRuns';
import { runFolder, writeRecord } from '../../../kernel/sweeps/results';
import { leaveSweep, recordOf } from '../session/show/sweeps/sweepFolder';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'll-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the runs of a sweep as records', () => {
  it('keep parameters and metrics whose names are those of a run’s own fields', async () => {
    leaveSweep(folder, 1);
    const record = {
      ...recordOf(1, 0.5, 1),
      parameters: { beta: 0.5, seconds: 30, state: 4 },
      metrics: { beta: 2, run: 9 },
    };
    writeRecord(runFolder(folder, 1), record);
    expect(await sweepRuns(folder)).toEqual([
      {
        ...{ run: 1, state: 'done', seed: 1, seconds: 12.5, beta: 0.5 },
        ...{ 'parameters.seconds': 30, 'parameters.state': 4, 'metrics.beta': 2, 'metrics.run': 9 },
      },
    ]);
  });
});
