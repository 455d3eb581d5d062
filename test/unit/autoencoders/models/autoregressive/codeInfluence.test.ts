import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeInfluence, PixelCNN } from '../../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the influence of codes', () => {
  it('is that of every earlier code in a gated PixelCNN that is deep enough, and of no later one', () => {
    const prior = new PixelCNN({
      height: 4,
      width: 5,
      codebookSize: 4,
      channels: 8,
      layers: 5,
      firstKernel: 3,
      seed: 1,
    });
    const { changes, earlier, later } = codeInfluence(prior);
    expect([earlier, later]).toEqual([(20 * 19) / 2, 0]);
    changes.forEach((row, i) => row.forEach((change, j) => expect(change > 0).toBe(j < i)));
  });

  it('sees a prior that looks ahead, and one that looks at its neighbour alone', () => {
    const logitsOf = (from: (i: number) => number) => ({
      config: { codebookSize: 2 },
      positions: 3,
      logits: (rows: number[][]) => tf.tensor3d(rows.map((row) => row.map((_, i) => [row[from(i)] ?? 0, 0]))),
    });
    expect(codeInfluence(logitsOf((i) => i + 1))).toMatchObject({ earlier: 0, later: 2 });
    expect(codeInfluence(logitsOf((i) => i - 1))).toMatchObject({ earlier: 2, later: 0 });
  });
});
