import { appendFileSync, mkdtempSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appendReports,
  FORMAT_VERSION,
  plannedRecord,
  readSweep,
  RUN_FILES,
  runFolder,
  SWEEP_FORMAT,
  SweepFolderError,
  writeCurves,
  writeRecord,
  writeSweep,
} from '../../../kernel/sweeps/results';
import type { Report, Sweep, TrainingCurves } from '../../../kernel/sweeps/results';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sweep: Sweep = {
  ...{ format: SWEEP_FORMAT, version: FORMAT_VERSION, name: 'beta', created: '2026-01-01T00:00:00.000Z' },
  ...{ file: '/work/beta.json', notebook: '/work/beta.ipynb', digest: 'abc', device: 'auto', given: {} },
  declared: [{ name: 'beta', type: 'number', value: 1, isSwept: true }],
  metrics: [{ name: 'mig', goal: 'max' }],
  runs: [1, 2, 3].map((index) => ({ index, parameters: { beta: index }, seed: 0 })),
};

const report: Report = {
  ...{ time: '2026-01-01T00:00:00.000Z', training: 1, step: 10, epoch: 1 },
  values: { mig: 0.25, broken: NaN },
};

const training: TrainingCurves = {
  ...{ index: 1, model: 'VAE', title: 'VAE', unit: 'nats', state: 'done', stepsPerEpoch: 5, step: 10, totalSteps: 10 },
  ...{ epochs: 2, before: { steps: 0, epochs: 0 }, seconds: 1.5, schedules: [] },
  series: [{ name: 'total', split: 'train', steps: [1, 2], values: [3.5, 2.5] }],
};

function record(index: number) {
  return plannedRecord(sweep.runs[index - 1]!, sweep.digest);
}

describe('a sweep’s folder', () => {
  it('is read as it was written; runs that have not begun wait', async () => {
    writeSweep(folder, sweep, '{}');
    const run = { ...record(1), state: 'done' as const, metrics: { mig: 0.25, broken: Infinity } };
    writeRecord(runFolder(folder, 1), run);
    writeCurves(runFolder(folder, 1), [training]);
    appendReports(runFolder(folder, 1), [report]);

    const { sweep: read, runs, damages } = await readSweep(folder);

    expect(damages).toEqual([]);
    expect(read).toEqual(sweep);
    expect(runs.map(({ record }) => record.state)).toEqual(['done', 'waiting', 'waiting']);
    expect(runs[0]!.record).toEqual({ ...run, metrics: { mig: 0.25, broken: null } });
    expect(runs[0]!.curves).toEqual([training]);
    expect(runs[0]!.reports).toEqual([{ ...report, values: { mig: 0.25, broken: null } }]);
    expect(runs[2]!.record.parameters).toEqual({ beta: 3 });
  });

  it('names what is damaged, and reads the rest', async () => {
    writeSweep(folder, sweep, '{}');
    for (const index of [1, 2, 3]) writeRecord(runFolder(folder, index), record(index));
    const at = (index: number, name: string) => join(runFolder(folder, index), name);
    const text = readFileSync(at(1, RUN_FILES.record), 'utf8');
    writeFileSync(at(1, RUN_FILES.record), text.slice(0, text.length / 2));
    writeFileSync(at(2, RUN_FILES.record), text.replace('"waiting"', '"flying"'));
    writeFileSync(at(2, RUN_FILES.curves), JSON.stringify({ format: 'latentlab curves', version: 1, trainings: [{}] }));
    appendReports(runFolder(folder, 3), [report]);
    appendFileSync(at(3, RUN_FILES.reports), 'nonsense\n{"time": "2026-01-0');
    appendReports(runFolder(folder, 3), [report]);

    const { runs, damages } = await readSweep(folder);

    expect(runs.map(({ record }) => record.state)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(runs[2]!.reports).toHaveLength(2);
    expect(damages.map(({ file, run }) => [file, run])).toEqual([
      [at(1, RUN_FILES.record), 1],
      [at(2, RUN_FILES.record), 2],
      [at(2, RUN_FILES.curves), 2],
      [at(3, RUN_FILES.reports), 3],
      [at(3, RUN_FILES.reports), 3],
    ]);
    const reasons = damages.map(({ reason }) => reason);
    expect(reasons[0]).toBe('it is no JSON');
    expect(reasons[1]).toContain('"state"');
    expect(reasons[2]).toContain('"trainings.0.');
    expect(reasons[3]).toContain('line 2');
  });

  it('half a line at the end is one that is still being written', async () => {
    writeSweep(folder, sweep, '{}');
    appendReports(runFolder(folder, 1), [report]);
    appendFileSync(join(runFolder(folder, 1), RUN_FILES.reports), '{"time": "20');
    const { runs, damages } = await readSweep(folder);
    expect(runs[0]!.reports).toHaveLength(1);
    expect(damages).toEqual([]);
  });

  it('without its sweep.json still has its runs', async () => {
    writeRecord(runFolder(folder, 2), { ...record(2), state: 'done' });
    const { sweep: read, runs, damages } = await readSweep(folder);
    expect(read).toBeNull();
    expect(runs.map(({ index }) => index)).toEqual([2]);
    expect(damages).toEqual([{ file: join(folder, 'sweep.json'), run: null, reason: 'it is not there' }]);
  });

  it('is asked for by name where there is none', async () => {
    await expect(readSweep(folder)).rejects.toThrow(SweepFolderError);
    await expect(readSweep(folder)).rejects.toThrow(/holds no sweep/);
    await expect(readSweep(join(folder, 'none'))).rejects.toThrow(/There is no folder/);
  });
});
