import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  ConditionalVAE,
  cosineDecay,
  DataError,
  DivergenceError,
  linearWarmup,
  observeTraining,
  VAE,
} from '../../../../../kernel/autoencoders/index';
import type { FitOptions, TrainingRun } from '../../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../../engine/backends';
import { binarySamples, samplesOf } from '../../data';

beforeAll(useWasm);

const train = binarySamples(50, 12);
const heldOut = binarySamples(20, 12, 7);
const OPTIONS: FitOptions = { epochs: 4, batchSize: 16, learningRate: 0.01, validation: heldOut, seed: 3 };
const STEPS = 4 * 4;

const newModel = () => new VAE({ input: 12, latent: 2, hidden: [8], beta: linearWarmup(10), seed: 1 });

async function weightsOf(model: VAE): Promise<number[]> {
  const values = await Promise.all(Object.values(model.parameters).map((variable) => variable.data()));
  return values.flatMap((array) => [...array]);
}

/** Calls `act` once, when training has done so many steps of its run. */
let stopObserving = () => {};
afterEach(() => stopObserving());
function atStep(step: number, act: (run: TrainingRun) => void, signal?: AbortSignal): void {
  let acted = false;
  stopObserving = observeTraining({
    signal,
    started: () => {},
    ended: () => {},
    stepped: (run) => {
      if (run.history.progress.step !== step || acted) return;
      acted = true;
      act(run);
    },
  });
}

describe('fit', () => {
  it('says what it expects of what is no data', async () => {
    const model = newModel();
    for (const [given, found] of [
      [null, 'null'],
      [undefined, 'a value of type undefined'],
      [7, 'a value of type number'],
    ] as const) {
      const wrong = given as unknown as typeof train;
      await expect(model.fit(wrong, OPTIONS)).rejects.toThrow(
        `VAE, 2 latents: fit expects rows of 12 values (12 features); found ${found}.`,
      );
      await expect(model.score(wrong)).rejects.toThrow(
        `score expects rows of 12 values (12 features); found ${found}.`,
      );
    }
    model.dispose();
  });

  it('looks at the classes of validation data before the first step', async () => {
    const model = new ConditionalVAE({ input: 12, latent: 2, hidden: [8], classes: 2 });
    const labelled = { ...train, labels: Int32Array.from({ length: 50 }, (_, i) => i % 2) };
    await expect(model.fit(labelled, OPTIONS)).rejects.toThrow('validation needs the class of each sample');
    const strange = { ...heldOut, labels: new Int32Array(20).fill(2) };
    await expect(model.fit(labelled, { ...OPTIONS, validation: strange })).rejects.toThrow('found a label 2');
    expect(model.position).toEqual({ step: 0, epoch: 0, unfinished: null });
    model.dispose();
  });

  it('refuses a learning rate that has come to its end at 0 before the training begins', async () => {
    const model = newModel();
    const options = { ...OPTIONS, epochs: 1, learningRate: cosineDecay(4) };
    await model.fit(train, options);
    await expect(model.fit(train, options)).rejects.toThrow(
      'fit: "learningRate" is 0 from step 4 on, and the model has already made 4 steps: schedules count over its whole training.',
    );
    await model.fit(train, { ...options, learningRate: cosineDecay(8) });
    expect(model.position.step).toBe(8);
    model.dispose();
  });

  it('scores no data that the likelihood is not defined for', async () => {
    const model = newModel();
    for (const value of [2, NaN]) {
      const values = heldOut.values.slice();
      values[13] = value;
      await expect(model.score({ ...heldOut, values })).rejects.toThrow(DataError);
      await expect(model.score({ ...heldOut, values })).rejects.toThrow(
        `row 1, column 1 (“f1”) (both counted from 0) is ${value}`,
      );
    }
    model.dispose();
  });

  it('lowers the loss and reports every step, epoch and schedule', async () => {
    const model = newModel();
    const history = await model.fit(train, OPTIONS);
    const [total] = history.series.filter(({ name }) => name === 'total');
    expect(history.progress).toMatchObject({ state: 'done', step: STEPS, totalSteps: STEPS, epoch: 4, epochs: 4 });
    expect(history.unit).toBe('nats per sample');
    expect(history.stepsPerEpoch).toBe(4);
    expect(total!.steps).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    const validation = history.series.find(({ name, split }) => name === 'reconstruction' && split === 'validation');
    expect(validation!.steps).toEqual([4, 8, 12, 16]);
    expect(validation!.values.at(-1)).toBeLessThan(validation!.values[0]!);
    expect(history.schedules[0]!.values.slice(0, 3)).toEqual([0, 0.1, 0.2]);
    expect(model.position).toMatchObject({ step: STEPS, epoch: 4, unfinished: null });
    model.dispose();
  });

  it('gives the same weights and losses for the same seeds, others for others', async () => {
    const [one, same, other] = [newModel(), newModel(), newModel()];
    const history = await one.fit(train, OPTIONS);
    expect((await same.fit(train, OPTIONS)).series).toEqual(history.series);
    await other.fit(train, { ...OPTIONS, seed: 4 });
    expect(await weightsOf(same)).toEqual(await weightsOf(one));
    expect(await weightsOf(other)).not.toEqual(await weightsOf(one));
    for (const model of [one, same, other]) model.dispose();
  });

  it('sees every sample once an epoch, in another order each', async () => {
    const model = newModel();
    const seen: number[][] = [];
    const counted = samplesOf(Array.from({ length: 10 }, (_, i) => new Array<number>(12).fill(i / 10)));
    const { step } = model;
    const run = step.run.bind(step);
    step.run = async (inputs) => {
      const batch = await inputs.tensors['x']!.data();
      seen.push(Array.from({ length: batch.length / 12 }, (_, i) => Math.round(batch[12 * i]! * 10)));
      return run(inputs);
    };
    await model.fit(counted, { epochs: 2, batchSize: 4 });
    expect(seen.map((batch) => batch.length)).toEqual([4, 4, 2, 4, 4, 2]);
    const [first, second] = [seen.slice(0, 3).flat(), seen.slice(3).flat()];
    expect([...first].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...second].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(first).not.toEqual(second);
    model.dispose();
  });

  it('takes a tensor or rows in place of a data set', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => [...train.values.subarray(12 * i, 12 * (i + 1))]);
    const tensor = tf.tensor2d(rows);
    const models = [newModel(), newModel(), newModel()];
    const results = [];
    for (const [i, data] of [train, rows, tensor].entries()) {
      await models[i]!.fit(data, { ...OPTIONS, epochs: 1 });
      results.push(await weightsOf(models[i]!));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    tf.dispose([tensor, ...models.map((model) => model.parameters)]);
  });

  it('keeps no tensors but the optimizer’s', async () => {
    const model = newModel();
    await model.fit(train, { ...OPTIONS, epochs: 1 });
    const before = alive();
    await model.fit(train, OPTIONS);
    expect(alive()).toEqual(before);
    model.dispose();
  });

  it('leaves the event loop a turn between any two steps', async () => {
    const model = newModel();
    let turns = 0;
    const turn = () => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    const turnsAtStep: number[] = [];
    stopObserving = observeTraining({
      started: () => {},
      stepped: () => turnsAtStep.push(turns),
      ended: () => clearImmediate(next),
    });
    await model.fit(train, OPTIONS);
    expect(turnsAtStep.length).toBeGreaterThan(STEPS);
    expect(new Set(turnsAtStep).size).toBe(turnsAtStep.length);
    model.dispose();
  });
});

describe('a monitor', () => {
  it('hears of a call of fit in its turn, and once of its end, also where no training begins', async () => {
    const model = newModel();
    const heard: string[] = [];
    const note = (what: string) => () => void heard.push(what);
    stopObserving = observeTraining({
      called: () => {
        heard.push('called');
        return note('over');
      },
      ...{ started: note('started'), stepped: () => {}, ended: note('ended') },
    });
    const fit = model.fit(train, OPTIONS);
    expect(heard).toEqual(['called']);
    await fit;
    expect(heard.splice(0)).toEqual(['called', 'started', 'ended', 'over']);
    await expect(model.fit(null as unknown as typeof train, OPTIONS)).rejects.toThrow('found null');
    expect(heard).toEqual(['called', 'over']);
    model.dispose();
  });
});

describe('a training that is stopped', () => {
  it('by cancel ends after the step under way, resolves, and is finished by the same call', async () => {
    const [through, stopped] = [newModel(), newModel()];
    const whole = await through.fit(train, OPTIONS);
    atStep(6, (run) => run.cancel());
    const first = await stopped.fit(train, OPTIONS);
    expect(first.progress).toMatchObject({ state: 'cancelled', step: 6, epoch: 2 });
    expect(stopped.position).toMatchObject({ step: 6, epoch: 1 });
    const rest = await stopped.fit(train, OPTIONS);
    expect(rest.progress).toMatchObject({ state: 'done', step: STEPS, totalSteps: STEPS, epoch: 4 });
    expect(rest.notes[0]).toBe('Resumes after step 6, where this training stopped.');
    expect(await weightsOf(stopped)).toEqual(await weightsOf(through));
    const totals = (history: typeof whole) => history.series.find(({ name }) => name === 'total')!.values;
    expect([...totals(first), ...totals(rest)]).toEqual(totals(whole));
    expect(rest.final).toEqual(whole.final);
    for (const model of [through, stopped]) model.dispose();
  });

  it('in a validation makes up for the validation', async () => {
    const model = newModel();
    let validations = 0;
    stopObserving = observeTraining({
      started: () => {},
      ended: () => {},
      stepped: (run) => {
        if (run.history.progress.step === 4 && (validations += 1) === 1) run.cancel();
      },
    });
    const first = await model.fit(train, OPTIONS);
    expect(first.series.filter(({ split }) => split === 'validation')).toEqual([]);
    const rest = await model.fit(train, OPTIONS);
    expect(rest.series.find(({ split }) => split === 'validation')!.steps).toEqual([4, 8, 12, 16]);
    model.dispose();
  });

  it('begins anew when it is called with other options', async () => {
    const model = newModel();
    atStep(6, (run) => run.cancel());
    await model.fit(train, OPTIONS);
    const next = await model.fit(train, { ...OPTIONS, epochs: 1 });
    expect(next.progress).toMatchObject({ state: 'done', step: 4, totalSteps: 4 });
    expect(model.position).toMatchObject({ step: 10, epoch: 2, unfinished: null });
    model.dispose();
  });

  it('by a signal rejects with its reason and stays usable', async () => {
    for (const ambient of [false, true]) {
      const model = newModel();
      const controller = new AbortController();
      const reason = new Error('interrupted by the user');
      atStep(5, () => controller.abort(reason), ambient ? controller.signal : undefined);
      const options = ambient ? OPTIONS : { ...OPTIONS, signal: controller.signal };
      await expect(model.fit(train, options)).rejects.toBe(reason);
      stopObserving();
      expect(model.position.step).toBe(5);
      const history = await model.fit(train, OPTIONS);
      expect(history.progress).toMatchObject({ state: 'done', step: STEPS });
      model.dispose();
    }
  });

  it('before it began has changed nothing', async () => {
    const model = newModel();
    const before = await weightsOf(model);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(model.fit(train, { ...OPTIONS, signal })).rejects.toThrow('too late');
    expect(await weightsOf(model)).toEqual(before);
    model.dispose();
  });

  it('is reported to monitors from start to end, with critical sections around the work', async () => {
    const model = newModel();
    const events: string[] = [];
    let busy = 0;
    stopObserving = observeTraining({
      started: (run) => events.push(`started ${run.model}`),
      stepped: () => events.push(busy === 0 ? 'stepped' : 'stepped inside'),
      ended: (run) => events.push(`ended ${run.history.progress.state}`),
      criticalSection: (entering) => (busy += entering ? 1 : -1),
    });
    await model.fit(train, { ...OPTIONS, epochs: 1 });
    expect(events[0]).toBe('started VAE, 2 latents');
    expect(events.slice(1, -1)).toEqual(Array(5).fill('stepped'));
    expect(events.at(-1)).toBe('ended done');
    expect(busy).toBe(0);
    model.dispose();
  });
});

describe('a training that fails', () => {
  it('stops at the step that is not finite, names it, and keeps the weights from before', async () => {
    const model = new VAE({ input: 12, latent: 2, hidden: [8], likelihood: 'gaussian', seed: 1 });
    let before: number[] = [];
    const { step } = model;
    const run = step.run.bind(step);
    step.run = async (inputs) => {
      before = await weightsOf(model);
      return run(inputs);
    };
    const failure = await model.fit(train, { ...OPTIONS, epochs: 50, learningRate: 1e4 }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DivergenceError);
    const { term, step: at, epoch, message, history } = failure as DivergenceError;
    expect(['reconstruction', 'kl', 'gradient']).toContain(term);
    expect(at).toBe(model.position.step + 1);
    expect(message).toMatch(new RegExp(`VAE, 2 latents: ${term} is .* at step ${at} \\(epoch ${epoch}, batch `));
    expect(history.progress.state).toBe('failed');
    expect(history.notes[0]).toContain(`at step ${at}`);
    const { batch, batchFile } = failure as DivergenceError;
    expect(batch.rows.length * 12).toBe(batch.values.length);
    [...batch.rows].forEach((row, i) => {
      expect(batch.values.slice(12 * i, 12 * (i + 1))).toEqual(train.values.slice(12 * row, 12 * (row + 1)));
    });
    expect(batchFile).toBeNull();
    expect(message).toContain(`clip the gradient`);
    // Values in [0, 1]: their scale is not what to look at first.
    expect(message).not.toContain('scale');
    expect(before.every(Number.isFinite)).toBe(true);
    expect(await weightsOf(model)).toEqual(before);
    model.dispose();
  });

  it('refuses data with NaN before any step', async () => {
    const model = newModel();
    const broken = { ...train, values: train.values.slice() };
    broken.values[17] = NaN;
    const refused = model.fit(broken, OPTIONS);
    await expect(refused).rejects.toThrow(DataError);
    await expect(refused).rejects.toThrow('row 1, column 5');
    await expect(model.fit(train, { ...OPTIONS, validation: broken })).rejects.toThrow('row 1, column 5');
    expect(model.position.step).toBe(0);
    model.dispose();
  });

  it('refuses values that a Bernoulli likelihood is not defined for', async () => {
    const model = newModel();
    await expect(model.fit(samplesOf([new Array<number>(12).fill(2)]), OPTIONS)).rejects.toThrow(
      'is 2, outside [0, 1]: a Bernoulli likelihood needs it',
    );
    model.dispose();
  });

  it('refuses data of another width, no data, and wrong options', async () => {
    const model = newModel();
    const fit = (options: object) => model.fit(train, { epochs: 1, ...options });
    await expect(model.fit([[1, 2, 3]], OPTIONS)).rejects.toThrow(
      'VAE, 2 latents: fit expects rows of 12 values (12 features); found 3 values at row 0.',
    );
    await expect(model.fit([], OPTIONS)).rejects.toThrow('found no rows');
    await expect(fit({ epochs: 0 })).rejects.toThrow('fit: "epochs" is 0, allowed: at least 1.');
    await expect(fit({ batch: 5 })).rejects.toThrow('fit: unknown field "batch" (allowed: epochs, batchSize,');
    await expect(fit({ checkpoint: 'a' })).rejects.toThrow(
      'fit: "checkpoint" is "a", expected an object with path, everyMinutes, everyEpochs, keep.',
    );
    await expect(fit({ checkpoint: { path: 'a', everyEpoch: 1 } })).rejects.toThrow(
      'fit: unknown field "checkpoint.everyEpoch" (allowed: path, everyMinutes, everyEpochs, keep; did you mean "everyEpochs"?)',
    );
    await expect(fit({ learningRate: 'fast' })).rejects.toThrow('"learningRate" is "fast", expected a number ≥ 0 or');
    model.dispose();
  });

  it('refuses to train one model twice at a time', async () => {
    const model = newModel();
    const first = model.fit(train, OPTIONS);
    await expect(model.fit(train, OPTIONS)).rejects.toThrow('is already training');
    await first;
    model.dispose();
  });
});
