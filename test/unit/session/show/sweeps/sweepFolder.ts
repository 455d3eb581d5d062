/** Folders of sweeps as runs leave them, written by the library's own writers. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FORMAT_VERSION,
  RUN_FILES,
  RUN_FORMAT,
  runFolder,
  SWEEP_FORMAT,
  writeCurves,
  writeRecord,
  writeSweep,
  type RunRecord,
} from '../../../../../kernel/sweeps/results/index';
import { reconstructions } from '../../../../../kernel/views/reconstructions';
import { MIME } from '../../../../../kernel/views/types';

const DIGEST = 'a'.repeat(64);

export interface LeftSweep {
  running?: number[];
  waiting?: number[];
  /** Whether executed notebooks have reconstructions. */
  pictures?: boolean;
}

const betaOf = (index: number) => 0.5 * 2 ** (Math.floor((index - 1) / 2) % 8);
const seedOf = (index: number) => 1 + ((index - 1) % 2);

/** Two seeds of each β. */
export function leaveSweep(
  folder: string,
  runs: number,
  { running = [], waiting = [], pictures = false }: LeftSweep = {},
): void {
  const indices = Array.from({ length: runs }, (_, i) => i + 1);
  writeSweep(
    folder,
    {
      ...{ format: SWEEP_FORMAT, version: FORMAT_VERSION, name: 'beta', created: '2026-11-29T20:00:00Z', file: null },
      ...{ notebook: join(folder, 'notebook.ipynb'), digest: DIGEST, device: 'auto', given: {} },
      declared: [{ name: 'beta', type: 'number', value: 1, isSwept: true }],
      metrics: [{ name: 'elbo', goal: 'max' }],
      runs: indices.map((index) => ({ index, parameters: { beta: betaOf(index) }, seed: seedOf(index) })),
    },
    '{}',
  );
  for (const index of indices) {
    if (waiting.includes(index)) continue;
    if (running.includes(index)) {
      mkdirSync(runFolder(folder, index), { recursive: true });
      writeRecord(runFolder(folder, index), {
        ...recordOf(index, betaOf(index), seedOf(index)),
        state: 'running',
        metrics: {},
        end: null,
      });
    } else leaveRun(folder, index, betaOf(index), seedOf(index), pictures);
  }
}

export function recordOf(index: number, beta: number, seed: number): RunRecord {
  return {
    ...{ format: RUN_FORMAT, version: FORMAT_VERSION, index, parameters: { beta }, seed, state: 'done', reason: null },
    ...{ digest: DIGEST, device: null, threads: 1, versions: {}, git: null, attempts: [], seconds: 12.5 },
    ...{ start: '2026-11-29T20:00:00Z', end: '2026-11-29T20:00:12Z' },
    metrics: { elbo: -200 - 10 * beta - seed, 'validation.total': 200 + 10 * beta + seed },
  };
}

export function leaveRun(folder: string, index: number, beta: number, seed: number, pictures = false): void {
  const place = runFolder(folder, index);
  mkdirSync(place, { recursive: true });
  const steps = Array.from({ length: 100 }, (_, i) => i + 1);
  const series = (split: 'train' | 'validation') => ({
    ...{ name: 'total', split, steps },
    values: steps.map((step) => 200 + 10 * beta + 300 / step),
  });
  writeCurves(place, [
    {
      ...{ index: 1, model: 'VAE', title: 'VAE, 2 latents', unit: 'nats', state: 'done', stepsPerEpoch: 10, step: 100 },
      ...{ totalSteps: 100, epochs: 10, before: { steps: 0, epochs: 0 }, seconds: 12 },
      ...{ series: [series('train'), series('validation')], schedules: [] },
    },
  ]);
  const view = pictures ? pictureView() : undefined;
  const outputs = view ? [{ output_type: 'display_data', metadata: {}, data: { [MIME.reconstructions]: view } }] : [];
  const code = (cell: object[]) => ({ cell_type: 'code', metadata: {}, source: '', execution_count: 1, outputs: cell });
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [{ cell_type: 'markdown', metadata: {}, source: '' }, code([]), code(outputs)],
  };
  writeFileSync(join(place, RUN_FILES.notebook), JSON.stringify(notebook));
  writeRecord(place, recordOf(index, beta, seed));
}

/** Sixteen images; each pixel is its number. */
function pictureView() {
  const inputs = Float32Array.from({ length: 16 * 16 }, (_, i) => (i % 256) / 255);
  return reconstructions({
    ...{ id: 'picture', sampleShape: { kind: 'image', height: 4, width: 4, channels: 1 }, inputs },
    methods: [{ name: 'VAE', samples: inputs.map((value) => 0.9 * value) }],
  });
}
