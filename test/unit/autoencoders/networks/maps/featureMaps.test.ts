import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { FeatureMapDecoder, FeatureMapEncoder } from '../../../../../kernel/autoencoders/networks/maps/featureMaps';
import { GroupNorm, swish } from '../../../../../kernel/autoencoders/networks/layers/groupNorm';
import { PerceptualDistance } from '../../../../../kernel/autoencoders/networks/adversarial/perceptual';
import { ProbeTrunk } from '../../../../../kernel/autoencoders/networks/adversarial/probeTrunk';
import { expectFiniteDifferences } from '../../gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const image = { kind: 'image', height: 7, width: 6, channels: 3 } as const;
const uniforms = (rows: number, width: number, seed: number) =>
  tf.randomUniform([rows, width], 0, 1, 'float32', seed) as tf.Tensor2D;

describe('group normalisation', () => {
  it('gives each group of channels of each sample mean 0 and variance 1, then scales and shifts channels', () => {
    const norm = new GroupNorm({ name: 'norm', channels: 8 });
    const x = tf.randomUniform([3, 4, 5, 8], -2, 7, 'float32', 1);
    const groups = norm.apply(x).reshape([3, 20, 2, 4]);
    const { mean, variance } = tf.moments(groups, [1, 3]);
    mean.dataSync().forEach((value) => expect(value).toBeCloseTo(0, 5));
    variance.dataSync().forEach((value) => expect(value).toBeCloseTo(1, 4));
    norm.parameters['norm.scale']!.assign(tf.fill([8], 3));
    norm.parameters['norm.offset']!.assign(tf.range(0, 8));
    const shifted = norm.apply(x).mean([0, 1, 2]).sub(tf.range(0, 8)).reshape([2, 4]).mean(1);
    shifted.dataSync().forEach((value) => expect(value).toBeCloseTo(0, 4));
  });

  it('leaves other samples of the batch out of account', () => {
    const norm = new GroupNorm({ name: 'norm', channels: 4 });
    const x = tf.randomUniform([2, 3, 3, 4], 0, 1, 'float32', 2);
    const alone = norm.apply(x.slice(0, 1)).dataSync();
    expect([...norm.apply(x).slice(0, 1).dataSync()]).toEqual([...alone]);
  });
});

describe('swish', () => {
  it('is x·σ(x), with its derivative', () => {
    const f = (x: number) => x / (1 + Math.exp(-x));
    const slope = tf
      .grad((x) => swish.apply(x))(tf.tensor1d([-1.3, 0.4]))
      .dataSync();
    [-1.3, 0.4].forEach((x, i) => {
      expect(swish.apply(tf.scalar(x)).dataSync()[0]).toBeCloseTo(f(x), 6);
      expect(slope[i]).toBeCloseTo((f(x + 1e-4) - f(x - 1e-4)) / 2e-4, 5);
    });
  });
});

describe('encoder and decoder of feature maps', () => {
  const options = { image, channels: [4, 8], blocks: 1, attention: true, seed: 2 };

  it('take odd images to maps of half the size, rounded up, and back', () => {
    const encoder = new FeatureMapEncoder({ ...options, name: 'encoder', mapChannels: 5 });
    const decoder = new FeatureMapDecoder({ ...options, name: 'decoder', mapChannels: 5 });
    const z = encoder.apply(uniforms(2, 126, 1));
    expect(z.shape).toEqual([2, 4 * 3 * 5]);
    expect(decoder.apply(z).shape).toEqual([2, 126]);
  });

  it('have the gradient of finite differences by every kernel', () => {
    const tiny = { ...options, image: { kind: 'image', height: 3, width: 4, channels: 1 } as const, channels: [4, 4] };
    const encoder = new FeatureMapEncoder({ ...tiny, name: 'encoder', mapChannels: 2 });
    const decoder = new FeatureMapDecoder({ ...tiny, name: 'decoder', mapChannels: 2 });
    const x = uniforms(1, 12, 3);
    const loss = () => decoder.apply(encoder.apply(x)).sub(x).square().mean().mul(10).asScalar();
    const all = Object.entries({ ...encoder.parameters, ...decoder.parameters });
    const kernels = Object.fromEntries(all.filter(([name]) => name.endsWith('.kernel')));
    expectFiniteDifferences(kernels, loss, 2e-2);
  });
});

describe('the perceptual distance', () => {
  const options = { name: 'probe', image, channels: [3, 4], seed: 4 };
  const distance = () => new PerceptualDistance(options, new ProbeTrunk(options).parameters);
  const [x, y] = [() => uniforms(2, 126, 5), () => uniforms(2, 126, 6)];

  it('is the squared distance of unit features, meant over positions and summed over layers', () => {
    const maps = (rows: tf.Tensor2D) => new ProbeTrunk(options).maps(rows).map((map) => map.arraySync());
    const [ofX, ofY] = [maps(x()), maps(y())];
    const unit = (values: number[]) => values.map((value) => value / Math.hypot(0.01, ...values));
    const expected = [0, 1].map((sample) =>
      ofX.reduce((sum, map, layer) => {
        const pairs = map[sample]!.flatMap((row, i) =>
          row.map((at, j) => [unit(at), unit(ofY[layer]![sample]![i]![j]!)]),
        );
        const squares = pairs.map(([a, b]) => a!.reduce((total, value, c) => total + (value - b![c]!) ** 2, 0));
        return sum + squares.reduce((total, one) => total + one, 0) / squares.length;
      }, 0),
    );
    const found = distance().between(x(), y()).dataSync();
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
  });

  it('is 0 between equals, the same both ways, and has a finite gradient where features are dead', () => {
    const measure = distance();
    expect([...measure.between(x(), x()).dataSync()]).toEqual([0, 0]);
    const [there, back] = [measure.between(x(), y()).dataSync(), measure.between(y(), x()).dataSync()];
    there.forEach((value, i) => expect(value).toBeCloseTo(back[i]!, 6));
    const gradient = tf.grad((at) => measure.between(x(), at as tf.Tensor2D).sum())(tf.zeros([2, 126]));
    expect(gradient.isFinite().all().dataSync()[0]).toBe(1);
  });

  it('keeps its own copy of the probe', () => {
    const trunk = new ProbeTrunk(options);
    const measure = new PerceptualDistance(options, trunk.parameters);
    const before = measure.between(x(), y()).dataSync();
    for (const variable of Object.values(trunk.parameters)) variable.assign(tf.zerosLike(variable));
    expect([...measure.between(x(), y()).dataSync()]).toEqual([...before]);
  });
});
