import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bottomUp,
  defineInference,
  HierarchicalVAE,
  LadderVAE,
  MHVAE,
  topDown,
} from '../../../../../kernel/autoencoders/index';
import { binarySamples } from '../../data';
import { temporaryFolder } from '../../training/support';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const inFolder = temporaryFolder();
const data = binarySamples(6, 8);
const common = { input: 8, latents: [3, 2], hidden: [7], levelHidden: [5], seed: 3 };

describe('the inference of a hierarchical VAE', () => {
  it.each([
    ['MHVAE', new MHVAE(common), undefined],
    ['MHVAE', new MHVAE(common), 'bottomUp'],
    ['ladder VAE', new LadderVAE({ ...common, features: [4, 3] }), { name: 'topDown', features: [4, 3] }],
    ['ladder VAE', new LadderVAE({ ...common, features: [4, 3] }), topDown({ features: [4, 3] })],
  ])('is a part, and that of the %s makes it', async (_, preset, inference) => {
    const model = new HierarchicalVAE({ ...common, ...(inference === undefined ? {} : { inference }) });
    expect(Object.keys(model.parameters)).toEqual(Object.keys(preset.parameters));
    expect(await model.score(data)).toEqual(await preset.score(data));
    expect(model.explain().formula).toBe(preset.explain().formula);
    for (const one of [model, preset]) one.dispose();
  });

  it('is in the checkpoint by its name, and one of your own is found there', async () => {
    // It looks at the level below alone, and at no more than half of it.
    const halved = defineInference('halved', ({ factor = 0.5 }: { factor?: number }) => {
      const { definition } = bottomUp();
      return {
        source: 'this test',
        build(place) {
          const inner = definition.build(place);
          return {
            ...inner,
            inferred: (x, y, epsilons, chain) => inner.inferred(x.mul(factor), y, epsilons, chain),
          };
        },
      };
    });
    const model = new HierarchicalVAE({ ...common, inference: halved({ factor: 0.25 }) });
    await model.fit(data, { epochs: 1, batchSize: 3 });
    await model.save(inFolder('halved'));
    const loaded = await HierarchicalVAE.load(inFolder('halved'));
    expect(loaded.explain().source).toBe('this test');
    expect(await loaded.score(data)).toEqual(await model.score(data));
    const plain = new HierarchicalVAE(common);
    for (const [name, variable] of Object.entries(plain.parameters)) variable.assign(model.parameters[name]!);
    expect(await plain.score(data)).not.toEqual(await model.score(data));
    for (const one of [model, loaded, plain]) one.dispose();
  });

  it('says what does not fit', () => {
    expect(() => new HierarchicalVAE({ ...common, inference: topDown({ features: [4] }) })).toThrow(
      '"features" has 1 widths, expected one width for each entry of "latents", 2',
    );
    expect(() => new HierarchicalVAE({ ...common, inference: 'sideways' })).toThrow(
      'there is no inference of this name',
    );
  });
});
