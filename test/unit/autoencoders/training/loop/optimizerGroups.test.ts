import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  AdversarialAutoencoder,
  ConfigurationError,
  defineModel,
  DenoisingAutoencoder,
  FactorVAE,
  KSparseAutoencoder,
  LatentDiffusionAutoencoder,
  MHVAE,
  mlp,
  piecewise,
  VAE,
  VQVAE,
} from '../../../../../kernel/autoencoders/index';
import type { FitOptions, Schedule } from '../../../../../kernel/autoencoders/index';
import type { OptimizerOptions } from '../../../../../kernel/engine/index';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import { trained, type Create } from '../../../engine/tracedIsEager';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { everything, temporaryFolder } from '../support';

beforeAll(useWasm);
afterEach(() => setRuntime('eager'));

const pathTo = temporaryFolder();
const train = binarySamples(50, 12);
const OPTIONS: FitOptions = { epochs: 2, batchSize: 16, learningRate: 0.01, seed: 3 };
const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const adversary = {
  parameters: '*iscriminator*',
  optimizer: { name: 'rmsprop' as const, clipNorm: 0.3 },
  learningRateScale: 0.5,
};
const optimizer = {
  ...{ name: 'adamw' as const, weightDecay: 0.1, averageWeights: { decay: 0.9 } },
  groups: [adversary, { parameters: ['*.bias', '!*iscriminator*'], weightDecay: 0 }],
} satisfies OptimizerOptions;

const newFactorVAE = () =>
  new FactorVAE({ input: 12, latent: 2, hidden: [8], discriminator: { hidden: [6] }, seed: 1, optimizer });

const MODELS: Record<string, Create> = {
  FactorVAE: ({ seed }) =>
    new FactorVAE({ input: 12, latent: 2, hidden: [8], discriminator: { hidden: [6] }, seed, optimizer }),
  AdversarialAutoencoder: ({ seed }) =>
    new AdversarialAutoencoder({ input: 12, latent: 2, hidden: [8], seed, optimizer }),
  LatentDiffusionAutoencoder: ({ seed }) =>
    new LatentDiffusionAutoencoder({
      ...{ input: image, channels: [2, 4], latentChannels: 1, attention: false, discriminatorChannels: [2, 3] },
      ...{ discriminatorStart: 0, seed, optimizer },
    }),
};

describe.each(Object.entries(MODELS))('an adversary with its own optimizer: %s', (_, create) => {
  it('is trained by it in the traced step as in the eager one', async () => {
    const given = [4, { name: 'adam' }] as const;
    const { setBackend } = await import('@tensorflow/tfjs');
    await setBackend('cpu');
    const [eager, traced] = [await trained(create, 'eager', ...given), await trained(create, 'cpu', ...given)];
    for (const [name, expected] of Object.entries(eager.variables)) {
      const off = Math.hypot(...traced.variables[name]!.map((value, i) => value - expected[i]!));
      expect(off, name).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.hypot(...expected)));
    }
    await useWasm();
  });

  it('has parameters that the pattern finds, and others that it does not', () => {
    const model = create({ seed: 1, optimizer: { name: 'adam' } });
    const { tensors } = model.step.optimizerState();
    const names = Object.keys(model.parameters);
    const own = names.filter((name) => name.includes('iscriminator'));
    expect(own.length).toBeGreaterThan(0);
    expect(own.length).toBeLessThan(names.length);
    for (const name of names) {
      const slots = own.includes(name) ? ['v', 'average'] : ['m', 'v', 'average'];
      expect(Object.keys(tensors).filter((slot) => slot.startsWith(`${name}/`))).toEqual(
        slots.map((slot) => `${name}/${slot}`),
      );
    }
    model.dispose();
  });
});

describe.each(['eager', 'cpu'] as const)('a model with groups of parameters, %s,', (runtime) => {
  it('resumes exactly from a checkpoint: the state of every group is in it', async () => {
    setRuntime(runtime);
    const [through, stopped] = [newFactorVAE(), newFactorVAE()];
    for (let time = 0; time < 2; time++) await through.fit(train, OPTIONS);
    await stopped.fit(train, OPTIONS);
    await stopped.save(pathTo(`groups-${runtime}`));
    const resumed = await FactorVAE.load(pathTo(`groups-${runtime}`));
    expect(resumed.config.optimizer).toEqual(stopped.config.optimizer);
    await resumed.fit(train, OPTIONS);
    expect(await everything(resumed)).toEqual(await everything(through));
    for (const model of [through, stopped, resumed]) model.dispose();
  });

  it('keeps frozen weights as they are, trains the others on them, and keeps them in checkpoints', async () => {
    setRuntime(runtime);
    const frozenGroup = { name: 'adam', groups: [{ parameters: 'encoder.*', trainable: false }] } as const;
    const model = new VAE({ input: 12, latent: 2, hidden: [8], seed: 1, optimizer: frozenGroup });
    const values = async (of: VAE) => {
      const read = Object.entries(of.parameters).map(async ([name, w]) => [name, [...(await w.data())]] as const);
      return Object.fromEntries(await Promise.all(read));
    };
    const before = await values(model);
    const history = await model.fit(train, { ...OPTIONS, epochs: 8 });
    expect(model.step.eagerBecause).toBeUndefined();
    const { values: totals } = history.series.find(({ name }) => name === 'total')!;
    expect(totals.at(-1)).toBeLessThan(totals[0]!);
    const after = await values(model);
    for (const [name, weights] of Object.entries(after)) {
      if (name.startsWith('encoder.')) expect(weights).toEqual(before[name]);
      else expect(weights).not.toEqual(before[name]);
    }
    await model.save(pathTo(`frozen-${runtime}`));
    const loaded = await VAE.load(pathTo(`frozen-${runtime}`));
    expect(await values(loaded)).toEqual(after);
    for (const one of [model, loaded]) one.dispose();
  });
});

describe('a model with groups of parameters', () => {
  const misnamed = { name: 'adam' as const, groups: [{ parameters: 'discriminater.*', trainable: false }] };
  const twice = { name: 'adam' as const, groups: [{ parameters: '*.bias' }, { parameters: ['encoder.*', 'head.*'] }] };
  const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
  const Own = defineModel('Own', (_: object, { network, shape }) => {
    const encoder = network('encoder', mlp([2]), { from: shape, to: [2] });
    return { terms: ({ x }) => ({ mean: encoder.apply(x).mean() }) };
  });
  const makers: Record<string, (optimizer: OptimizerOptions) => unknown> = {
    VAE: (optimizer) => new VAE({ input: 12, latent: 2, optimizer }),
    FactorVAE: (optimizer) => new FactorVAE({ input: 12, latent: 2, optimizer }),
    MHVAE: (optimizer) => new MHVAE({ input: 12, latents: [3, 2], optimizer }),
    DenoisingAutoencoder: (optimizer) => new DenoisingAutoencoder({ input: 12, latent: 2, optimizer }),
    KSparseAutoencoder: (optimizer) => new KSparseAutoencoder({ input: 12, optimizer }),
    AdversarialAutoencoder: (optimizer) => new AdversarialAutoencoder({ input: 12, latent: 2, optimizer }),
    VQVAE: (optimizer) => new VQVAE({ input: 12, optimizer }),
    LatentDiffusionAutoencoder: (optimizer) => new LatentDiffusionAutoencoder({ input: image, optimizer }),
    defined: (optimizer) => new Own({ input: 12, optimizer }),
  };

  it.each(Object.entries(makers))('%s: is refused when it is made, where two groups claim a parameter', (_, make) => {
    expect(() => make(twice)).toThrow(ConfigurationError);
    expect(() => make(twice)).toThrow(
      /"\*\.bias", and groups\.1\.parameters, \["encoder\.\*","head\.\*"\], both claim encoder\./,
    );
  });

  it('trains each group by its own schedule: swapped with that of fit, the weights are the same', async () => {
    const schedule = piecewise([
      [0, 0.1],
      [3, 0.01],
    ]);
    const create = (parameters: string | string[], learningRate: Schedule) =>
      new VAE({ input: 12, latent: 2, hidden: [8], seed: 1, optimizer: { name: 'adamw', groups: [{ parameters, learningRate }] } }); // prettier-ignore
    const [one, other] = [create('encoder.*', schedule), create(['*', '!encoder.*'], 0.02)];
    const history = await one.fit(train, { ...OPTIONS, learningRate: 0.02 });
    await other.fit(train, { ...OPTIONS, learningRate: schedule });
    const weights = (model: VAE) => Object.values(model.parameters).map((w) => [...w.dataSync()]);
    expect(weights(one)).toEqual(weights(other));
    expect(history.schedules.map(({ name }) => name)).toContain('learning rate of encoder.*');
    await one.save(pathTo('rates'));
    const again = await VAE.load(pathTo('rates'));
    expect(again.config.optimizer).toEqual(one.config.optimizer);
    for (const model of [one, other, again]) model.dispose();
  });

  it('hears what is wrong with a group’s learning rate', () => {
    const rate = (learningRate: unknown) => () =>
      new VAE({
        input: 12,
        latent: 2,
        optimizer: { name: 'adam', groups: [{ parameters: '*', learningRate }] } as never,
      });
    expect(rate(-1)).toThrow('"optimizer.groups.0.learningRate" is -1, expected a number ≥ 0 or a schedule');
    expect(rate({ schedule: 'linear' })).toThrow(
      '"optimizer.groups.0.learningRate" is {"schedule":"linear"}, expected a',
    );
    expect(rate({ ...piecewise([[0, 1]]), points: [[1, 2]] })).toThrow('expected a first point at step 0');
  });

  it('is refused by fit, by name, where a pattern finds no parameter, before anything is done', async () => {
    const model = new VAE({ input: 12, latent: 2, hidden: [8], seed: 1, optimizer: misnamed });
    const failed = model.fit(train, OPTIONS);
    await expect(failed).rejects.toThrow(ConfigurationError);
    await expect(failed).rejects.toThrow(
      'VAE, 2 latents: "optimizer.groups.0.parameters" is "discriminater.*", which matches no parameter; ' +
        'the parameters are encoder.0.kernel, encoder.0.bias, ',
    );
    expect(model.position.unfinished).toBeNull();
    model.dispose();
  });

  it('refuses a checkpoint in which the state of a group is missing', async () => {
    const model = newFactorVAE();
    await model.fit(train, OPTIONS);
    const path = pathTo('damaged');
    await model.save(path);
    const file = join(path, 'checkpoint.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as { config: { optimizer: { groups: unknown[] } } };
    // As though the discriminator had Adam's slots.
    json.config.optimizer.groups.shift();
    await writeFile(file, JSON.stringify(json));
    await expect(FactorVAE.load(path)).rejects.toThrow(/the weights lack optimizer\/discriminator\.0\.kernel\/m/);
    model.dispose();
  });
});
