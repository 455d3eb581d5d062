import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADAM_DEFAULTS, OPTIMIZERS, optimizerSchema } from '../../../../kernel/engine/index';
import type { OptimizerConfig, OptimizerState } from '../../../../kernel/engine/index';
import { EagerOptimizer } from '../../../../kernel/engine/optimizers/eager';
import { FusedOptimizer } from '../../../../kernel/engine/optimizers/fused';
import { alive, useWasm } from '../backends';
import optax from './optax.json';
import { CONFIGS, reference } from './references';

beforeAll(useWasm);

type Values = Record<string, number[]>;

/** No length is a multiple of 4. */
const START: Values = {
  kernel: Array.from({ length: 15 }, (_, i) => 2 * Math.sin(i + 1)),
  bias: [0.4, -1, 0.25],
  scale: [-3],
};
const SHAPES: Record<string, number[]> = { kernel: [5, 3], bias: [3], scale: [], w: [5] };
const ALPHA = 0.05;
const STEPS = 25;
/** The norm that gradients are clipped to; the gradient at the start is 53.6 long. */
const CLIP_NORM = 20;

/** The gradient of ½ Σ (i + 1)(wᵢ − 1)² for each variable. */
const gradient = (w: readonly number[]) => w.map((value, i) => (i + 1) * (value - 1));

/** The two ways of running a rule, handled alike. */
interface Driver {
  weights(): Values;
  /** One update by these gradients. */
  update(gradients: Values): void;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  dispose(): void;
}

function eagerDriver(config: OptimizerConfig, start = START): Driver {
  const variables = Object.fromEntries(
    Object.entries(start).map(([name, values]) => [name, tf.tidy(() => tf.variable(tf.tensor(values, SHAPES[name])))]),
  );
  const optimizer = new EagerOptimizer(config, variables);
  return {
    weights: () => Object.fromEntries(Object.entries(variables).map(([name, w]) => [name, [...w.dataSync()]])),
    update: (gradients) =>
      tf.tidy(() => {
        const tensors = Object.entries(gradients).map(([name, g]) => [name, tf.tensor(g, SHAPES[name])] as const);
        optimizer.apply(Object.fromEntries(tensors), ALPHA, Math.hypot(...Object.values(gradients).flat()));
      }),
    state: () => optimizer.state(),
    restore: (state) => optimizer.restore(state),
    dispose: () => {
      optimizer.dispose();
      tf.dispose(variables);
    },
  };
}

function fusedDriver(config: OptimizerConfig, start = START): Driver {
  const shapes = Object.keys(start).map((name) => [name, { shape: SHAPES[name]! }]);
  const optimizer = new FusedOptimizer(config, Object.fromEntries(shapes));
  for (const [name, values] of Object.entries(start)) optimizer.weights(name).set(values);
  return {
    weights: () => Object.fromEntries(Object.keys(start).map((name) => [name, [...optimizer.weights(name)]])),
    update: (gradients) => {
      for (const [name, g] of Object.entries(gradients)) optimizer.gradient(name).set(g);
      optimizer.apply(ALPHA, optimizer.gradientNorm());
    },
    state: () => optimizer.state(),
    restore: (state) => optimizer.restore(state),
    dispose: () => {},
  };
}

const DRIVERS = [
  ['eager', eagerDriver],
  ['fused', fusedDriver],
] as const;

function run(driver: Driver, steps: number): void {
  for (let t = 0; t < steps; t++) {
    const gradients = Object.entries(driver.weights()).map(([name, w]) => [name, gradient(w)]);
    driver.update(Object.fromEntries(gradients));
  }
}

function expectClose(found: readonly number[], expected: readonly number[], relative: number): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(found[i]! - value), `${found[i]}, expected ${value}`).toBeLessThanOrEqual(
      relative * Math.max(1, Math.abs(value)),
    );
  });
}

describe.each(DRIVERS)('an %s optimizer', (_, driverOf) => {
  it.each(CONFIGS)('follows the paper of %s', (_, config) => {
    const driver = driverOf(config);
    run(driver, STEPS);
    for (const [name, found] of Object.entries(driver.weights())) {
      expectClose(found, reference(config, START[name]!, gradient, ALPHA, STEPS), 2e-6);
    }
    driver.dispose();
  });

  it.each(optax.runs)('ends where optax does: $config', ({ config, end }) => {
    const driver = driverOf(optimizerSchema.parse(config), { w: optax.start });
    run(driver, STEPS);
    expectClose(driver.weights()['w']!, end, 2e-6);
    driver.dispose();
  });

  it.each(CONFIGS)('goes on bit for bit from a restored state: %s', (_, config) => {
    const through = driverOf(config);
    const stopped = driverOf(config);
    run(through, 7);
    run(stopped, 4);
    const resumed = driverOf(config, stopped.weights());
    const state = stopped.state();
    expect(state).toMatchObject({ name: config.name, step: 4 });
    run(stopped, 1);
    resumed.restore(state);
    run(resumed, 3);
    expect(resumed.weights()).toEqual(through.weights());
    tf.dispose(state.tensors);
    for (const { dispose } of [through, stopped, resumed]) dispose();
  });

  it.each(CONFIGS)('clips the gradient by its norm over all variables: %s', (_, config) => {
    const flat = Object.values(START).flat();
    const norms: number[] = [];
    /** All variables as one vector, whose gradient is shortened before the paper's rule sees it. */
    const clipped = (w: readonly number[]) => {
      let at = 0;
      const g = Object.values(START).flatMap(({ length }) => gradient(w.slice(at, (at += length))));
      norms.push(Math.hypot(...g));
      return g.map((value) => value * Math.min(1, CLIP_NORM / norms.at(-1)!));
    };
    const expected = reference(config, flat, clipped, ALPHA, STEPS);
    const driver = driverOf({ ...config, clipNorm: CLIP_NORM });
    run(driver, STEPS);
    expectClose(Object.values(driver.weights()).flat(), expected, 5e-6);
    expect(norms[0]).toBeGreaterThan(CLIP_NORM);
    driver.dispose();
  });

  it('leaves a gradient alone that is not longer than it may be', () => {
    const [free, clipping] = [ADAM_DEFAULTS, { ...ADAM_DEFAULTS, clipNorm: 1e4 }].map((config) => driverOf(config));
    for (const driver of [free!, clipping!]) run(driver, 3);
    expect(clipping!.weights()).toEqual(free!.weights());
    for (const driver of [free!, clipping!]) driver.dispose();
  });

  it('leaves weights alone that never had a gradient other than zero, but for weight decay', () => {
    for (const [, config] of CONFIGS) {
      const driver = driverOf(config);
      driver.update(Object.fromEntries(Object.entries(START).map(([name, w]) => [name, w.map(() => 0)])));
      const kept = 1 - ALPHA * ('weightDecay' in config ? config.weightDecay : 0);
      for (const [name, found] of Object.entries(driver.weights())) {
        const expected = START[name]!.map((value) => Math.fround(value) * kept);
        expectClose(found, expected, kept === 1 ? 0 : 1e-7);
      }
      driver.dispose();
    }
  });

  it('names its slots by variable and slot, in the variable’s shape', () => {
    const slots = {
      ...{ adam: ['m', 'v'], adamw: ['m', 'v'], adamax: ['m', 'u'], sgd: ['momentum'], rmsprop: ['v'], lion: ['m'] },
    };
    for (const config of OPTIMIZERS.map((name) => optimizerSchema.parse(name))) {
      const driver = driverOf(config);
      const { tensors } = driver.state();
      const names = Object.keys(START).flatMap((name) => slots[config.name].map((slot) => `${name}/${slot}`));
      expect(Object.keys(tensors)).toEqual(names);
      for (const name of names) expect(tensors[name]!.shape).toEqual(SHAPES[name.split('/')[0]!]);
      tf.dispose(tensors);
      driver.dispose();
    }
  });

  it('refuses a state that does not fit, and changes nothing', () => {
    const driver = driverOf(ADAM_DEFAULTS);
    run(driver, 2);
    const state = driver.state();
    const { 'bias/v': bias, ...others } = state.tensors;
    expect(() => driver.restore({ ...state, name: 'sgd', step: 9 })).toThrow(
      'The state is that of the optimizer sgd, expected adam.',
    );
    expect(() => driver.restore({ ...state, step: 9, tensors: others })).toThrow(
      'The state of the optimizer adam lacks bias/v.',
    );
    const flat = tf.zeros([15]);
    expect(() => driver.restore({ ...state, step: 9, tensors: { ...state.tensors, 'kernel/v': flat } })).toThrow(
      'kernel/v has shape [15], expected [5, 3].',
    );
    const after = driver.state();
    expect(after.step).toBe(2);
    expect(after.tensors['kernel/v']!.dataSync()).toEqual(state.tensors['kernel/v']!.dataSync());
    tf.dispose([state.tensors, after.tensors, flat, bias!]);
    driver.dispose();
  });

  it('frees all its tensors', () => {
    const before = alive();
    const driver = driverOf(ADAM_DEFAULTS);
    run(driver, 2);
    const state = driver.state();
    driver.restore(state);
    tf.dispose(state.tensors);
    driver.dispose();
    expect(alive()).toEqual(before);
  });
});

describe('the fused optimizer', () => {
  it.each(CONFIGS)('computes what the eager one does: %s', (_, config) => {
    const [eager, fused] = [eagerDriver(config), fusedDriver(config)];
    for (let t = 0; t < STEPS; t++) {
      const gradients = Object.entries(START).map(([name, w]) => [name, w.map((value) => Math.sin(7 * value + t))]);
      for (const driver of [eager, fused]) driver.update(Object.fromEntries(gradients));
    }
    const [expected, found] = [eager.state(), fused.state()];
    for (const name of Object.keys(START)) expectClose(fused.weights()[name]!, eager.weights()[name]!, 1e-6);
    for (const [slot, value] of Object.entries(expected.tensors)) {
      expectClose([...found.tensors[slot]!.dataSync()], [...value.dataSync()], 1e-6);
    }
    tf.dispose([expected.tensors, found.tensors]);
    for (const { dispose } of [eager, fused]) dispose();
  });

  it.each(CONFIGS)('hands its state over to the eager one: %s', (_, config) => {
    const fused = fusedDriver(config);
    run(fused, 4);
    const eager = eagerDriver(config, fused.weights());
    const state = fused.state();
    eager.restore(state);
    for (const driver of [fused, eager]) run(driver, 4);
    for (const name of Object.keys(START)) expectClose(eager.weights()[name]!, fused.weights()[name]!, 1e-6);
    tf.dispose(state.tensors);
    eager.dispose();
  });

  it('keeps its views: the same aligned arrays, whatever it does', () => {
    const optimizer = new FusedOptimizer(ADAM_DEFAULTS, { a: { shape: [3] }, b: { shape: [70_000] } });
    const views = () => [
      optimizer.weights('a'),
      optimizer.gradient('a'),
      optimizer.weights('b'),
      optimizer.gradient('b'),
    ];
    const before = views();
    optimizer.apply(ALPHA, optimizer.gradientNorm());
    const state = optimizer.state();
    optimizer.restore(state);
    tf.dispose(state.tensors);
    views().forEach((view, i) => expect(view).toBe(before[i]));
    expect(before.map(({ length }) => length)).toEqual([3, 3, 70_000, 70_000]);
    for (const { byteOffset } of before) expect(byteOffset % 64).toBe(0);
    expect(optimizer.step).toBe(1);
  });

  it('knows the norm of the gradient over all variables', () => {
    const optimizer = new FusedOptimizer(ADAM_DEFAULTS, { a: { shape: [5] }, b: { shape: [2, 3] } });
    expect(optimizer.gradientNorm()).toBe(0);
    optimizer.gradient('a').set([1, 2, 3, 4, 5]);
    optimizer.gradient('b').set([6, 7, 8, 9, 10, 11]);
    expect(optimizer.gradientNorm()).toBeCloseTo(Math.sqrt((11 * 12 * 23) / 6), 12);
    optimizer.gradient('a').fill(1e30);
    optimizer.gradient('b').fill(0);
    expect(optimizer.gradientNorm() / (Math.fround(1e30) * Math.sqrt(5))).toBeCloseTo(1, 12);
  });

  it('notices every element of the gradient that is not finite', () => {
    const size = 19;
    const optimizer = new FusedOptimizer(ADAM_DEFAULTS, { a: { shape: [size] } });
    const g = optimizer.gradient('a');
    for (let i = 0; i < size; i++) {
      for (const value of [NaN, Infinity, -Infinity]) {
        g.fill(1);
        g[i] = value;
        expect(optimizer.gradientNorm()).toBe(Math.abs(value));
      }
    }
  });

  it('sets slots to zero once they are below the normal numbers', () => {
    const optimizer = new FusedOptimizer(optimizerSchema.parse('sgd'), { a: { shape: [2] } });
    const tensors = { 'a/momentum': tf.tensor1d([1e-39, 1e-30]) };
    optimizer.restore({ name: 'sgd', step: 1, tensors });
    optimizer.apply(ALPHA, optimizer.gradientNorm());
    const state = optimizer.state();
    const [subnormal, normal] = state.tensors['a/momentum']!.dataSync();
    expect(subnormal).toBe(0);
    expect(normal! / 0.9e-30).toBeCloseTo(1, 6);
    tf.dispose([tensors, state.tensors]);
  });

  it('is at home with no variables, and with empty ones', () => {
    for (const [, config] of CONFIGS) {
      const none = new FusedOptimizer(config, {});
      none.apply(ALPHA, none.gradientNorm());
      expect(none.gradientNorm()).toBe(0);
      const empty = new FusedOptimizer(config, { empty: { shape: [0, 3] }, one: { shape: [] } });
      empty.gradient('one').set([1]);
      empty.apply(ALPHA, empty.gradientNorm());
      expect(empty.weights('empty')).toHaveLength(0);
      expect(empty.weights('one')[0]).toBeLessThan(0);
    }
  });

  it('says which variable it does not know, and that there is too much of them', () => {
    expect(() => new FusedOptimizer(ADAM_DEFAULTS, {}).weights('w')).toThrow('The optimizer knows no variable w.');
    const huge = { w: { shape: [300_000, 1000] } };
    expect(() => new FusedOptimizer(ADAM_DEFAULTS, huge)).toThrow('needs 4.5 GiB; the maximum is 4 GiB.');
  });
});
