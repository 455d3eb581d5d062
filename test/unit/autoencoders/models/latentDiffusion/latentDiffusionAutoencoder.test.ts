import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  LatentDiffusionAutoencoder,
  ProbeClassifier,
  randomStream,
  scheduleValue,
  VQLatentDiffusionAutoencoder,
} from '../../../../../kernel/autoencoders/index';
import { PerceptualDistance } from '../../../../../kernel/autoencoders/networks/adversarial/perceptual';
import { alive } from '../../../engine/backends';
import { binarySamples } from '../../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const input = { kind: 'image', height: 6, width: 6, channels: 1 } as const;
const [n, d] = [4, 36];
const CONFIG = {
  input,
  channels: [4, 4],
  latentChannels: 2,
  discriminatorChannels: [3],
  discriminatorStart: 5,
  seed: 3,
};
const data = binarySamples(n, d);
const x = () => tf.tensor2d(data.values, [n, d]);
const newProbe = () => new ProbeClassifier({ input, classes: 2, channels: [3, 4], features: 2, seed: 7 });
const kl = (probe: ProbeClassifier | null = null) => new LatentDiffusionAutoencoder(CONFIG, probe);
const vq = (probe: ProbeClassifier | null = null) =>
  new VQLatentDiffusionAutoencoder({ ...CONFIG, codebookSize: 5 }, probe);
const inputs = (model: LatentDiffusionAutoencoder | VQLatentDiffusionAutoencoder) => ({
  x: x(),
  ...model.inputs(randomStream(1, 'noise'), n),
});
const number = (tensor: tf.Tensor) => tensor.dataSync()[0]!;
const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

/** Latents as a step has them, with noise. */
function latents(model: LatentDiffusionAutoencoder): tf.Tensor2D {
  return model.posterior(data).reparameterize(model.inputs(randomStream(1, 'noise'), n).epsilon);
}

describe('the reconstruction of a latent-diffusion autoencoder', () => {
  it('is minus the log-density of a Laplace distribution of scale eˢ, summed over values, mean over the batch', () => {
    const model = kl();
    model.parameters['logScale']!.assign(tf.scalar(-0.4));
    const errors = x()
      .sub(model.decode(latents(model)))
      .dataSync();
    const b = Math.exp(-0.4);
    const logDensities = Array.from(errors, (error) => -Math.abs(error) / b - Math.log(2 * b));
    expect(number(model.losses(inputs(model))['reconstruction']!)).toBeCloseTo(-total(logDensities) / n, 3);
  });

  it('counts the perceptual distance as an error of every value', () => {
    const probe = newProbe();
    const model = kl(probe);
    const xHat = model.decode(latents(model));
    const options = { name: 'p', image: input, channels: [3, 4], seed: 0 };
    const perceptual = total(new PerceptualDistance(options, probe.trunk.parameters).between(x(), xHat).dataSync());
    const absolute = total(x().sub(xHat).abs().dataSync());
    expect(number(model.losses(inputs(model))['reconstruction']!)).toBeCloseTo((absolute + d * perceptual) / n + d * Math.log(2), 3); // prettier-ignore
  });

  it('has its minimum over s at the logarithm of the mean error of a value', () => {
    const model = kl();
    const s = model.parameters['logScale']!;
    const best = Math.log(
      total(
        x()
          .sub(model.decode(latents(model)))
          .abs()
          .dataSync(),
      ) /
        (n * d),
    );
    s.assign(tf.scalar(best));
    const loss = () => model.losses(inputs(model))['reconstruction']!.asScalar();
    expect(Math.abs(number(tf.variableGrads(loss, [s as tf.Variable]).grads[s.name]!))).toBeLessThan(1e-3);
  });
});

describe('the adaptive weight', () => {
  it('is half the ratio of the norms of both gradients by the kernel of the last layer, by finite differences', () => {
    const model = kl();
    const kernel = model.parameters['decoder.out.kernel']!;
    const start = kernel.dataSync().slice();
    const z = latents(model);
    const at = (loss: () => number, i: number, by: number) => {
      const moved = start.slice();
      moved[i]! += by;
      kernel.assign(tf.tensor(moved, kernel.shape));
      return loss();
    };
    const gradientNorm = (loss: () => number, h: number) => {
      const norm = Math.hypot(...start.map((_, i) => (at(loss, i, h) - at(loss, i, -h)) / (2 * h)));
      kernel.assign(tf.tensor(start, kernel.shape));
      return norm;
    };
    const ofReconstruction = gradientNorm(() => number(model.losses(inputs(model))['reconstruction']!), 2e-3);
    const ofAdversary = gradientNorm(() => -number(model.patchLogits(model.decode(z)).mean()), 1e-2);
    const found = number(model.losses(inputs(model))['adaptiveWeight']!);
    const expected = (0.5 * ofReconstruction) / (ofAdversary + 1e-4);
    expect(Math.abs(found - expected)).toBeLessThan(2e-3 * expected);
  });

  it('multiplies minus the mean logit of the reconstructions, as a constant', () => {
    const model = kl();
    const terms = model.losses(inputs(model));
    const logit = number(model.patchLogits(model.decode(latents(model))).mean());
    expect(number(terms['adversarial']!)).toBeCloseTo(-logit * number(terms['adaptiveWeight']!), 3);
    expect(number(terms['logitOfReconstruction']!)).toBeCloseTo(logit, 5);
  });
});

describe.each([
  ['KL', kl],
  ['codes', vq],
] as const)('a latent-diffusion autoencoder with %s', (_, create) => {
  it('trains the discriminator by its own loss and nothing else by it', () => {
    const model = create();
    const moved = (term: string) => {
      const loss = () => model.losses(inputs(model))[term]!.add(model.losses(inputs(model))['reconstruction']!.mul(0)).asScalar(); // prettier-ignore
      const { grads } = tf.variableGrads(loss, Object.values(model.parameters));
      const names = Object.entries(model.parameters).filter(
        ([, { name }]) => grads[name] && number(grads[name].abs().sum()) > 0,
      );
      return new Set(names.map(([name]) => name.split('.')[0]));
    };
    expect(moved('adversarial')).toEqual(new Set(['encoder', 'decoder']));
    expect(moved('discriminator')).toEqual(new Set(['discriminator']));
    model.dispose();
  });

  it('leaves the discriminator and the probe as they were before the start, and moves the discriminator after', async () => {
    const model = create(newProbe());
    expect(scheduleValue(model.termWeights['adversarial']!.schedule, 4)).toBe(0);
    expect(scheduleValue(model.termWeights['discriminator']!.schedule, 5)).toBe(1);
    const read = (part: string) =>
      Object.entries({ ...model.parameters, ...model.state }).flatMap(([name, variable]) =>
        name.startsWith(part) ? [...variable.dataSync()] : [],
      );
    const start = { discriminator: read('discriminator'), perceptual: read('perceptual'), scale: read('logScale') };
    await model.fit(data, { epochs: 5 });
    expect(read('discriminator')).toEqual(start.discriminator);
    await model.fit(data, { epochs: 1 });
    expect(read('discriminator')).not.toEqual(start.discriminator);
    expect(read('perceptual')).toEqual(start.perceptual);
    expect(start.perceptual.length).toBeGreaterThan(0);
    expect(read('logScale')).not.toEqual(start.scale);
    model.dispose();
  });

  it('comes back from a checkpoint without its probe, and scores as before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'first-stage-'));
    const model = create(newProbe());
    await model.fit(data, { epochs: 1 });
    await model.save(join(folder, 'model'));
    const path = join(folder, 'model');
    const isGaussian = model instanceof LatentDiffusionAutoencoder;
    const loaded = await (isGaussian ? LatentDiffusionAutoencoder.load(path) : VQLatentDiffusionAutoencoder.load(path));
    expect(loaded.constructor).toBe(model.constructor);
    expect(await loaded.score(data)).toEqual(await model.score(data));
    await rm(folder, { recursive: true });
    model.dispose();
    loaded.dispose();
  });

  it('gives latents as maps, and a factor that gives them unit standard deviation', async () => {
    const model = create();
    expect(model.latentShape).toEqual([3, 3, 2]);
    const map = model.latentMap(data);
    expect(map.shape).toEqual([n, 3, 3, 2]);
    expect([...map.dataSync()]).toEqual([...model.encode(data).dataSync()]);
    const drawn = model.latentMap(data, { drawn: true, seed: 4 });
    expect([...drawn.dataSync()]).toEqual([...model.drawLatents(data, { seed: 4 }).dataSync()]);
    const scaled = drawn.mul(await model.scaleFactor(data, { seed: 4 }));
    expect(Math.sqrt(number(tf.moments(scaled).variance))).toBeCloseTo(1, 5);
    model.dispose();
  });

  it('samples from a source that was fitted to its latents, and refuses without one', () => {
    const model = create();
    const source = { sample: (count: number) => tf.ones([count, 18]) as tf.Tensor2D };
    expect([...model.sample(2, { source }).dataSync()]).toEqual([...model.decode(tf.ones([2, 18])).dataSync()]);
    const without = model.sample.bind(model) as (count: number, options: object) => tf.Tensor2D;
    expect(() => without(2, {})).toThrow('no prior to sample from: its latents are far from N(0, I). Fit a sampler');
    model.dispose();
  });

  it('keeps no tensors but its results, and none when it is disposed', async () => {
    const start = alive();
    const model = create();
    await model.fit(data, { epochs: 1 });
    const before = alive();
    tf.dispose([model.encode(data), model.latentMap(data), model.patchLogits(data), model.reconstruct(data)]);
    await model.scaleFactor(data);
    await model.fit(data, { epochs: 1 });
    await model.score(data);
    expect(alive()).toEqual(before);
    model.dispose();
    expect(alive()).toEqual(start);
  });
});

describe('a latent-diffusion autoencoder', () => {
  it('takes the factor from draws of q(z|x): where q is wide, its variance is in it', async () => {
    const model = kl();
    const { mu, logVar } = model.posterior(data);
    // The law of total variance.
    const exact = number(tf.moments(mu).variance.add(logVar.exp().mean()));
    const factors = await Promise.all([1, 2, 3].map((seed) => model.scaleFactor(data, { seed })));
    const variance = factors.reduce((sum, factor) => sum + 1 / factor ** 2, 0) / 3;
    expect(Math.abs(variance / exact - 1)).toBeLessThan(4 * Math.sqrt(2 / (3 * mu.size)));
    expect(variance).toBeGreaterThan(2 * number(tf.moments(mu).variance));
    model.dispose();
  });

  it('has the weight 10⁻⁶ for its divergence, which is that of the posterior', () => {
    const model = kl();
    expect(model.explain().effectiveBeta).toBe(1e-6);
    expect(number(model.losses(inputs(model))['kl']!)).toBeCloseTo(number(model.posterior(data).kl().mean()), 4);
  });

  it('refuses a probe of other images', () => {
    const probe = new ProbeClassifier({ input: { ...input, width: 8 }, classes: 2 });
    expect(() => kl(probe)).toThrow('the probe: it judges images of 6 × 8 × 1; the model has images of 6 × 6 × 1');
  });

  it('with codes, decodes the vectors of the nearest codes', () => {
    const model = vq();
    const codebook = model.codebook.arraySync();
    const codes = model.codes(data).arraySync();
    // The latents are those before the quantiser, which the decoder begins with.
    const vectors = tf.tensor2d(codes.map((row) => row.flatMap((code) => codebook[code]!)));
    expect(model.decode(model.encode(data)).arraySync()).toEqual(model.decode(vectors).arraySync());
    expect(model.encode(data).sub(vectors).abs().max().dataSync()[0]).toBeGreaterThan(0.01);
  });
});
