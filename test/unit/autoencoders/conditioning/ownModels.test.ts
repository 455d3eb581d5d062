import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Autoencoder, Dataset, defineModel, mlp, sumOfPresent } from '../../../../kernel/autoencoders/index';
import type { Given, GivenLabels } from '../../../../kernel/autoencoders/index';
import { temporaryFolder } from '../training/support';
import { CLASSES, numbersOf, valuesOf } from './families';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const inFolder = temporaryFolder();
const labels = Int32Array.from({ length: 8 }, (_, i) => (i % 4) - 1);
const data = Dataset.from(valuesOf(8, 4, true), { labels: labels.map((label) => Math.max(label, 0)) });
const labelled = new Dataset({ ...data, labels });
const options = { epochs: 2, batchSize: 3 };

class Mine extends Autoencoder<{ latent: number }> {
  readonly latentDimensions = this.config.latent;
  private readonly g = this.conditioned('encoder', mlp([3]), { from: [4], to: [this.config.latent] });
  private readonly f = this.conditioned('decoder', mlp([3]), { from: [this.config.latent], to: [4] });

  override terms(given: Given) {
    const { x, y, there } = this.seen(given);
    const errors = this.f.apply(this.g.apply(x, y), y).sub(x).square() as tf.Tensor2D;
    return { reconstruction: { value: sumOfPresent(errors, there).mean(), formula: '\\|x - f(g(x))\\|^2' } };
  }

  protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D) {
    return this.g.apply(x, y);
  }

  protected override decodeRows(z: tf.Tensor2D, y?: tf.Tensor2D) {
    return this.f.apply(z, y);
  }
}

const Defined = defineModel('DefinedOfClasses', ({ latent = 2 }: { latent?: number }, { conditioned, seen }) => {
  const g = conditioned('encoder', mlp([3]), { from: [4], to: [latent] });
  const f = conditioned('decoder', mlp([3]), { from: [latent], to: [4] });
  return {
    latentDimensions: latent,
    encode: (x, y) => g.apply(x, y),
    decode: (z, y) => f.apply(z, y),
    terms(given) {
      const { x, y, there } = seen(given);
      const errors = f.apply(g.apply(x, y), y).sub(x).square() as tf.Tensor2D;
      return { reconstruction: { value: sumOfPresent(errors, there).mean(), formula: '\\|x - f(g(x))\\|^2' } };
    },
  };
});

describe('a model of your own', () => {
  it.each([
    ['a class', Mine],
    ['a definition', Defined],
  ] as const)('takes classes and missing values as those of the library do: %s', async (name, Class) => {
    const model = new Class({ input: 4, latent: 2, classes: CLASSES, missing: true });
    await model.fit(labelled, options);
    const xHat = numbersOf(model.reconstruct(labelled));
    const errors = xHat.map((value, i) => (Number.isNaN(data.values[i]!) ? 0 : (value - data.values[i]!) ** 2));
    const { reconstruction } = await model.score(labelled);
    expect(reconstruction).toBeCloseTo(errors.reduce((sum, error) => sum + error, 0) / 8, 4);
    const decoded = [-1, 0, 1, 2].map((label) => numbersOf(model.decode([[1, 1]], { labels: label })).join());
    expect(new Set(decoded).size).toBe(4);
    expect(model.explain().formula).toContain('f(g(x,y),y)');
    await model.save(inFolder(name));
    const loaded = await (Class as unknown as typeof Mine).load(inFolder(name));
    expect(await loaded.score(labelled)).toEqual(await model.score(labelled));
    for (const one of [model, loaded]) one.dispose();

    const untold = new Class({ input: 4, latent: 2 });
    await expect(untold.fit(data, options)).rejects.toThrow('is NaN');
    untold.dispose();
  });

  it('whose loss alone looks at labels encodes without them', async () => {
    class Judged extends Mine {
      override readonly classes = CLASSES;
      override terms(given: Given) {
        const { y } = given as GivenLabels;
        return { ...super.terms(given), labels: y.cast('float32').mean() };
      }
    }
    const whole = Dataset.from(valuesOf(8, 4), { labels: Int32Array.from({ length: 8 }, (_, i) => i % 3) });
    const model = new Judged({ input: 4, latent: 1 });
    await model.fit(whole, options);
    expect((await model.score(whole))['labels']).toBeCloseTo((3 * 1 + 2 * 2) / 8, 6);
    expect(model.encode(valuesOf(2, 4)).shape).toEqual([2, 1]);
    model.dispose();
  });
});
