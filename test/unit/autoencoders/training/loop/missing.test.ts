import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Dataset,
  DeterministicAutoencoder,
  noise,
  randomStream,
  SoftmaxRegression,
  VAE,
} from '../../../../../kernel/autoencoders/index';
import type { DeterministicGiven } from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';
import { streamOf } from '../support';

beforeAll(useWasm);

const rows = (count: number) => Array.from({ length: count }, (_, i) => [...randomStream(2, 'rows', i).normals(3)]);
const gaps = rows(20).map((row, i) => (i % 4 === 0 ? [NaN, ...row.slice(1)] : row));

/** An autoencoder that puts 0 for what is missing. */
class Filling extends DeterministicAutoencoder {
  override readonly missing = true;

  override terms({ x }: DeterministicGiven) {
    return super.terms({ x: tf.where(x.isNaN(), tf.zerosLike(x), x) });
  }
}

describe('missing values', () => {
  const data = Dataset.from(gaps);
  const filled = Dataset.from(gaps.map((row) => row.map((value) => (Number.isNaN(value) ? 0 : value))));
  const config = { input: 3, latent: 2, hidden: [4] };
  const forms = [
    ['in memory', (set: Dataset) => set],
    ['in a stream', (set: Dataset) => streamOf(set, 7)],
  ] as const;

  it.each(forms)('are let through to models that say what NaN means: %s', async (_, form) => {
    const model = new Filling(config);
    const reference = new DeterministicAutoencoder(config);
    const validation = form(filled);
    await model.fit(form(data), { epochs: 2, batchSize: 6, validation: form(data), augment: noise({ sigma: 1e-9 }) });
    await reference.fit(form(filled), { epochs: 2, batchSize: 6, validation });
    const [found, expected] = [await model.score(form(data)), await reference.score(form(filled))];
    expect(found['total']).toBeCloseTo(expected['total']!, 4);
    for (const one of [model, reference]) one.dispose();
  });

  it.each(forms)('are errors for every other model: %s', async (_, form) => {
    const model = new DeterministicAutoencoder(config);
    const fit = model.fit(form(data), { epochs: 1 });
    await expect(fit).rejects.toThrow('the value at row 0, column 0 (“x0”) (both counted from 0) is NaN');
    await expect(model.score(form(data))).rejects.toThrow('is NaN');
    model.dispose();
  });

  it('train a VAE that is configured for them', async () => {
    const model = new VAE({ input: 3, latent: 2, hidden: [4], likelihood: 'gaussian', missing: true });
    await model.fit(data, { epochs: 3, batchSize: 6, validation: streamOf(data, 7) });
    expect(Number.isFinite((await model.score(data)).total)).toBe(true);
    const strict = new VAE({ input: 3, latent: 2, hidden: [4], likelihood: 'gaussian' });
    await expect(strict.fit(data, { epochs: 1 })).rejects.toThrow('is NaN');
    for (const one of [model, strict]) one.dispose();
  });

  it('are not to be taken for infinity', async () => {
    const model = new Filling(config);
    await expect(model.fit([[Infinity, NaN, 0]], { epochs: 1 })).rejects.toThrow('row 0, column 0');
    model.dispose();
  });
});

/** A classifier that leaves the classes of some samples open. */
class SemiLabelled extends SoftmaxRegression {
  override readonly unknownLabels = true;
}

describe('classes that are not known', () => {
  const config = { input: 3, classes: 2 };
  const labels = Int32Array.from({ length: 20 }, (_, i) => (i % 3) - 1);
  const data = new Dataset({ ...Dataset.from(rows(20)), labels });
  const forms = [
    ['in memory', data],
    ['in a stream', streamOf(data, 7)],
  ] as const;

  it.each(forms)('are let through to models that say so: %s', async (_, given) => {
    const model = new SemiLabelled(config);
    await model.fit(given, { epochs: 2, batchSize: 6, validation: given });
    expect(Number.isFinite((await model.score(given))['total'])).toBe(true);
    model.dispose();
  });

  it.each(forms)('are errors for every other model: %s', async (_, given) => {
    const model = new SoftmaxRegression(config);
    await expect(model.fit(given, { epochs: 1 })).rejects.toThrow(
      'found the label -1, which stands for an unknown class',
    );
    model.dispose();
  });

  it('train a VAE of classes', async () => {
    const model = new VAE({ input: 3, latent: 2, hidden: [4], likelihood: 'gaussian', classes: 2 });
    await model.fit(data, { epochs: 2, batchSize: 6, validation: data });
    expect(Number.isFinite((await model.score(data)).total)).toBe(true);
    model.dispose();
  });

  it('are no excuse for other labels, or for none', async () => {
    const model = new SemiLabelled(config);
    for (const label of [2, -2]) {
      const strange = new Dataset({ ...data, labels: labels.map((one, i) => (i === 5 ? label : one)) });
      await expect(model.fit(strange, { epochs: 1 })).rejects.toThrow(`knows classes 0 to 1; found a label ${label}`);
    }
    const none = model.fit(Dataset.from(rows(4)), { epochs: 1 });
    await expect(none).rejects.toThrow('the label -1 stands for an unknown class');
    model.dispose();
  });
});
