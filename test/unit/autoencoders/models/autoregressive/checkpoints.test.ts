import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesDataset, PixelCNN, PixelSNAIL, randomStream } from '../../../../../kernel/autoencoders/index';

beforeAll(() => tf.setBackend('cpu'));

const map = { height: 2, width: 3, codebookSize: 4 };
const known = { conditions: [{ height: 1, width: 2, codebookSize: 3 }], classes: 2 };
const small = { ...map, ...known, channels: 4, layers: 1, seed: 3 };

const codes = (rows: number, positions: number, K: number) => {
  const stream = randomStream(7, 'codes');
  return Array.from({ length: rows }, () => Array.from({ length: positions }, () => stream.integer(K)));
};

describe.each([
  ['PixelCNN', () => new PixelCNN(small), (path: string) => PixelCNN.load(path)],
  [
    'PixelSNAIL',
    () => new PixelSNAIL({ ...small, heads: 1, residualLayers: 1 }),
    (path: string) => PixelSNAIL.load(path),
  ],
] as const)('a %s', (kind, create, load) => {
  it('comes back from a checkpoint as what it was, and goes on from there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'prior-'));
    const data = await codesDataset(codes(8, 6, 4), { conditions: [codes(8, 2, 3)], labels: [0, 1, 0, 1, 0, 1, 0, 1] });
    const model = create();
    await model.fit(data, { epochs: 1, batchSize: 4 });
    await model.save(join(folder, 'prior'));
    const loaded = await load(join(folder, 'prior'));
    expect(loaded.constructor).toBe(model.constructor);
    expect([loaded.kind, loaded.config, loaded.name]).toEqual([kind, model.config, model.name]);
    for (const one of [model, loaded]) await one.fit(data, { epochs: 1, batchSize: 4 });
    expect(await loaded.score(data)).toEqual(await model.score(data));
    await rm(folder, { recursive: true });
    for (const one of [model, loaded]) one.dispose();
  });

  it('explains the objective that its context makes', () => {
    const model = create();
    const { formula, source } = model.explain();
    expect(formula).toBe('-\\sum_{i=1}^{P} \\log p(c_i \\mid c_1, \\dots, c_{i-1}, s)');
    expect(source).toContain(kind === 'PixelCNN' ? 'PixelCNN Decoders' : 'PixelSNAIL');
    model.dispose();
  });
});

describe('the rows of a prior', () => {
  it('follow from its maps, and no others can be given', () => {
    expect(() => new PixelCNN({ ...small, input: 4 } as never)).toThrow(
      'PixelCNN: "input" is 4, allowed: only what follows from the maps, rows of 8 codes.',
    );
  });
});
