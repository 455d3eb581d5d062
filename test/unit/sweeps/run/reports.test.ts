import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReports, RUN_FILES } from '../../../../kernel/sweeps/results';
import type { Report } from '../../../../kernel/sweeps/results';
import { Reports } from '../../../../kernel/sweeps/run/reports';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const report = (training: number | null, step: number | null, values: Report['values']): Report => ({
  ...{ time: '2026-01-01T00:00:00.000Z', training, step, epoch: null, values },
});
const values = async () =>
  (await readReports(join(folder, RUN_FILES.reports), null, [])).map((one) => Object.values(one.values)[0]);

describe('the reports of a run', () => {
  it('of one name at one step of a training all stand, and the last one counts', async () => {
    const reports = await Reports.begin(folder);
    for (const score of [1, 2, 3]) reports.add(report(1, 10, { score }));
    expect(reports.last).toEqual({ score: 3 });
    expect(reports.count('score')).toBe(3);
    expect(await values()).toEqual([1, 2, 3]);
  });

  it('that a training says once more where it resumes stand once', async () => {
    const first = await Reports.begin(folder);
    for (const [step, score] of [[10, 1], [20, 2], [20, 3], [30, 4]] as const) first.add(report(1, step, { score })); // prettier-ignore

    const second = await Reports.begin(folder);
    second.resumed(1, 20);
    for (const [step, score] of [[20, 2], [20, 3], [20, 5], [30, 4]] as const) second.add(report(1, step, { score })); // prettier-ignore
    second.end();
    expect(await values()).toEqual([1, 2, 3, 5, 4]);
    expect(second.count('score')).toBe(5);
  });
});
