import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConvolutionalVAE, randomStream } from '../../../../../kernel/autoencoders/index';
import type { ConvolutionalVAEConfig } from '../../../../../kernel/autoencoders/index';
import { alive } from '../../../engine/backends';
import { binarySamples, mean, standardError } from '../../data';
import { expectFiniteDifferences, leaveKinks } from '../../gradients';

// The wasm backend lacks the gradient of a convolution by its kernel.
beforeAll(() => tf.setBackend('cpu'));

const input = { kind: 'image', height: 6, width: 5, channels: 1 } as const;
const CONFIG: ConvolutionalVAEConfig = { input, latent: 2, channels: [3, 4], seed: 3 };
const LOG_2_PI = Math.log(2 * Math.PI);
const data = binarySamples(8, 30);
const x = () => tf.tensor2d(data.values, [8, 30]);
const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

/** Weights that tell samples apart: the first ones give nearly the same q to all. */
function spread(model: ConvolutionalVAE): ConvolutionalVAE {
  const head = model.parameters['encoder.2.kernel']!;
  head.assign(head.mul(3));
  return model;
}

describe('the terms of a convolutional VAE', () => {
  it('are −log p(x|z) and log q(z|x) − log p(z) at one z for each image, as in float64', () => {
    const model = spread(new ConvolutionalVAE(CONFIG));
    const noise = model.inputs(randomStream(1, 'noise'), 8);
    const found = model.losses({ x: x(), ...noise });

    const q = model.posterior(data);
    const [mu, logVar, epsilon] = [q.mu, q.logVar, noise.epsilon].map((tensor) => [...tensor.dataSync()]);
    const z = mu!.map((m, i) => m + Math.exp(logVar![i]! / 2) * epsilon![i]!);
    const logQ = z.map((value, i) => {
      return -0.5 * (LOG_2_PI + logVar![i]! + (value - mu![i]!) ** 2 / Math.exp(logVar![i]!));
    });
    const logPrior = z.map((value) => -0.5 * (LOG_2_PI + value ** 2));
    const p = model.decode(tf.tensor2d(z, [8, 2])).dataSync();
    const logLikelihood = Array.from(data.values, (value, i) => Math.log(value === 1 ? p[i]! : 1 - p[i]!));

    expect(found.reconstruction.dataSync()[0]).toBeCloseTo(-sum(logLikelihood) / 8, 4);
    expect(found.kl.dataSync()[0]).toBeCloseTo((sum(logQ) - sum(logPrior)) / 8, 4);
    model.dispose();
  });

  it('have a kl whose mean over draws is the divergence in closed form', async () => {
    const model = spread(new ConvolutionalVAE(CONFIG));
    const exact = model.posterior(data).kl().mean().dataSync()[0]!;
    const estimates = [];
    for (let seed = 0; seed < 200; seed++) estimates.push((await model.score(data, { seed })).kl);
    expect(exact).toBeGreaterThan(0.1);
    expect(Math.abs(mean(estimates) - exact)).toBeLessThan(4 * standardError(estimates));
    model.dispose();
  });

  it('have the gradient of finite differences', () => {
    const model = new ConvolutionalVAE(CONFIG);
    leaveKinks(model.parameters);
    const noise = model.inputs(randomStream(9, 'noise'), 8);
    const loss = () => {
      const { reconstruction, kl } = model.losses({ x: x(), ...noise });
      return reconstruction.add(kl.mul(0.7)).asScalar();
    };
    expectFiniteDifferences(model.parameters, loss, 3e-3);
    model.dispose();
  });

  it('take grey pixels above the threshold as 1 and others as 0, unless told to keep them', () => {
    const grey = tf.tensor2d(
      data.values.map((value, i) => (value === 1 ? 0.41 + (i % 5) / 10 : 0.4 - (i % 4) / 10)),
      [8, 30],
    );
    const termsOf = (model: ConvolutionalVAE, input: tf.Tensor2D) => {
      const { reconstruction, kl } = model.losses({ x: input, ...model.inputs(randomStream(1, 'noise'), 8) });
      return [reconstruction.dataSync()[0], kl.dataSync()[0]];
    };
    const binary = new ConvolutionalVAE({ ...CONFIG, binarize: 0.4 });
    const kept = new ConvolutionalVAE(CONFIG);
    expect(termsOf(binary, grey)).toEqual(termsOf(binary, x()));
    expect(binary.encode(grey).dataSync()).toEqual(binary.encode(data).dataSync());
    expect(termsOf(kept, x())).toEqual(termsOf(binary, x()));
    expect(termsOf(kept, grey)).not.toEqual(termsOf(kept, x()));
    expect(kept.encode(grey).dataSync()).not.toEqual(kept.encode(data).dataSync());
    for (const model of [binary, kept]) model.dispose();
  });
});

describe('a convolutional VAE of colour images', () => {
  const colour = { kind: 'image', height: 6, width: 5, channels: 3 } as const;
  const pixels = randomStream(4, 'colours').uniforms(8 * 90);
  const images = { name: '', values: pixels, shape: colour, length: 8, width: 90 };
  const rows = () => tf.tensor2d(pixels, [8, 90]);

  it.each(['bernoulli', 'continuousBernoulli', 'gaussian'] as const)(
    'keeps their values: the terms are those of the %s likelihood at them, in float64',
    (likelihood) => {
      const model = spread(new ConvolutionalVAE({ ...CONFIG, input: colour, likelihood }));
      const noise = model.inputs(randomStream(1, 'noise'), 8);
      const { reconstruction } = model.losses({ x: rows(), ...noise });
      const z = model.posterior(images).reparameterize(noise.epsilon);
      const means = model.decode(z).dataSync();
      // log C of a continuous Bernoulli by its logits; λ = ½ takes the limit log 2.
      const logC = (logit: number) => Math.log(logit / 2 / Math.tanh(logit / 2) || 1) + Math.log(2);
      const logits = [...logitsOf(model, z)];
      const each = Array.from(pixels, (value, i) => {
        const [m, l] = [means[i]!, logits[i]!];
        if (likelihood === 'gaussian') return -0.5 * (LOG_2_PI + (value - m) ** 2);
        const crossEntropy = value * l - Math.log1p(Math.exp(l));
        return likelihood === 'bernoulli' ? crossEntropy : crossEntropy + logC(l);
      });
      expect(reconstruction.dataSync()[0]).toBeCloseTo(-sum(each) / 8, 3);
      model.dispose();
    },
  );

  it('fits them with a learned σ, which comes down from 1', async () => {
    const model = new ConvolutionalVAE({ ...CONFIG, input: colour, likelihood: 'gaussian' });
    await model.fit(images, { epochs: 60, batchSize: 8, learningRate: 0.02 });
    // Uniform values: √(1/12) about their mean.
    expect(await model.sigma()).toBeLessThan(0.45);
    model.dispose();
  });

  it('is not binarised but where that is asked for, and only with zeros and ones to be likely', () => {
    const create = (config: Partial<ConvolutionalVAEConfig>) => new ConvolutionalVAE({ ...CONFIG, ...config });
    expect(() => create({ binarize: 0.5, likelihood: 'gaussian' })).toThrow(
      'ConvolutionalVAE: "binarize" is 0.5, allowed only with likelihood "bernoulli".',
    );
    expect(() => create({ sigma: 0.1 })).toThrow('"sigma"');
  });
});

/** Logits of independent Bernoulli values. */
function logitsOf(model: ConvolutionalVAE, z: tf.Tensor2D): Float32Array {
  return (
    ((model.likelihood(z) as unknown as { logits?: tf.Tensor; mu?: tf.Tensor }).logits?.dataSync() as Float32Array) ??
    new Float32Array(z.shape[0] * 90)
  );
}

describe('a convolutional VAE', () => {
  it('learns: its bound rises above what independent pixels reach', async () => {
    const train = binarySamples(48, 30);
    const model = new ConvolutionalVAE({ ...CONFIG, channels: [6] });
    const history = await model.fit(train, { epochs: 20, batchSize: 16, learningRate: 0.02 });
    const { elbo, total } = await model.score(train);
    const frequencies = Array.from({ length: 30 }, (_, j) => {
      return mean(Array.from({ length: 48 }, (_, i) => train.values[30 * i + j]!));
    });
    const independent = sum(frequencies.map((p) => p * Math.log(p) + (1 - p) * Math.log(1 - p)));
    expect(elbo).toBeGreaterThan(independent + 5);
    expect(total).toBeCloseTo(-elbo, 4);
    expect(history.unit).toBe('nats per image');
    model.dispose();
  });

  it('refuses data outside [0, 1] and has the defaults of the tutorial', async () => {
    const model = new ConvolutionalVAE({ input });
    expect(model.config).toMatchObject({
      latent: 2,
      channels: [32, 64],
      binarize: null,
      likelihood: { name: 'bernoulli' },
      beta: 1,
    });
    expect(model.name).toBe('convolutional VAE, 2 latents');
    const bytes = { ...data, values: data.values.map((value) => 255 * value) };
    await expect(model.fit(bytes, { epochs: 1 })).rejects.toThrow('a Bernoulli likelihood needs it; scale the data');
    model.dispose();
  });

  it('encodes to the posterior mean, decodes, reconstructs and samples by seed', () => {
    const model = new ConvolutionalVAE(CONFIG);
    const z = model.encode(data);
    expect(z.dataSync()).toEqual(model.posterior(data).mode().dataSync());
    expect(model.reconstruct(data).dataSync()).toEqual(model.decode(z).dataSync());
    const samples = model.sample(3, { seed: 8 });
    expect(samples.shape).toEqual([3, 30]);
    expect(samples.dataSync().every((value) => value > 0 && value < 1)).toBe(true);
    expect(model.sample(3, { seed: 8 }).dataSync()).toEqual(samples.dataSync());
    expect(model.sample(3, { seed: 9 }).dataSync()).not.toEqual(samples.dataSync());
    model.dispose();
  });

  it('keeps no tensors but its results, and none when it is disposed', async () => {
    const start = alive();
    const model = new ConvolutionalVAE(CONFIG);
    await model.fit(data, { epochs: 1 });
    const before = alive();
    const q = model.posterior(data);
    tf.dispose([model.encode(data), model.decode([[0, 0]]), model.sample(2), model.reconstruct(data)]);
    q.dispose();
    await model.score(data);
    await model.fit(data, { epochs: 1 });
    expect(alive()).toEqual(before);
    model.dispose();
    expect(alive()).toEqual(start);
  });
});
