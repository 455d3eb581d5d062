import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { observeTraining } from '../../../../kernel/autoencoders/index';
import type { Samples, SampleStream, TrainingRun } from '../../../../kernel/autoencoders/index';
import type { Snapshotted } from '../../../../kernel/autoencoders/training/checkpoints/snapshot';

/** Weights, moving averages and the optimizer's slots. */
export async function everything({ parameters, state, step }: Snapshotted): Promise<number[]> {
  const { tensors } = step.optimizerState();
  const all = [parameters, state, tensors].flatMap((group) => Object.values(group));
  const values = (await Promise.all(all.map((tensor) => tensor.data()))).flatMap((array) => [...array]);
  Object.values(tensors).forEach((tensor) => tensor.dispose());
  return values;
}

/** Paths in a folder of the test file's own, which is removed after it. */
export function temporaryFolder(): (name: string) => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'training-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return (name) => join(folder, name);
}

/** The samples as a stream in chunks of this size. */
export function streamOf(samples: Samples, chunk: number, changes: Partial<SampleStream> = {}): SampleStream {
  const { name, shape, width, length, values, labels } = samples;
  return {
    ...{ name, shape, width, length },
    async *chunks() {
      for (let start = 0; start < length; start += chunk) {
        const end = Math.min(length, start + chunk);
        yield { values: values.slice(start * width, end * width), labels: labels?.slice(start, end) ?? null };
      }
    },
    ...changes,
  };
}

/** Cancels the training that `work` does, once it has done so many steps of its run. */
export async function stoppedAt(step: number, work: () => Promise<unknown>): Promise<void> {
  const stopObserving = observeTraining({
    started: () => {},
    ended: () => {},
    stepped: (run: TrainingRun) => {
      if (run.history.progress.step === step) run.cancel();
    },
  });
  try {
    await work();
  } finally {
    stopObserving();
  }
}
