import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linearWarmup, observeTraining, VAE, VQVAE } from '../../../../../kernel/autoencoders/index';
import type { TrainingHistory } from '../../../../../kernel/autoencoders/index';
import { keepTrainings } from '../../../../../kernel/autoencoders/training/checkpoints/keptTrainings';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';

const train = binarySamples(50, 16);
const OPTIONS = { batchSize: 16, learningRate: 0.01, validation: binarySamples(20, 16, 7) };
const NEVER = 1e6;

let folder: string;
beforeAll(useWasm);
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kept-'))));
afterEach(() => {
  keepTrainings(undefined);
  rmSync(folder, { recursive: true });
});

/** What a notebook does: three trainings, the last of a model that was trained before. */
async function program(told: string[] = []) {
  const vae = new VAE({ input: 16, latent: 2, hidden: [8], likelihood: 'gaussian', beta: linearWarmup(12), seed: 1 });
  const first = await vae.fit(train, { ...OPTIONS, epochs: 3 });
  const quantized = { input: 16, hidden: [8], positions: 2, codebookSize: 8, codeDimension: 3, seed: 1 };
  const vqvae = new VQVAE(quantized);
  const earlyStopping = { patience: 1, restoreBest: true };
  const second = await vqvae.fit(train, { ...OPTIONS, epochs: 4, earlyStopping });
  const third = await vae.fit(train, { ...OPTIONS, epochs: 2, callbacks: { ended: () => void told.push('ended') } });
  return { vae, vqvae, histories: [first, second, third] };
}

type Outcome = Awaited<ReturnType<typeof program>>;

async function numbersOf({ vae, vqvae, histories }: Outcome) {
  const tensors = [vae, vqvae].flatMap((model) => {
    const own = [model.parameters, model.state, model.step.optimizerState().tensors];
    return own.flatMap((group) => Object.values(group));
  });
  const weights = await Promise.all(tensors.map(async (tensor) => [...(await tensor.data())]));
  return { weights, histories: histories.map(courseOf) };
}

/** But for times, and figures of the model, which are measured when there is time for it. */
function courseOf({ series, schedules, final, progress }: TrainingHistory) {
  const { state, step, totalSteps, epoch, epochs, before } = progress;
  return { series, schedules, final, progress: { state, step, totalSteps, epoch, epochs, before } };
}

/** Runs `work` until monitors heard so often, steps and validations, and is then ended. */
async function endedAfter(count: number, how: 'interrupt' | 'kill', work: () => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  let told = 0;
  const forget = observeTraining({
    signal: controller.signal,
    started: () => {},
    stepped: () => {
      if (++told !== count) return;
      if (how === 'interrupt') controller.abort(new Error('ended'));
      else throw new Error('ended');
    },
    ended: () => {},
  });
  await expect(work()).rejects.toThrow('ended');
  forget();
}

describe('a program whose trainings keep themselves', () => {
  let undisturbed: Awaited<ReturnType<typeof numbersOf>>;
  beforeAll(async () => {
    undisturbed = await numbersOf(await program());
  });

  // 4 steps and a validation an epoch: within one, at its end, in another training, and twice in a row.
  it.each([[[2]], [[5]], [[14]], [[15]], [[18]], [[7, 3, 9]]])(
    'resumes exactly after interrupts at %j',
    async (places) => {
      for (const place of places) {
        keepTrainings({ folder, everyMinutes: NEVER });
        await endedAfter(place, 'interrupt', program);
      }
      const resumed: object[] = [];
      keepTrainings({ folder, everyMinutes: NEVER, resumed: (training) => resumed.push(training) });
      expect(await numbersOf(await program())).toEqual(undisturbed);
      expect(resumed.length).toBeGreaterThan(0);
    },
  );

  it.each([[7], [19]])('resumes exactly after it was killed at %i, from what it kept last', async (place) => {
    keepTrainings({ folder, everyMinutes: 1e-6 });
    await endedAfter(place, 'kill', program);
    keepTrainings({ folder, everyMinutes: NEVER });
    expect(await numbersOf(await program())).toEqual(undisturbed);
  });

  it('does not repeat trainings that have ended, nor call their callbacks', async () => {
    const told: string[] = [];
    keepTrainings({ folder, everyMinutes: NEVER });
    await program(told);
    expect(told).toEqual(['ended']);
    let steps = 0;
    const forget = observeTraining({ started: () => {}, stepped: () => void steps++, ended: () => {} });
    keepTrainings({ folder, everyMinutes: NEVER });
    expect(await numbersOf(await program(told))).toEqual(undisturbed);
    forget();
    expect(steps).toBe(0);
    expect(told).toEqual(['ended']);
    expect(readdirSync(folder)).toEqual(['0001', '0002', '0003']);
    expect(readdirSync(join(folder, '0001')).filter((name) => name.startsWith('save-'))).toHaveLength(1);
  });

  it('begins anew what was kept of another training, and what is damaged', async () => {
    keepTrainings({ folder, everyMinutes: NEVER });
    await endedAfter(7, 'interrupt', program);
    const file = join(folder, '0001', 'training.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('gaussian', 'bernoulli'));
    const resumed: object[] = [];
    keepTrainings({ folder, everyMinutes: NEVER, resumed: (training) => resumed.push(training) });
    expect(await numbersOf(await program())).toEqual(undisturbed);
    expect(resumed).toEqual([]);
    writeFileSync(file, '{');
    keepTrainings({ folder, everyMinutes: NEVER });
    expect(await numbersOf(await program())).toEqual(undisturbed);
  });
});

afterAll(() => keepTrainings(undefined));
