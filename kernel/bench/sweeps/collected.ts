/** The folder of a sweep whose runs are over, as `npm run sweep` leaves it: a random search over four parameters. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  appendReports,
  FORMAT_VERSION,
  MOST_POINTS,
  plannedRecord,
  RUN_FILES,
  runFolder,
  SWEEP_FORMAT,
  writeCurves,
  writeRecord,
  writeSweep,
} from '../../sweeps/results/index';
import type { PlannedRun, Sweep, TrainingCurves } from '../../sweeps/results/index';
import { seeded } from '../views/data';

const DIGEST = 'b'.repeat(64);
const EPOCHS = 20;
const TERMS = ['total', 'reconstruction', 'kl'] as const;

/** @param count of runs, each with as many points of each curve as a run may leave */
export function leaveCollected(folder: string, count: number): void {
  const random = seeded(11);
  const runs = Array.from({ length: count }, (_, i): PlannedRun => {
    const parameters = {
      beta: 10 ** (3 * random() - 1.5),
      learningRate: 10 ** (2 * random() - 4),
      latent: 2 + Math.floor(30 * random()),
      optimizer: ['adam', 'adamw', 'sgd'][i % 3]!,
    };
    return { index: i + 1, parameters, seed: i };
  });
  const sweep: Sweep = {
    ...{ format: SWEEP_FORMAT, version: FORMAT_VERSION, name: 'bench', created: new Date(0).toISOString() },
    ...{ file: null, notebook: path.join(folder, 'bench.ipynb'), digest: DIGEST, device: 'auto', given: {} },
    declared: Object.keys(runs[0]!.parameters).map((name) => ({ name, type: 'number', isSwept: true })),
    metrics: [{ name: 'validation.total', goal: 'min' }],
    runs,
  };
  writeSweep(folder, sweep, '{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[]}');
  for (const run of runs) leaveRun(runFolder(folder, run.index), run, random);
}

function leaveRun(folder: string, run: PlannedRun, random: () => number): void {
  mkdirSync(folder, { recursive: true });
  const rate = 22 / (1 + Number(run.parameters['beta']) ** 0.8) + random();
  const distortion = 205 + 14 * Math.log1p(Number(run.parameters['beta'])) ** 1.4 + random();
  const ends = { total: rate + distortion, reconstruction: distortion, kl: rate };
  const training = trainingOf(ends, random);
  const metrics = Object.fromEntries(
    training.series.map(({ name, split, values }) => [`${split}.${name}`, values.at(-1) ?? null]),
  );
  const time = new Date(0).toISOString();
  writeCurves(folder, [training]);
  appendReports(
    folder,
    Array.from({ length: EPOCHS }, (_, i) => ({
      time,
      training: 1,
      step: 50 * (i + 1),
      epoch: i + 1,
      values: metrics,
    })),
  );
  writeFileSync(path.join(folder, RUN_FILES.notebook), '{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[]}');
  const attempt = {
    start: time,
    end: time,
    seconds: 30,
    host: 'bench',
    job: null,
    state: 'done',
    reason: null,
  } as const;
  writeRecord(folder, {
    ...plannedRecord(run, DIGEST),
    ...{ state: 'done', start: time, end: time, seconds: 30, threads: 1, metrics, attempts: [attempt] },
  });
}

function trainingOf(ends: Record<(typeof TERMS)[number], number>, random: () => number): TrainingCurves {
  const steps = Array.from({ length: MOST_POINTS }, (_, i) => 2 * (i + 1));
  const epochs = Array.from({ length: EPOCHS }, (_, i) => 50 * (i + 1));
  const fall = (end: number, step: number) => end * (1 + Math.exp(-step / 150)) + random() - 0.5;
  return {
    ...{ index: 1, model: 'VAE', title: 'VAE, 16 latents', unit: 'nats per image', state: 'done', stepsPerEpoch: 50 },
    ...{ step: 1000, totalSteps: 1000, epochs: EPOCHS, before: { steps: 0, epochs: 0 }, seconds: 30, schedules: [] },
    series: TERMS.flatMap((name) => [
      { name, split: 'train' as const, steps, values: steps.map((step) => fall(ends[name], step)) },
      { name, split: 'validation' as const, steps: epochs, values: epochs.map((step) => fall(ends[name], step)) },
    ]),
  };
}
