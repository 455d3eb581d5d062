import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { optimizerSchema } from '../../../../kernel/engine/index';
import type { OptimizerOptions, StepInputs } from '../../../../kernel/engine/index';
import { partsOf } from '../../../../kernel/engine/optimizers/parts';
import { alive, useWasm } from '../backends';
import { RUNTIMES } from '../everyRuntime';
import { reference } from './references';

beforeAll(useWasm);

type Values = Record<string, readonly number[]>;

const START: Values = {
  'encoder.kernel': [0.4, -1, 0.25, -3, 1.9],
  'encoder.bias': [0.3, -0.2],
  'decoder.kernel': [2, 0.7, -0.4],
  'discriminator.kernel': [-0.6, 1.3, 0.8, 0.1],
  'discriminator.bias': [0.15],
};
const NAMES = Object.keys(START);
const ALPHA = 0.05;
const STEPS = 8;

/** The gradient of ½ Σ (i + 1)(wᵢ − 1)² for each variable. */
const gradient = (w: readonly number[]) => w.map((value, i) => (i + 1) * (value - 1));

const inputs = (): StepInputs => ({ tensors: {}, weights: {}, learningRate: ALPHA });

function expectClose(found: ArrayLike<number>, expected: readonly number[], tolerance = 5e-6): void {
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(tolerance));
  expect(found).toHaveLength(expected.length);
}

describe.each(RUNTIMES)('groups of parameters, %s:', (_, stepOf) => {
  function start(optimizer: OptimizerOptions) {
    const variables = Object.fromEntries(
      NAMES.map((name) => [name, tf.tidy(() => tf.variable(tf.tensor1d([...START[name]!])))]),
    );
    const terms = () => {
      const loss = (w: tf.Variable) =>
        w
          .sub(1)
          .square()
          .mul(tf.range(1, w.size + 1))
          .sum()
          .mul(0.5);
      return { losses: { distance: tf.addN(Object.values(variables).map(loss)) } };
    };
    const step = stepOf({ trainable: variables, state: {}, terms, optimizer: optimizerSchema.parse(optimizer) });
    const weights = async () => {
      const values = await Promise.all(
        NAMES.map(async (name) => [name, [...(await variables[name]!.data())]] as const),
      );
      return Object.fromEntries(values);
    };
    const dispose = () => {
      step.dispose();
      tf.dispose(variables);
    };
    return { step, variables, weights, dispose };
  }

  const ownRule = { name: 'sgd', momentum: 0.5 } as const;
  const groups = [
    { parameters: 'discriminator.*', optimizer: ownRule, learningRateScale: 0.2 },
    { parameters: ['*.bias', '!discriminator.*'], weightDecay: 0 },
    { parameters: 'decoder.kernel', learningRateScale: 0.5 },
  ];
  const mixed: OptimizerOptions = { name: 'adamw', weightDecay: 0.3, groups };

  /** What each variable has, by the group that its name matches. */
  const rules: Record<string, [OptimizerOptions, number]> = {
    'encoder.kernel': [{ name: 'adamw', weightDecay: 0.3 }, ALPHA],
    'encoder.bias': [{ name: 'adamw', weightDecay: 0 }, ALPHA],
    'decoder.kernel': [{ name: 'adamw', weightDecay: 0.3 }, ALPHA / 2],
    'discriminator.kernel': [ownRule, ALPHA / 5],
    'discriminator.bias': [ownRule, ALPHA / 5],
  };

  it('follow the rule, the learning rate and the weight decay of theirs', async () => {
    const { step, weights, dispose } = start(mixed);
    for (let t = 0; t < STEPS; t++) await step.run(inputs());
    const found = await weights();
    for (const [name, [rule, alpha]] of Object.entries(rules)) {
      expectClose(found[name]!, reference(optimizerSchema.parse(rule), START[name]!, gradient, alpha, STEPS));
    }
    dispose();
  });

  it('go on bit for bit from a restored state, which has the slots of every rule', async () => {
    const [through, stopped, resumed] = [start(mixed), start(mixed), start(mixed)];
    for (let t = 0; t < STEPS; t++) await through.step.run(inputs());
    for (let t = 0; t < 3; t++) await stopped.step.run(inputs());
    const state = stopped.step.optimizerState();
    expect(Object.keys(state.tensors).sort()).toEqual(
      NAMES.flatMap((name) =>
        rules[name]![0].name === 'sgd' ? [`${name}/momentum`] : [`${name}/m`, `${name}/v`],
      ).sort(),
    );
    const before = await stopped.weights();
    for (const [name, variable] of Object.entries(resumed.variables)) {
      tf.tidy(() => variable.assign(tf.tensor1d([...before[name]!])));
    }
    resumed.step.restoreOptimizer(state);
    for (let t = 3; t < STEPS; t++) await resumed.step.run(inputs());
    expect(await resumed.weights()).toEqual(await through.weights());
    tf.dispose(state.tensors);
    for (const { dispose } of [through, stopped, resumed]) dispose();
  });

  it('that are frozen stay, without slots, and outside of the gradient norm', async () => {
    const { step, weights, dispose } = start({
      name: 'adam',
      averageWeights: { decay: 0.9 },
      groups: [{ parameters: 'encoder.*', trainable: false }],
    });
    const trained = NAMES.filter((name) => !name.startsWith('encoder.'));
    const { gradientNorm } = await step.run(inputs());
    expect(gradientNorm).toBeCloseTo(Math.hypot(...trained.flatMap((name) => gradient(START[name]!))), 5);
    const found = await weights();
    for (const name of NAMES) {
      if (trained.includes(name)) expect(found[name]).not.toEqual(START[name]!.map(Math.fround));
      else expect(found[name]).toEqual(START[name]!.map(Math.fround));
    }
    const { tensors } = step.optimizerState();
    expect(Object.keys(tensors).some((slot) => slot.startsWith('encoder.'))).toBe(false);
    tf.dispose(tensors);
    dispose();
  });

  it('with a rule of their own clip by their own norm, the others by that of the rest', async () => {
    const [most, least] = [2, 0.1];
    const { step, weights, dispose } = start({
      name: 'sgd',
      momentum: 0,
      clipNorm: most,
      groups: [
        { parameters: 'discriminator.*', optimizer: { ...ownRule, clipNorm: least } },
        { parameters: ['*.bias', '!discriminator.*'], learningRateScale: 0.5 },
      ],
    });
    await step.run(inputs());
    const found = await weights();
    const own = NAMES.filter((name) => name.startsWith('discriminator.'));
    const rest = NAMES.filter((name) => !own.includes(name));
    for (const [names, limit] of [
      [own, least],
      [rest, most],
    ] as const) {
      const norm = Math.hypot(...names.flatMap((name) => gradient(START[name]!)));
      expect(norm).toBeGreaterThan(limit);
      for (const name of names) {
        const alpha = name === 'encoder.bias' ? ALPHA / 2 : ALPHA;
        const expected = START[name]!.map((w, i) => w - (alpha * limit * gradient(START[name]!)[i]!) / norm);
        expectClose(found[name]!, expected, 1e-6);
      }
    }
    dispose();
  });

  it('may have a learning rate of their own, of each step, whatever that of the others is', async () => {
    const { step, weights, dispose } = start({
      name: 'sgd',
      momentum: 0,
      groups: [
        { parameters: 'encoder.*', learningRate: 1 },
        { parameters: ['*.bias', '!encoder.*'], learningRateScale: 3 },
      ],
    });
    const expected: Record<string, number[]> = Object.fromEntries(NAMES.map((name) => [name, [...START[name]!]]));
    for (const rate of [0.02, 0.3, 0]) {
      await step.run({ ...inputs(), groupLearningRates: { 0: rate } });
      for (const name of NAMES) {
        const own = name.startsWith('encoder.') ? rate : name.endsWith('.bias') ? 3 * ALPHA : ALPHA;
        const slope = gradient(expected[name]!);
        expected[name] = expected[name]!.map((w, i) => w - own * slope[i]!);
      }
    }
    const found = await weights();
    for (const name of NAMES) expectClose(found[name]!, expected[name]!);
    dispose();
  });

  it('average the weights as Polyak and Adam’s correction say: the weighted mean of those after each update', async () => {
    const decay = 0.7;
    const { step, weights, dispose } = start({ ...mixed, averageWeights: { decay } });
    const history: Values[] = [];
    for (let t = 1; t <= STEPS; t++) {
      await step.run(inputs());
      history.push(await weights());
      const { tensors } = step.optimizerState();
      for (const name of NAMES) {
        const expected = START[name]!.map((_, i) => {
          const sum = history.reduce((total, w, s) => total + (1 - decay) * decay ** (t - s - 1) * w[name]![i]!, 0);
          return sum / (1 - decay ** t);
        });
        expectClose(await tensors[`${name}/average`]!.data(), expected, 1e-6);
      }
      tf.dispose(tensors);
    }
    dispose();
  });

  it('free all their tensors', async () => {
    const before = alive();
    const { step, dispose } = start({ ...mixed, clipNorm: 1, averageWeights: { decay: 0.9 } });
    for (let t = 0; t < 3; t++) await step.run(inputs());
    dispose();
    expect(alive()).toEqual(before);
  });
});

describe('groups that do not fit', () => {
  const variables = Object.fromEntries(NAMES.map((name) => [name, {}]));
  const parts =
    (...groups: NonNullable<OptimizerOptions['groups']>) =>
    () =>
      partsOf(optimizerSchema.parse({ name: 'adamw', groups }), variables);

  it('are refused by name, with the parameters that there are', () => {
    expect(parts({ parameters: 'discriminater.*' })).toThrow(
      '"optimizer.groups.0.parameters" is "discriminater.*", which matches no parameter; the parameters are ' +
        'encoder.kernel, encoder.bias, decoder.kernel, discriminator.kernel, discriminator.bias.',
    );
    // A dot is a dot.
    expect(parts({ parameters: 'encoder.*' }, { parameters: 'decoder?kernel' })).toThrow('groups.1.parameters');
    expect(parts({ parameters: 'encoder' })).toThrow('matches no parameter');
    expect(parts({ parameters: 'encoder.*' }, { parameters: '*.bias' })).toThrow(
      '"optimizer.groups": groups.0.parameters, "encoder.*", and groups.1.parameters, "*.bias", both claim encoder.bias; ' +
        'leave a parameter out of one of them, as in ["*.bias", "!discriminator.*"]; the parameters are encoder.kernel, ',
    );
    expect(parts({ parameters: '*', trainable: false })).toThrow(
      'freezes every parameter, so there is nothing left to train',
    );
  });

  it('match by name, with * for any characters', () => {
    const names = (pattern: string | string[]) =>
      Object.keys(parts({ parameters: pattern, weightDecay: 0 })().at(-1)!.variables);
    expect(names('encoder.bias')).toEqual(['encoder.bias']);
    expect(names('*coder.*')).toEqual(['encoder.kernel', 'encoder.bias', 'decoder.kernel']);
    expect(names('d*.k*l')).toEqual(['decoder.kernel', 'discriminator.kernel']);
    expect(names('*')).toEqual(NAMES);
    expect(names(['*.bias', 'decoder.*', '!discriminator.*'])).toEqual(['encoder.bias', 'decoder.kernel']);
  });

  it.each([
    [{ parameters: '*', weightDecay: 0 }, 'adam has no weight decay'],
    [{ parameters: '*', trainable: false, learningRateScale: 2 }, 'such a group does not train'],
    [{ parameters: '*', optimizer: 'adagrad' }, 'expected one of "adam", "adamw"'],
    [{ parameters: '*', learningRateScale: 0 }, 'too_small'],
    [{ parameters: '*', learningRate: 'fast' }, 'expected a number or a schedule'],
    [{ parameters: '*', learningRate: 1, learningRateScale: 2 }, 'allowed only without "learningRate"'],
    [{ parameters: '' }, 'too_small'],
    [{ parameters: [] }, 'too_small'],
    [{ parameters: 3 }, 'expected a pattern of names'],
    [{ parameters: '*', optimizer: { name: 'adam', groups: [] } }, 'unrecognized_keys'],
  ])('are refused before that: %j', (group, message) => {
    const result = optimizerSchema.safeParse({ name: 'adam', groups: [group] });
    expect(JSON.stringify(result.error?.issues).replaceAll('\\"', '"')).toContain(message);
  });
});
