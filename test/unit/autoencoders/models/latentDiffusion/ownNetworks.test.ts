import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  convolutional,
  LatentDiffusionAutoencoder,
  mlp,
  network,
  randomStream,
  VQLatentDiffusionAutoencoder,
} from '../../../../../kernel/autoencoders/index';
import { alive } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { layersDecoder, ownDecoder, ownInput as input, ownStages } from './ownNetworks';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const [n, d] = [4, 36];
const data = { ...binarySamples(n, d), shape: input };
const x = () => tf.tensor2d(data.values, [n, d]);
const number = (tensor: tf.Tensor) => tensor.dataSync()[0]!;

/** ‖∂f/∂w‖ by central differences of float64 sums. */
function gradientNorm(w: tf.Variable, f: () => number, h: number): number {
  const start = w.dataSync().slice();
  const at = (i: number, by: number) => {
    const moved = start.slice();
    moved[i]! += by;
    w.assign(tf.tensor(moved, w.shape));
    return f();
  };
  const norm = Math.hypot(...start.map((_, i) => (at(i, h) - at(i, -h)) / (2 * h)));
  w.assign(tf.tensor(start, w.shape));
  return norm;
}

describe.each(Object.entries(ownStages))('a first stage of %s', (_, create) => {
  it('weighs the adversary by the ratio of gradients by the last kernel of its decoder', () => {
    const { config, kernel } = create(2);
    const model = new LatentDiffusionAutoencoder({ input, ...config, discriminatorWeight: 0.7 });
    const inputs = { x: x(), ...model.inputs(randomStream(1, 'noise'), n) };
    const z = model.posterior(data).reparameterize(inputs.epsilon);
    // s starts at 0: the reconstruction is the sum of absolute errors, and a constant.
    const reconstruction = () => {
      const xHat = model.decode(z).dataSync<'float32'>();
      return xHat.reduce((sum, value, i) => sum + Math.abs(value - data.values[i]!), 0) / n;
    };
    const adversary = () => {
      const logits = model.patchLogits(model.decode(z)).dataSync<'float32'>();
      return -logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
    };
    const variable = model.parameters[kernel]!;
    const ofReconstruction = gradientNorm(variable, reconstruction, 1e-3);
    const expected = (0.7 * ofReconstruction) / (gradientNorm(variable, adversary, 1e-2) + 1e-4);
    const found = number(model.losses(inputs)['adaptiveWeight']!);
    expect(Math.abs(found / expected - 1)).toBeLessThan(5e-3);
    model.dispose();
  });

  it.each([
    ['a divergence', LatentDiffusionAutoencoder],
    ['codes', VQLatentDiffusionAutoencoder],
  ] as const)('trains with %s, moves every part, and comes back from a checkpoint', async (_, Model) => {
    const codes = Model === VQLatentDiffusionAutoencoder;
    const model = new Model({ input, ...create(codes ? 1 : 2).config, ...(codes && { codebookSize: 5 }) });
    const before = Object.fromEntries(Object.entries(model.parameters).map(([name, w]) => [name, [...w.dataSync()]]));
    await model.fit(data, { epochs: 2 });
    const moved = Object.entries(model.parameters).filter(([name, w]) => w.dataSync().some((v, i) => v !== before[name]![i])); // prettier-ignore
    expect(new Set(moved.map(([name]) => name.split('.')[0]))).toEqual(
      new Set(['encoder', 'decoder', 'discriminator', 'logScale']),
    );
    const folder = await mkdtemp(join(tmpdir(), 'own-first-stage-'));
    await model.save(join(folder, 'model'));
    const again = await (Model as typeof LatentDiffusionAutoencoder).load(join(folder, 'model'));
    expect(await again.score(data)).toEqual(await model.score(data));
    expect([...again.patchLogits(data).dataSync()]).toEqual([...model.patchLogits(data).dataSync()]);
    expect(again.latentShape).toEqual(model.latentShape);
    await rm(folder, { recursive: true });
    model.dispose();
    again.dispose();
  });
});

describe('the networks of a first stage', () => {
  const create = (config: object) => new LatentDiffusionAutoencoder({ input, latentChannels: 2, ...config });

  it('have to say which kernel is the last, for an adaptive weight alone', () => {
    const error =
      'LatentDiffusionAutoencoder: the adaptive weight of the adversarial loss is the gradient by the kernel of the ' +
      'decoder’s last layer, and the "decoder" does not say which of its parameters that is; state it, ' +
      '{ parameters, last: "W", apply }, or give a fixed "adversarialWeight", a number.';
    expect(() => create({ decoder: ownDecoder({ last: false }) })).toThrow(error);
    const upSampling = tf.sequential({
      layers: [tf.layers.upSampling2d({ inputShape: [3, 3, 2] }), tf.layers.globalAveragePooling2d({})],
    });
    expect(() => create({ decoder: upSampling })).toThrow('does not say which of its parameters that is');
    create({ decoder: ownDecoder({ last: false }), adversarialWeight: 0.1 }).dispose();
  });

  it('name a last kernel that there is', () => {
    const decoder = network({ parameters: () => ({}), last: 'K', apply: (z) => z });
    expect(() => create({ decoder })).toThrow(
      'The network of the decoder: "last" is "K", expected the name of one of its parameters: none',
    );
  });

  it('take a fixed weight of the adversarial loss, which is that times minus the mean logit', () => {
    const model = create({ adversarialWeight: 0.25, channels: [2, 2], discriminatorChannels: [2] });
    const inputs = { x: x(), ...model.inputs(randomStream(1, 'noise'), n) };
    const terms = model.losses(inputs);
    expect(Object.keys(terms)).not.toContain('adaptiveWeight');
    expect(number(terms['adversarial']!)).toBeCloseTo(-0.25 * number(terms['logitOfReconstruction']!), 6);
    model.dispose();
  });

  it.each([
    [
      { encoder: mlp([2]), decoder: mlp([2]), blocks: 2 },
      '"blocks" is 2, allowed only without "encoder" and "decoder"',
    ],
    [{ discriminator: mlp([2]), discriminatorChannels: [2] }, '"discriminatorChannels" is [2], allowed only without "discriminator"'], // prettier-ignore
    [{ patches: [2, 2] }, '"patches" is [2,2], allowed only with "discriminator"'],
    [{ adversarialWeight: 1, discriminatorWeight: 1 }, '"discriminatorWeight" is 1, allowed only with adversarialWeight "adaptive"'], // prettier-ignore
    [{ adversarialWeight: 'fixed' }, '"adversarialWeight" is "fixed", expected "adaptive" or a number ≥ 0'],
    [{ latentMap: [2, 2] }, 'featureMaps: the encoder is between images of 6 × 6 and [2, 2, 2], expected maps of [3, 3, c]'], // prettier-ignore
    [{ latentMap: [3] }, '"latentMap"'],
  ])('%#: are refused where two fields say the same or do not fit', (config, error) => {
    expect(() => create(config)).toThrow(error);
  });

  it('leave no tensors behind, with layers that are computed once more for each gradient', async () => {
    const model = create({ decoder: layersDecoder(), encoder: convolutional({ channels: [2] }), latentMap: [3, 3] });
    await model.fit(data, { epochs: 1 });
    const before = alive();
    await model.fit(data, { epochs: 1 });
    await model.score(data);
    expect(alive()).toEqual(before);
    model.dispose();
  });
});
