import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Dataset, ProbeClassifier, randomStream } from '../../../../../kernel/autoencoders/index';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import { alive } from '../../../engine/backends';
import { expectFiniteDifferences, leaveKinks } from '../../gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterEach(() => setRuntime('eager'));

const input = { kind: 'image', height: 6, width: 6, channels: 1 } as const;
const CONFIG = { input, classes: 2, channels: [3, 4], features: 5, seed: 2 };

/** A bright bar, lying in class 0 and standing in class 1, anywhere, on noise: no pixel alone tells the class. */
function bars(n: number, seed: number): Dataset {
  const stream = randomStream(seed, 'bars');
  const labels = Int32Array.from({ length: n }, (_, i) => i % 2);
  const values = Float32Array.from(stream.uniforms(n * 36), (value) => 0.2 * value);
  labels.forEach((label, i) => {
    const at = stream.integer(6);
    for (let j = 0; j < 6; j++) values[36 * i + (label === 0 ? 6 * at + j : 6 * j + at)] = 1;
  });
  return new Dataset({ values, shape: input, labels });
}

describe('the terms of a probe', () => {
  it('are the cross-entropy of a softmax and the share of right answers', () => {
    const model = new ProbeClassifier(CONFIG);
    const data = bars(10, 1);
    const terms = model.losses({ x: data.tensor(), y: tf.tensor1d(data.labels!, 'int32') });
    const logits = model.logits(data).arraySync();
    const losses = logits.map((row, i) => Math.log(Math.exp(row[0]!) + Math.exp(row[1]!)) - row[data.labels![i]!]!);
    const right = logits.filter(([a, b], i) => Number(b! > a!) === data.labels![i]).length;
    expect(terms.crossEntropy.dataSync()[0]).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 10, 5);
    expect(terms.accuracy.dataSync()[0]).toBeCloseTo(right / 10, 6);
  });

  it('have the gradient of finite differences', () => {
    const model = new ProbeClassifier(CONFIG);
    leaveKinks(model.parameters);
    const data = bars(6, 2);
    const tensors = { x: data.tensor(), y: tf.tensor1d(data.labels!, 'int32') };
    expectFiniteDifferences(model.parameters, () => model.losses(tensors).crossEntropy.asScalar(), 3e-3);
  });
});

describe('a probe', () => {
  it('tells classes apart that no linear rule of the pixels can, and is above chance held out', async () => {
    setRuntime('cpu');
    const model = new ProbeClassifier({ ...CONFIG, channels: [6, 8], features: 12 });
    await model.fit(bars(160, 3), { epochs: 25, batchSize: 32, learningRate: 0.01 });
    expect(await model.accuracy(bars(100, 4))).toBeGreaterThan(0.85);
    const classes = model.classify(bars(20, 5)).dataSync();
    expect(classes.filter((one, i) => one === i % 2).length).toBeGreaterThan(15);
    model.dispose();
  });

  it('of rotations turns images by quarters, and needs no labels', () => {
    const model = new ProbeClassifier({ ...CONFIG, classes: 'rotations' });
    expect(model.classes).toBeNull();
    const marked = Array.from({ length: 36 }, (_, i) => i / 36);
    const quarter = (image: number[]) => image.map((_, i) => image[6 * (i % 6) + (5 - Math.floor(i / 6))]!);
    const y = tf.tensor1d([0, 1, 2, 3], 'int32');
    const turned = [marked, quarter(marked), quarter(quarter(marked)), quarter(quarter(quarter(marked)))];
    const found = model.losses({ x: tf.tensor2d([marked, marked, marked, marked]), turns: y }).crossEntropy;
    const logits = model.logits(turned).arraySync();
    const losses = logits.map((row, i) => Math.log(row.reduce((sum, l) => sum + Math.exp(l), 0)) - row[i]!);
    expect(found.dataSync()[0]).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 4, 5);
    model.dispose();
  });

  it('gives the features that its last layer reads', () => {
    const model = new ProbeClassifier(CONFIG);
    const features = model.features(bars(7, 6));
    expect(features.shape).toEqual([7, 5]);
    const { 'head.1.kernel': kernel, 'head.1.bias': bias } = model.parameters;
    const logits = features
      .matMul(kernel as tf.Tensor2D)
      .add(bias!)
      .dataSync();
    model
      .logits(bars(7, 6))
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(logits[i]!, 5));
  });

  it('says what is wrong with its configuration and its data', async () => {
    expect(() => new ProbeClassifier({ ...CONFIG, classes: 1 })).toThrow('"classes" is 1');
    const oblong = { ...input, width: 8 };
    expect(() => new ProbeClassifier({ ...CONFIG, input: oblong, classes: 'rotations' })).toThrow(
      'rotations need square images',
    );
    const unlabelled = new Dataset({ values: new Float32Array(36), shape: input });
    await expect(new ProbeClassifier(CONFIG).fit(unlabelled, { epochs: 1 })).rejects.toThrow('needs the class of each');
  });

  it('keeps no tensors but its results, and none when it is disposed', async () => {
    const start = alive();
    const model = new ProbeClassifier(CONFIG);
    await model.fit(bars(8, 1), { epochs: 1 });
    const before = alive();
    tf.dispose([model.features(bars(3, 1)), model.logits(bars(3, 1)), model.classify(bars(3, 1))]);
    await model.accuracy(bars(8, 2));
    expect(alive()).toEqual(before);
    model.dispose();
    expect(alive()).toEqual(start);
  });
});
