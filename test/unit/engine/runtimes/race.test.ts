import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAM_DEFAULTS, NonFiniteError, type StepDefinition, type StepInputs } from '../../../../kernel/engine/index';
import { EagerStep } from '../../../../kernel/engine/runtimes/eager';
import { lastRace, RacedStep } from '../../../../kernel/engine/runtimes/race';
import { TraceRefusal } from '../../../../kernel/engine/trace/refusal';
import { alive, useWasm } from '../backends';

beforeAll(useWasm);

/** Products that plain JavaScript needs many times longer for than ONNX Runtime does. */
const SIZE = 256;

let definition: StepDefinition & { trainable: { w: tf.Variable } };
let inputs: StepInputs;

beforeEach(() => {
  const w = tf.tidy(() => tf.variable(tf.randomNormal([SIZE, SIZE], 0, 0.1, 'float32', 1)));
  definition = {
    trainable: { w },
    state: {},
    terms: ({ x }) => ({ losses: { fit: tf.matMul(x!, w).sub(1).square().mean() } }),
    optimizer: ADAM_DEFAULTS,
  };
  const x = tf.randomUniform([SIZE, SIZE], 0, 1, 'float32', 2);
  inputs = { tensors: { x }, weights: {}, learningRate: 0.01 };
});

afterEach(async () => {
  tf.dispose([definition.trainable, inputs.tensors]);
  await tf.setBackend('wasm');
});

describe('a race on the user’s own step', () => {
  it('is won by the runtime with the smallest median, and changes no weight', async () => {
    await tf.setBackend('cpu');
    const before = await definition.trainable.w.data();
    const step = new RacedStep(definition, ['eager', 'cpu']);
    await step.run({ ...inputs, learningRate: 0 });
    const { times, winner } = lastRace()!;
    const [eager, cpu] = [Number(times.get('eager')), Number(times.get('cpu'))];
    expect(eager).toBeGreaterThan(cpu);
    expect(winner).toBe('cpu');
    expect(await definition.trainable.w.data()).toEqual(before);
    step.dispose();
  });

  it('is over early for a runtime that takes many times longer', async () => {
    await tf.setBackend('cpu');
    const size = 640;
    const w = tf.variable(tf.randomNormal([size, size], 0, 0.1, 'float32', 1));
    const x = tf.randomUniform([size, size], 0, 1, 'float32', 2);
    const ran = { cpu: 0, others: 0 };
    const terms = (): ReturnType<StepDefinition['terms']> => {
      ran[tf.getBackend() === 'cpu' ? 'cpu' : 'others'] += 1;
      return { losses: { fit: tf.matMul(x, w).sub(1).square().mean() } };
    };
    const step = new RacedStep({ ...definition, trainable: { w }, terms }, ['eager', 'cpu']);
    await step.run({ ...inputs, tensors: {}, learningRate: 0 });
    const { times, winner } = lastRace()!;
    expect(winner).toBe('cpu');
    expect(times.get('eager')).toBeGreaterThan(4 * Number(times.get('cpu')));
    // Once cold and once warm, instead of in nine rounds.
    expect(ran.cpu).toBe(2);
    step.dispose();
    tf.dispose([w, x]);
  });

  it('is not begun by XLA on the processor with many convolutions, and says why', async () => {
    const filter = tf.variable(tf.randomNormal([3, 3, 8, 16], 0, 0.1, 'float32', 1));
    const image = tf.randomUniform<tf.Rank.R4>([64, 32, 32, 8], 0, 1, 'float32', 2);
    const terms = () => ({
      losses: {
        fit: tf
          .conv2d(image, filter as tf.Tensor4D, 1, 'same')
          .square()
          .mean(),
      },
    });
    const step = new RacedStep({ ...definition, trainable: { filter }, terms }, ['cpu', 'xla-cpu']);
    const { losses } = await step.run({ ...inputs, tensors: {} });
    expect(losses['fit']).toBeGreaterThan(0);
    const { times, winner } = lastRace()!;
    expect(winner).toBe('cpu');
    // 64 · 32 · 32 places of 16 sums over 3 · 3 · 8, forward and back to the filter.
    expect(times.get('xla-cpu')).toMatch(/^has convolutions of 151 million multiply-adds, for which XLA takes/);
    step.dispose();
    tf.dispose([filter, image]);
  });

  it('hands the optimizer’s state to the winner: the same weights as without a race', async () => {
    await tf.setBackend('cpu');
    const alone = new EagerStep(definition);
    for (let t = 0; t < 3; t++) await alone.run(inputs);
    const half = alone.optimizerState();
    const { w } = definition.trainable;
    const start = w.clone();
    for (let t = 0; t < 3; t++) await alone.run(inputs);
    const expected = await w.data();

    w.assign(start);
    const step = new RacedStep(definition, ['eager', 'cpu']);
    step.restoreOptimizer(half);
    for (let t = 0; t < 3; t++) await step.run(inputs);
    expect(lastRace()!.winner).toBe('cpu');
    const state = step.optimizerState();
    expect(state.step).toBe(6);
    // A weight moves by about the learning rate, 0.01, a step: float32 leaves five digits of that.
    (await w.data()).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6));
    tf.dispose([half.tensors, state.tensors]);
    for (const one of [alone, step]) one.dispose();
  });

  it('goes on without a runtime that refuses the step, and keeps the reason', async () => {
    const { w } = definition.trainable;
    const reading = {
      ...definition,
      terms: () => ({
        losses: {
          fit: w
            .square()
            .mean()
            .mul(w.mean().dataSync()[0]! > -1 ? 1 : 2),
        },
      }),
    };
    const step = new RacedStep(reading, ['cpu', 'eager']);
    const report = await step.run(inputs);
    expect(report.losses['fit']).toBeGreaterThan(0);
    const { times, winner } = lastRace()!;
    expect(winner).toBe('eager');
    expect(times.get('cpu')).toMatch(/^reads a value inside the step .*\(at .*race\.test\.ts:\d+:\d+\)$/);
    expect(step.optimizerState().step).toBe(1);
    step.dispose();
  });

  it('is refused when every runtime refuses the step', async () => {
    const { w } = definition.trainable;
    const reading = { ...definition, terms: () => ({ losses: { fit: w.mean().mul(w.mean().dataSync()[0]!) } }) };
    const step = new RacedStep(reading, ['cpu']);
    await expect(step.run(inputs)).rejects.toThrow(TraceRefusal);
    step.dispose();
  });

  it('leaves nothing alive of the runtimes that lost, nor when a term is not finite', async () => {
    const diverged: StepDefinition = {
      ...definition,
      terms: ({ x }) => ({ losses: { fit: tf.matMul(x!, definition.trainable.w).mean().mul(NaN) } }),
    };
    const before = alive();
    const failing = new RacedStep(diverged, ['cpu', 'eager']);
    await expect(failing.run(inputs)).rejects.toThrow(NonFiniteError);
    failing.dispose();
    const step = new RacedStep(definition, ['eager', 'cpu']);
    await step.run({ ...inputs, learningRate: 0 });
    step.dispose();
    expect(alive()).toEqual(before);
  });
});
