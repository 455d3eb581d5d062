import { describe, expect, it } from 'vitest';
import { fashionMnist } from '../../../../kernel/autoencoders/data/index';
import { temporaryFolder } from './temporaryFolder';

describe('fashionMnist', () => {
  it('reads the test set that is part of LatentLab: 10,000 images in [0, 1], 1,000 of each class', async () => {
    const data = await fashionMnist();
    expect(data.name).toBe('Fashion-MNIST, test set');
    expect(data.length).toBe(10_000);
    expect(data.shape).toEqual({ kind: 'image', height: 28, width: 28, channels: 1 });
    expect(data.values.every((value) => value >= 0 && value <= 1)).toBe(true);
    const counts = new Array<number>(10).fill(0);
    for (const label of data.labels!) counts[label]!++;
    expect(counts).toEqual(new Array(10).fill(1000));
    // The published first labels of the test set: ankle boot, pullover, trouser, trouser, shirt.
    expect([...data.labels!.subarray(0, 5)].map((label) => data.classNames[label])).toEqual([
      'Ankle boot',
      'Pullover',
      'Trouser',
      'Trouser',
      'Shirt',
    ]);
  });

  it('has the published mean and standard deviation of pixels (0.286 and 0.353), to two digits', async () => {
    const { values } = await fashionMnist();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0.286, 2);
    expect(Math.sqrt(variance)).toBeCloseTo(0.353, 2);
  });

  it('says how to get files that are not there', async () => {
    const folder = temporaryFolder();
    await expect(fashionMnist({ set: 'train', folder })).rejects.toThrow(
      /found no .*train-images-idx3-ubyte\.gz; .*apt-get install dataset-fashion-mnist/,
    );
  });

  it('refuses an unknown set', async () => {
    await expect(fashionMnist({ set: 'validation' as 'test' })).rejects.toThrow(
      '“validation”; expected “test” or “train”',
    );
  });
});
