import { afterEach, describe, expect, it } from 'vitest';
import { defaultSeed, randomStream, setDefaultSeed, VAE } from '../../../kernel/autoencoders/index';
import { mean } from './data';

describe('random streams', () => {
  it('are the same for the same key', () => {
    expect(randomStream(3, 'noise', 7).normals(9)).toEqual(randomStream(3, 'noise', 7).normals(9));
  });

  it('differ by seed, by purpose and by counter', () => {
    const streams = [
      randomStream(3, 'noise', 7),
      randomStream(4, 'noise', 7),
      randomStream(3, 'shuffle', 7),
      randomStream(3, 'noise', 8),
    ];
    expect(new Set(streams.map((stream) => stream.uniform())).size).toBe(4);
  });

  it('draw normals with the moments and the tail of N(0, 1)', () => {
    const n = 200_000;
    const draws = randomStream(1, 'normals').normals(n);
    const moment = (power: number) => mean(draws.map((value) => value ** power));
    // Standard errors of the moments 1 to 4 are √1, √2, √15, √96 over √n.
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan((4 * Math.sqrt(2)) / Math.sqrt(n));
    expect(Math.abs(moment(3))).toBeLessThan((4 * Math.sqrt(15)) / Math.sqrt(n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan((4 * Math.sqrt(96)) / Math.sqrt(n));
    const beyond = mean(draws.map((value) => (Math.abs(value) > 1.959964 ? 1 : 0)));
    expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / n));
  });

  it('draw an odd number of normals', () => {
    expect(randomStream(1, 'normals').normals(5).every(Number.isFinite)).toBe(true);
  });

  it('draw uniforms in [0, 1)', () => {
    const draws = randomStream(1, 'uniforms').uniforms(10_000);
    expect(draws.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(mean(draws) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 10_000));
  });

  it('permute: every index once, every place equally likely', () => {
    const places = new Array<number>(4).fill(0);
    for (let i = 0; i < 4000; i++) {
      const order = randomStream(i, 'shuffle').permutation(4);
      expect([...order].sort()).toEqual([0, 1, 2, 3]);
      places[order.indexOf(0)]! += 1;
    }
    const spread = 4 * Math.sqrt(4000 * 0.25 * 0.75);
    for (const count of places) expect(Math.abs(count - 1000)).toBeLessThan(spread);
  });
});

describe('the default seed', () => {
  const seed = defaultSeed();
  afterEach(() => setDefaultSeed(seed));

  it('is that of models without one', () => {
    setDefaultSeed(41);
    const model = new VAE({ input: 3, latent: 1, hidden: [] });
    expect(model.config.seed).toBe(41);
    model.dispose();
  });

  it('is a whole number', () => {
    expect(() => setDefaultSeed(0.5)).toThrow('takes as "seed" a whole number; found the number 0.5');
  });
});
