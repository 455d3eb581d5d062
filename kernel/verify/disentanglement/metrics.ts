/** Scores of representations that are known in advance. */
import {
  betaVaeScore,
  dciScore,
  discreteMutualInformation,
  discretize,
  factorVaeScore,
  gaussianMutualInformation,
  mutualInformationGap,
  randomStream,
  sapScore,
} from '../../autoencoders/index';
import type { RepresentationFunction } from '../../autoencoders/index';
import type { Verification } from '../verification';
import { axisAligned, entangled, factorsThemselves, identity, noise, samplerOf } from './knownRepresentations';

type Score = (represent: RepresentationFunction) => Promise<number>;

const SEED = 1;
const betaVae: Score = async (represent) =>
  (await betaVaeScore(represent, factorsThemselves, { pairs: 32, points: 160, testPoints: 200, seed: SEED })).score;
const factorVae: Score = async (represent) =>
  (await factorVaeScore(represent, factorsThemselves, { samplesOfVote: 32, votes: 200, testVotes: 200, seed: SEED }))
    .score;
const gap: Score = async (represent) =>
  (await mutualInformationGap(represent, factorsThemselves, { seed: SEED })).score;
const sap: Score = async (represent) => (await sapScore(represent, factorsThemselves, { seed: SEED })).score;
const dci = (part: 'disentanglement' | 'completeness' | 'informativeness'): Score => {
  const options = { samples: 250, testSamples: 200, trees: 4, seed: SEED };
  return async (represent) => (await dciScore(represent, factorsThemselves, options))[part];
};

/** Four standard errors of a share of 1/4 of 200 trials. */
const OF_CHANCE = 4 * Math.sqrt((0.25 * 0.75) / 200);
/** SAP's best with one factor of three kinds: guessing it is right in a third of all cases. */
const BEST_SAP = (3 + 2 / 3) / 4;

function known(
  id: string,
  identityText: string,
  represent: RepresentationFunction,
  score: Score,
  [expected, tolerance]: [number, number],
): Verification {
  const measure = async () => ({ expected, found: await score(represent), tolerance });
  return { id: `disentanglement/${id}`, system: 'metrics', identity: identityText, quick: true, measure };
}

export const metrics: Verification[] = [
  known('beta-vae-score-identity', 'β-VAE score of the factors themselves = 1', identity, betaVae, [1, 0.02]),
  known('beta-vae-score-noise', 'β-VAE score of noise = chance, 1/4', noise, betaVae, [0.25, OF_CHANCE]),
  known('factor-vae-score-identity', 'FactorVAE score of the factors themselves = 1', identity, factorVae, [1, 0.01]),
  known('factor-vae-score-noise', 'FactorVAE score of noise = chance, 1/4', noise, factorVae, [0.25, OF_CHANCE]),
  known('mig-identity', 'MIG of the factors themselves = 1', identity, gap, [1, 0.01]),
  known('mig-aligned', 'MIG ignores order, scale, sign and dimensions of noise', axisAligned, gap, [1, 0.01]),
  known('mig-noise', 'MIG of noise = 0', noise, gap, [0, 0.01]),
  {
    id: 'disentanglement/mig-shared',
    system: 'metrics',
    identity: 'MIG of codes v and ⌊v/2⌋ of eight values v = (log 8 − log 4)/log 8',
    quick: true,
    measure: async () => {
      const values = Array.from({ length: 8 }, (_, i) => i);
      const represent: RepresentationFunction = (x) =>
        identity(x)
          .matMul([[1, 1]])
          .sub(
            identity(x)
              .mod(2)
              .mul([[0, 1]]),
          );
      const { score } = await mutualInformationGap(represent, samplerOf([{ name: 'v', values }]), { seed: SEED });
      return { expected: 1 / 3, found: score, tolerance: 0.002 };
    },
  },
  known('sap-identity', 'SAP of the factors themselves = mean of 1, 1, 1 and 1 − 1/3', identity, sap, [BEST_SAP, 0.02]),
  known('sap-noise', 'SAP of noise = 0', noise, sap, [0, 0.04]),
  known('dci-disentanglement-identity', 'DCI: D of the factors = 1', identity, dci('disentanglement'), [1, 0.02]),
  known('dci-completeness-identity', 'DCI: C of the factors = 1', identity, dci('completeness'), [1, 0.02]),
  known('dci-informativeness-identity', 'DCI: I of the factors = 1', identity, dci('informativeness'), [1, 0.02]),
  known('dci-informativeness-noise', 'DCI: I of noise = 0', noise, dci('informativeness'), [0, 0.05]),
  {
    id: 'disentanglement/dci-entangled',
    system: 'metrics',
    identity: 'DCI: D of factors mixed evenly by an orthogonal map is far below 1',
    quick: true,
    measure: async () => {
      const found = await dci('disentanglement')(entangled);
      return { expected: 0.3, found, tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'disentanglement/mutual-information-gaussian',
    system: 'metrics',
    identity: 'binned I(X; Y) of a Gaussian pair with ρ = .8 = −½ log(1 − ρ²)',
    quick: true,
    measure: () => {
      const [rho, n, bins] = [0.8, 200_000, 60];
      const stream = randomStream(SEED, 'gaussian pair');
      const [x, e] = [stream.normals(n), stream.normals(n)];
      const y = x.map((value, i) => rho * value + Math.sqrt(1 - rho ** 2) * e[i]!);
      const found = discreteMutualInformation(discretize(x, bins), discretize(y, bins));
      return { expected: gaussianMutualInformation(rho), found, tolerance: 0.02 };
    },
  },
];
