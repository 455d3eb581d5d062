import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { AdversarialAutoencoder, convolutional, randomStream } from '../../../../../kernel/autoencoders/index';
import type { AdversarialAutoencoderConfig } from '../../../../../kernel/autoencoders/index';
import { alive } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { expectFiniteDifferences, leaveKinks } from '../../gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const [n, d] = [12, 6];
const data = binarySamples(n, d);
const CONFIG: AdversarialAutoencoderConfig = { input: d, latent: 2, hidden: [5], discriminatorHidden: [4], seed: 4 };
const x = () => tf.tensor2d(data.values, [n, d]);

function parts(model: AdversarialAutoencoder, part: string): Record<string, tf.Variable> {
  return Object.fromEntries(Object.entries(model.parameters).filter(([name]) => name.startsWith(part)));
}

function weighted(model: AdversarialAutoencoder, weights: Record<string, number>): tf.Scalar {
  const terms: Record<string, tf.Tensor> = model.losses({ x: x(), ...model.inputs(randomStream(1, 'noise'), n) });
  return tf.addN(Object.entries(weights).map(([name, weight]) => terms[name]!.mul(weight))).asScalar();
}

describe('the terms of an adversarial autoencoder', () => {
  it('are the squared error and the cross-entropies of the logits', () => {
    const model = new AdversarialAutoencoder(CONFIG);
    const noise = model.inputs(randomStream(1, 'noise'), n);
    const terms = model.losses({ x: x(), ...noise });
    const z = model.encode(data);
    const [real, fake] = [noise.prior, z].map((rows) => Array.from(model.discriminatorLogits(rows).dataSync()));
    const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    const D = (logit: number) => 1 / (1 + Math.exp(-logit));
    const squares = x().sub(model.decode(z)).square().sum().dataSync()[0]! / n;
    expect(terms.reconstruction.dataSync()[0]).toBeCloseTo(squares, 4);
    expect(terms.adversarial.dataSync()[0]).toBeCloseTo(-mean(fake!.map((l) => Math.log(D(l)))), 5);
    const expected = -mean(real!.map((l) => Math.log(D(l)))) - mean(fake!.map((l) => Math.log(1 - D(l))));
    expect(terms.discriminator.dataSync()[0]).toBeCloseTo(expected, 5);
    const right = (mean(real!.map((l) => Number(l > 0))) + mean(fake!.map((l) => Number(l < 0)))) / 2;
    expect(terms.discriminatorAccuracy.dataSync()[0]).toBeCloseTo(right, 6);
    model.dispose();
  });

  it('train each player by its own loss alone', () => {
    const model = new AdversarialAutoencoder(CONFIG);
    const moves = (term: string) => {
      const { grads } = tf.variableGrads(() => weighted(model, { [term]: 1, reconstruction: 0 }), Object.values(model.parameters)); // prettier-ignore
      return ['encoder', 'decoder', 'discriminator'].filter((part) =>
        Object.values(parts(model, part)).some(({ name }) => (grads[name]?.abs().sum().dataSync()[0] ?? 0) > 0),
      );
    };
    expect(moves('adversarial')).toEqual(['encoder']);
    expect(moves('discriminator')).toEqual(['discriminator']);
    expect(moves('discriminatorAccuracy')).toEqual([]);
    model.dispose();
  });

  it('have the gradients of finite differences, for each player with the other held fixed', () => {
    const model = new AdversarialAutoencoder({ ...CONFIG, loss: 'crossEntropy' });
    leaveKinks(model.parameters);
    const coders = { ...parts(model, 'encoder'), ...parts(model, 'decoder') };
    expectFiniteDifferences(coders, () => weighted(model, { reconstruction: 1, adversarial: 0.7 }), 5e-3);
    expectFiniteDifferences(parts(model, 'discriminator'), () => weighted(model, { discriminator: 1 }), 5e-3);
    model.dispose();
  });
});

describe('an adversarial autoencoder', () => {
  it('has the weight of the paper’s table unless told, and says what it minimises', () => {
    const model = new AdversarialAutoencoder(CONFIG);
    const { terms, effectiveBeta } = model.explain();
    expect(terms.map(({ name, weight }) => [name, weight])).toEqual([
      ['reconstruction', 1],
      ['adversarial', 0.5],
      ['discriminator', 1],
      ['discriminatorAccuracy', 0],
    ]);
    expect(effectiveBeta).toBeNull();
    model.dispose();
  });

  it('counts what is only reported for nothing in the total', async () => {
    const model = new AdversarialAutoencoder(CONFIG);
    const { reconstruction, adversarial, discriminator, total } = await model.score(data);
    expect(total).toBeCloseTo(reconstruction! + 0.5 * adversarial! + discriminator!, 5);
    model.dispose();
  });

  it('is of convolutions, with a likelihood, where its configuration says so', async () => {
    const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
    const maps = { encoder: convolutional({ channels: [4] }), decoder: convolutional({ channels: [4] }) };
    const model = new AdversarialAutoencoder({ input: image, latent: 2, ...maps, likelihood: 'gaussian', sigma: 2 });
    const rows = tf.tensor2d(randomStream(2, 'x').uniforms(5 * 64), [5, 64]);
    const squares = Array.from(rows.sub(model.reconstruct(rows)).square().sum(1).dataSync());
    const nats = squares.map((square) => square / 8 + 64 * (Math.log(2) + 0.5 * Math.log(2 * Math.PI)));
    const expected = nats.reduce((sum, value) => sum + value, 0) / 5;
    expect((await model.score(rows))['reconstruction']! / expected).toBeCloseTo(1, 5);
    const folder = await mkdtemp(join(tmpdir(), 'adversarial-'));
    await model.save(join(folder, 'model'));
    const loaded = await AdversarialAutoencoder.load(join(folder, 'model'));
    expect(await loaded.score(rows)).toEqual(await model.score(rows));
    await rm(folder, { recursive: true });
    model.dispose();
    loaded.dispose();
  });

  it('samples what the decoder makes of draws of the prior', () => {
    const model = new AdversarialAutoencoder(CONFIG);
    const z = model.drawPrior(5, { seed: 3 });
    expect([...model.sample(5, { seed: 3 }).dataSync()]).toEqual([...model.decode(z).dataSync()]);
    expect(model.sample(5, { seed: 3 }).shape).toEqual([5, d]);
    model.dispose();
  });

  it('comes back from a checkpoint as it was', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'adversarial-'));
    const model = new AdversarialAutoencoder({ ...CONFIG, prior: { prior: 'swissRoll' } });
    await model.fit(data, { epochs: 1 });
    await model.save(join(folder, 'model'));
    const loaded = await AdversarialAutoencoder.load(join(folder, 'model'));
    expect(JSON.stringify(loaded.config)).toBe(JSON.stringify(model.config));
    expect(await loaded.score(data)).toEqual(await model.score(data));
    await rm(folder, { recursive: true });
    model.dispose();
    loaded.dispose();
  });

  it('keeps no tensors but its results, and none when it is disposed', async () => {
    const start = alive();
    const model = new AdversarialAutoencoder(CONFIG);
    await model.fit(data, { epochs: 1 });
    const before = alive();
    tf.dispose([model.sample(3), model.drawPrior(2), model.discriminatorLogits([[0, 1]])]);
    await model.fit(data, { epochs: 2 });
    await model.score(data);
    expect(alive()).toEqual(before);
    model.dispose();
    expect(alive()).toEqual(start);
  });

  it('refuses priors that its latents have no room for', () => {
    const roll = { ...CONFIG, latent: 3, prior: { prior: 'swissRoll' } as const };
    expect(() => new AdversarialAutoencoder(roll)).toThrow('a swiss roll exactly 2');
    const mixture = { ...CONFIG, latent: 1, prior: { prior: 'gaussianMixture' } as const };
    expect(() => new AdversarialAutoencoder(mixture)).toThrow('a mixture needs 2 latents or more');
  });
});

describe('a prior', () => {
  const draws = (config: Partial<AdversarialAutoencoderConfig>) => {
    const model = new AdversarialAutoencoder({ ...CONFIG, ...config });
    const rows = model.drawPrior(4000, { seed: 8 }).arraySync();
    model.dispose();
    return rows;
  };

  it('of a mixture has its components on a circle, narrower across than along', () => {
    const rows = draws({ prior: { prior: 'gaussianMixture', components: 5, radius: 6, along: 0.4, across: 0.1 } });
    const polar = rows.map(([a, b]) => {
      const angle = (Math.atan2(b!, a!) * 5) / (2 * Math.PI);
      return { component: (Math.round(angle) + 5) % 5, off: (angle - Math.round(angle)) * (2 * Math.PI * 6) / 5, radius: Math.hypot(a!, b!) }; // prettier-ignore
    });
    const deviation = (values: number[], about: number) =>
      Math.sqrt(values.reduce((sum, value) => sum + (value - about) ** 2, 0) / values.length);
    for (let c = 0; c < 5; c++) {
      expect(polar.filter(({ component }) => component === c).length / 4000).toBeCloseTo(0.2, 1);
    }
    expect(
      Math.abs(
        deviation(
          polar.map(({ radius }) => radius),
          6,
        ) - 0.4,
      ),
    ).toBeLessThan(0.03);
    expect(
      Math.abs(
        deviation(
          polar.map(({ off }) => off),
          0,
        ) - 0.1,
      ),
    ).toBeLessThan(0.01);
  });

  it('of a swiss roll lies along a spiral, evenly by area', () => {
    const rows = draws({ prior: { prior: 'swissRoll', turns: 1.5, radius: 3, noise: 1e-3 } });
    const inner = rows.filter(([a, b]) => Math.hypot(a!, b!) < 1.5).length;
    expect(Math.abs(inner / 4000 - 0.25)).toBeLessThan(0.03);
    for (const [a, b] of rows) {
      const radius = Math.hypot(a!, b!);
      const angle = 2 * Math.PI * 1.5 * (radius / 3);
      expect(Math.hypot(a! - radius * Math.cos(angle), b! - radius * Math.sin(angle))).toBeLessThan(0.03);
    }
  });
});
