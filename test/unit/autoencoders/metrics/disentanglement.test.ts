import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  betaVaeScore,
  dciScore,
  disentanglementAndCompleteness,
  factorVaeScore,
  mutualInformationGap,
  sapScore,
} from '../../../../kernel/autoencoders/index';
import type { FactorSampler, RepresentationFunction } from '../../../../kernel/autoencoders/index';
import { alive } from '../../engine/backends';
import {
  axisAligned,
  entangled,
  factorsThemselves,
  identity,
  noise,
} from '../../../../kernel/verify/disentanglement/knownRepresentations';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const small = {
  betaVae: { pairs: 16, points: 100, testPoints: 60, seed: 1 },
  factorVae: { samplesOfVote: 24, votes: 120, testVotes: 80, varianceSamples: 500, seed: 1 },
  gap: { samples: 3000, seed: 1 },
  sap: { samples: 400, testSamples: 200, seed: 1 },
  dci: { samples: 200, testSamples: 100, trees: 3, seed: 1 },
};

const SCORES: Record<string, (represent: RepresentationFunction, sampler: FactorSampler) => Promise<number>> = {
  'the β-VAE score': async (r, s) => (await betaVaeScore(r, s, small.betaVae)).score,
  'the FactorVAE score': async (r, s) => (await factorVaeScore(r, s, small.factorVae)).score,
  'the mutual information gap': async (r, s) => (await mutualInformationGap(r, s, small.gap)).score,
  SAP: async (r, s) => (await sapScore(r, s, small.sap)).score,
  'DCI disentanglement': async (r, s) => (await dciScore(r, s, small.dci)).disentanglement,
  'DCI completeness': async (r, s) => (await dciScore(r, s, small.dci)).completeness,
  'DCI informativeness': async (r, s) => (await dciScore(r, s, small.dci)).informativeness,
};

/**
 * The highest score of SAP: three factors with an order give R² = 1, and guessing one of three kinds succeeds in a
 * third of all cases.
 */
const HIGHEST: Record<string, number> = { SAP: (3 + 2 / 3) / 4 };

/**
 * Upper bounds of the scores of codes that know nothing of the factors; two of the scores have a chance of a quarter.
 */
const OF_NOISE: Record<string, number> = { 'the β-VAE score': 0.45, 'the FactorVAE score': 0.45 };

describe.each(Object.entries(SCORES))('%s', (name, score) => {
  it('of the factors themselves is the highest there is', async () => {
    const found = await score(identity, factorsThemselves);
    const highest = HIGHEST[name] ?? 1;
    expect(found).toBeGreaterThan(highest - 0.05);
    expect(found).toBeLessThan(highest + 1e-6);
  });

  it('does not look at order, scale and sign, nor at dimensions of noise', async () => {
    expect(await score(axisAligned, factorsThemselves)).toBeGreaterThan((HIGHEST[name] ?? 1) - 0.1);
  });

  it('of noise is near chance', async () => {
    expect(await score(noise, factorsThemselves)).toBeLessThan(OF_NOISE[name] ?? 0.2);
  });
});

describe('factors that are mixed evenly', () => {
  it('have no dimension of their own, though nothing is lost', async () => {
    expect((await mutualInformationGap(entangled, factorsThemselves, small.gap)).score).toBeLessThan(0.15);
    expect((await sapScore(entangled, factorsThemselves, small.sap)).score).toBeLessThan(0.15);
    const { disentanglement, completeness } = await dciScore(entangled, factorsThemselves, small.dci);
    expect(disentanglement).toBeLessThan(0.4);
    expect(completeness).toBeLessThan(0.4);
  });
});

describe('disentanglement and completeness', () => {
  it('are 1 for a permutation', () => {
    const score = disentanglementAndCompleteness([
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ]);
    expect(score.disentanglement).toBeCloseTo(1, 12);
    expect(score.completeness).toBeCloseTo(1, 12);
  });

  it('are 0 when everything matters evenly to everything', () => {
    const score = disentanglementAndCompleteness([
      [0.5, 0.5, 0.5],
      [0.5, 0.5, 0.5],
    ]);
    expect(score.disentanglement).toBeCloseTo(0, 12);
    expect(score.completeness).toBeCloseTo(0, 12);
  });

  it('tell two dimensions for one factor from two factors in one dimension', () => {
    const split = disentanglementAndCompleteness([
      [0.5, 0],
      [0.5, 0],
      [0, 1],
    ]);
    expect(split.disentanglement).toBeCloseTo(1, 12);
    expect(split.completeness).toBeCloseTo(1 - (Math.LN2 / Math.log(3)) * 0.5, 12);
    const shared = disentanglementAndCompleteness([[1, 1]]);
    expect(shared).toEqual({ disentanglement: expect.closeTo(0, 12) as number, completeness: 1 });
  });
});

describe('a metric', () => {
  it('names factors, and keeps no tensors', async () => {
    const before = alive();
    const { gaps, mutualInformation } = await mutualInformationGap(identity, factorsThemselves, small.gap);
    expect(Object.keys(gaps)).toEqual(['kind', 'u', 'v', 'w']);
    expect(mutualInformation).toHaveLength(4);
    expect(alive()).toEqual(before);
  });

  it('says what a representation has to be', async () => {
    const short: RepresentationFunction = () => tf.zeros([1, 2]);
    await expect(sapScore(short, factorsThemselves, small.sap)).rejects.toThrow(
      'A representation gives a row for each sample; found 1 for 400',
    );
    const broken: RepresentationFunction = (x) => tf.fill([x.length, 2], NaN);
    await expect(dciScore(broken, factorsThemselves, small.dci)).rejects.toThrow('finite numbers; found NaN');
  });

  it('says which option is wrong', async () => {
    await expect(mutualInformationGap(identity, factorsThemselves, { bins: 1 })).rejects.toThrow('"bins" is 1');
  });

  it('gives collapsed dimensions no vote', async () => {
    const collapsed: RepresentationFunction = (x) => tf.zeros([x.length, 3]);
    expect((await factorVaeScore(collapsed, factorsThemselves, small.factorVae)).score).toBe(0);
  });
});
