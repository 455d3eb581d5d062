import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../../../../kernel/autoencoders/index';
import type { Model } from '../../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../../kernel/autoencoders/random';
import { widthOf } from '../../../../../kernel/autoencoders/samples';

const FOLDER = path.join(import.meta.dirname, 'former');

interface Former {
  kind: string;
  score: Record<string, number>;
  resumed: Record<string, number>;
}

const former = JSON.parse(readFileSync(path.join(FOLDER, 'scores.json'), 'utf8')) as Record<string, Former>;

/** The class that has the name now. */
const NOW: Record<string, string> = { Autoencoder: 'DeterministicAutoencoder' };

const N = 24;

function samplesFor({ inputShape, classes }: Model) {
  const width = widthOf(inputShape);
  const labels = classes === null ? null : Int32Array.from({ length: N }, (_, i) => i % classes);
  return {
    name: 'uniform',
    values: Float32Array.from(randomStream(3, 'data').uniforms(N * width)),
    shape: inputShape,
    length: N,
    width,
    labels,
    classNames: [],
  };
}

describe('checkpoints from before models were composed', () => {
  beforeAll(async () => void (await tf.setBackend('cpu')));

  it.each(Object.entries(former))(
    '%s is loaded, scores as it did and goes on',
    async (folder, { kind, score, resumed }) => {
      const Class = library[(NOW[kind] ?? kind) as 'VAE'];
      const model = (await Class.load(path.join(FOLDER, folder))) as unknown as Model;
      const samples = samplesFor(model);
      const close = (found: Record<string, number>, told: Record<string, number>) => {
        expect(Object.keys(found)).toEqual(Object.keys(told));
        for (const [term, value] of Object.entries(told)) {
          expect(Math.abs(found[term]! - value) / Math.max(1, Math.abs(value)), term).toBeLessThan(1e-5);
        }
      };
      close(await model.score(samples, { seed: 4 }), score);
      await model.fit(samples, { epochs: 1, batchSize: 8 });
      close(await model.score(samples, { seed: 4 }), resumed);
      model.dispose();
    },
  );
});
