/** A sweep's folder that is read and followed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ViewChange, ViewFrame } from '../../../../../kernel/protocol';
import { LiveViews } from '../../../../../kernel/session/show/liveViews';
import { LiveSweep } from '../../../../../kernel/session/show/sweeps/liveSweep';
import { SweepFiles } from '../../../../../kernel/session/show/sweeps/sweepFiles';
import { SweepState } from '../../../../../kernel/session/show/sweeps/sweepState';
import { runFolder, writeRecord } from '../../../../../kernel/sweeps/results/index';
import { decode } from '../../../../../kernel/views/encoding';
import { columnOf, sweepData } from '../../../../../kernel/views/sweep/data';
import type { SweepChange } from '../../../../../kernel/views/types';
import { leaveRun, leaveSweep, recordOf } from './sweepFolder';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'll-sweep-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const state = (options: { metric?: string } = {}) =>
  SweepState.read(new SweepFiles(folder), { id: 'live', folder: 'beta.sweep', place: folder, ...options });

/** Resolves with the next message of this kind. */
function hearing() {
  const heard: (ViewFrame | ViewChange)[] = [];
  let tell: () => void = () => undefined;
  const views = new LiveViews((message) => {
    heard.push(message);
    tell();
  });
  const next = async () => {
    while (heard.length === 0) await new Promise<void>((resolve) => (tell = resolve));
    return heard.shift()!;
  };
  return { views, heard, next };
}

describe('the folder of a sweep', () => {
  it('is shown with parameters, metrics, curves, and what it says is better', async () => {
    leaveSweep(folder, 6);
    const { sweep } = await state();
    const data = sweepData((await state()).view(), decode);
    expect(sweep.metric).toBe('elbo');
    expect(sweep.title).toBe('Sweep beta');
    expect(columnOf(data, 'beta')!.values).toEqual([0.5, 0.5, 1, 1, 2, 2]);
    expect(columnOf(data, 'elbo')!.better).toBe('higher');
    expect(data.states).toEqual(Array(6).fill('done'));
    expect(data.curves.map(({ name, split }) => `${split} ${name}`)).toEqual(['validation total', 'train total']);
    expect([...Array.from(data.stepsPerEpoch)]).toEqual(Array(6).fill(10));
    expect(data.notebooks).toEqual(Array(6).fill(true));
  });

  it('is shown without what is damaged, which is named', async () => {
    leaveSweep(folder, 4);
    writeFileSync(join(runFolder(folder, 2), 'run.json'), '{"format": "latentlab ru');
    const { sweep } = await state();
    expect(sweep.notes[0]).toMatch(/^1 file could not be read \(run 2, run\.json: it is no JSON\)\.$/);
    expect([...sweep.states]).toEqual([2, 0, 2, 2]);
  });

  it('tells of a thousand runs in little room', async () => {
    leaveSweep(folder, 1000);
    const view = (await state()).view();
    expect(view.count).toBe(1000);
    expect(JSON.stringify(view).length).toBeLessThan(170_000);
  });

  it('shows what the notebook of the best run has reconstructed', async () => {
    leaveSweep(folder, 4, { pictures: true });
    const found = await state();
    const best = columnOf(sweepData(found.view(), decode), 'elbo')!.values as number[];
    const [picture] = found.view().pictures;
    expect(picture!.run).toBe(best.indexOf(Math.max(...best)));
    expect(picture!.source).toBe('its executed notebook, cell 2');
    expect(picture!.view.inputs!.shape).toEqual([10, 4, 4, 1]);
    expect(decode(picture!.view.inputs!)[5]).toBe(5 % 256);
  });
});

describe('a sweep that runs', () => {
  it('tells what is new of its runs, nothing while nothing happens, and rests when it is done', async () => {
    leaveSweep(folder, 4, { running: [3], waiting: [4] });
    const { views, heard, next } = hearing();
    const live = new LiveSweep(views, 'live', await state());
    expect(live.following).toBe(true);
    leaveRun(folder, 3, 1, 1);
    const first = await next();
    expect(first.type).toBe('viewChange');
    const change = (first as ViewChange).change as SweepChange;
    expect(change.revision).toBe(1);
    expect(change.runs.map(({ run, state: index }) => [run, index])).toEqual([[2, 2]]);
    expect(change.running).toBe(true);
    // A look at a folder in which nothing has changed tells nothing.
    await views.answer('live', { kind: 'watch' });
    expect(heard.map(({ type }) => type)).toEqual(['viewFrame']);
    heard.length = 0;
    leaveRun(folder, 4, 1, 2);
    const last = ((await next()) as ViewChange).change as SweepChange;
    expect(last.running).toBe(false);
    expect(live.following).toBe(false);
    expect(live.view.running).toBeUndefined();
  });

  it('is followed while somebody looks', async () => {
    leaveSweep(folder, 2, { running: [2] });
    const { views } = hearing();
    const live = new LiveSweep(views, 'live', await state());
    await views.answer('live', { kind: 'watch' });
    await views.answer('live', { kind: 'unwatch' });
    expect(live.following).toBe(false);
    await views.answer('live', { kind: 'watch' });
    expect(live.following).toBe(true);
    writeRecord(runFolder(folder, 2), recordOf(2, 1, 2));
    await views.answer('live', { kind: 'watch' });
    expect(live.following).toBe(false);
  });
});
