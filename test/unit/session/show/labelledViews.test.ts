import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  interpolate,
  LatentSampler,
  meanReconstructionError,
  swapLatents,
  traverse,
} from '../../../../kernel/autoencoders/index';
import { connectSession } from '../../../../kernel/session/current';
import type { Session } from '../../../../kernel/session/session';
import { LiveViews } from '../../../../kernel/session/show/liveViews';
import { codebookHistogram, type CodebookModel } from '../../../../kernel/session/show/codebook/codebookView';
import { latentScatter, reconstructions, samples } from '../../../../kernel/session/show/modelViews';
import type { GenerativeModel } from '../../../../kernel/session/show/modelViews';
import { decode } from '../../../../kernel/views/encoding';
import type { Sample } from '../../../../kernel/views/types';
import { AUTOENCODERS, CLASSES, dataOf, numbersOf } from '../../autoencoders/conditioning/families';

const views = new LiveViews(() => undefined);

beforeAll(async () => {
  await tf.setBackend('cpu');
  connectSession({ views } as Session, { name: 'cpu' } as unknown as Parameters<typeof connectSession>[1]);
});

const both = { classes: CLASSES, missing: true };

describe('views of models that take classes and missing values', () => {
  it.each(Object.entries(AUTOENCODERS))('show latents, reconstructions and draws: %s', async (_, create) => {
    const model = create(both);
    const data = dataOf(9, model, true);
    const scatter = await latentScatter(model, data, { grid: 2, label: 1 });
    const z = new Array<number>(model.latentDimensions).fill(0.1);
    const answer = await views.answer(scatter.view.id, { kind: 'decode', z });
    expect(answer.kind).toBe('decoded');
    if (model.inputShape.kind === 'vector' && answer.kind === 'decoded') {
      expect([...decode((answer.sample as Sample).values)]).toEqual(numbersOf(model.decode([z], { labels: 1 })));
    }
    const unknown = await latentScatter(model, data, { grid: 2 });
    expect((await views.answer(unknown.view.id, { kind: 'decode', z })).kind).toBe('decoded');

    const { view } = await reconstructions(model, data, { count: 2 });
    const xHat = numbersOf(model.reconstruct(data));
    const errors = xHat.map((value, i) => (Number.isNaN(data.values[i]!) ? 0 : (value - data.values[i]!) ** 2));
    const expected = errors.reduce((sum, error) => sum + error, 0) / 9;
    expect(view.methods[0]!.heldOut!.meanSquaredError).toBeCloseTo(expected, 5);
    expect(await meanReconstructionError(model, data)).toBeCloseTo(expected, 4);

    if ('sample' in model && !(model.kind === 'RegularizedAutoencoder')) {
      const drawn = await samples(model as unknown as GenerativeModel, { count: 4 });
      expect(drawn.view.methods[0]!.samples.shape[0]).toBe(4);
    }
    if ('codebookSize' in model) {
      const used = await codebookHistogram(model as unknown as CodebookModel, data);
      expect(used.view.counts.shape).toEqual([4]);
    }
    model.dispose();
  });

  it('go through the latent space of a class', async () => {
    const model = AUTOENCODERS['autoencoder']!(both);
    const data = dataOf(8, model, true);
    const [from, to] = [[0, 0, 0], [1, 1, 1]] as const; // prettier-ignore
    expect(numbersOf(interpolate(model, from, to, { steps: 2, labels: 2 })).slice(12)).toEqual(
      numbersOf(model.decode([[...to]], { labels: 2 })),
    );
    expect(() => interpolate(model, from, to)).toThrow('needs the class of each row');
    expect(traverse(model, from, { steps: 2, labels: 0 }).shape).toEqual([6, 12]);
    const own = numbersOf(model.reconstruct(data));
    // None of the latents is swapped: rows keep their class.
    numbersOf(swapLatents(model, data, data, [])).forEach((value, i) => expect(value).toBeCloseTo(own[i]!, 5));
    const sampler = await LatentSampler.mixture(model, data, { components: 1 });
    const [turns, told] = [sampler.sample(3, { seed: 1 }), sampler.sample(3, { seed: 1, label: [0, 1, 2] })];
    expect(numbersOf(told)).toEqual(numbersOf(turns));
    model.dispose();
  });
});
