/** Anomaly scores and inpainting, beside a linear Gaussian model in closed form. */
import { AnomalyDetector, anomalyScores, fashionMnist, inpaint, rocCurve, VAE } from '../../autoencoders/index';
import { randomStream } from '../../autoencoders/random';
import type { Measured, Verification } from '../verification';
import { conditionalMean, draws, linearVae } from './linearVae';

const KNOWN = [1, 1, 0, 1];

/** Area under the curve against the share of pairs in which the positive scores higher. */
function areaIsPairShare(): Measured {
  const stream = randomStream(1, 'roc');
  const scores = Array.from({ length: 300 }, () => stream.integer(40));
  const positive = scores.map((score) => stream.uniform() < score / 60);
  let [wins, pairs] = [0, 0];
  scores.forEach((a, i) =>
    scores.forEach((b, j) => {
      if (!positive[i] || positive[j]) return;
      pairs += 1;
      wins += a > b ? 1 : a === b ? 0.5 : 0;
    }),
  );
  return { expected: wins / pairs, found: rocCurve(scores, positive).areaUnderCurve, tolerance: 1e-12 };
}

async function falseAlarms(): Promise<Measured> {
  const { vae, exact } = linearVae();
  const detector = await AnomalyDetector.fit(vae, draws(exact, 1000, 1), { quantile: 0.95 });
  const { anomalous } = await detector.detect(draws(exact, 1000, 2));
  vae.dispose();
  const share = anomalous.filter(Boolean).length / 1000;
  // Two samples of 1,000: √(2 · .05 · .95 / 1000) is one standard error.
  return { expected: 0.05, found: share, tolerance: 4 * Math.sqrt((2 * 0.05 * 0.95) / 1000) };
}

async function regretIsTheGap(): Promise<Measured> {
  const { vae, exact } = linearVae();
  const bias = vae.parameters['encoder.0.bias']!;
  const shift = 0.8;
  const values = [...(await bias.data())];
  values[0]! += shift;
  const moved = bias.add(0);
  bias.assign(moved.mul(0).add(values));
  moved.dispose();
  const regrets = await anomalyScores(vae, draws(exact, 20, 3), { score: 'likelihoodRegret', draws: 1000, steps: 100 });
  vae.dispose();
  const variance = exact.posterior([0, 0, 0, 0]).covariance[0]![0]!;
  const mean = regrets.reduce((sum, regret) => sum + regret, 0) / regrets.length;
  return { expected: shift ** 2 / (2 * variance), found: mean, tolerance: 0.15 };
}

async function inpaintingByGradient(): Promise<Measured> {
  const { vae, exact } = linearVae();
  const rows = draws(exact, 16, 4);
  const filled = await inpaint(vae, rows, KNOWN, { method: 'gradient', steps: 400 });
  const values = await filled.array();
  filled.dispose();
  vae.dispose();
  const errors = rows.map((row, i) => Math.abs(values[i]![2]! - conditionalMean(exact, row, KNOWN)[0]!));
  return { expected: 0, found: Math.max(...errors), tolerance: 1e-2 };
}

async function inpaintingByRefill(): Promise<Measured> {
  const { vae, exact } = linearVae();
  const [row] = draws(exact, 1, 5);
  const copies = Array.from({ length: 1000 }, () => row!);
  const filled = await inpaint(vae, copies, KNOWN, { steps: 40, seed: 1 });
  const values = (await filled.array()).map((one) => one[2]!);
  filled.dispose();
  vae.dispose();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return {
    expected: conditionalMean(exact, row!, KNOWN)[0]!,
    found: mean,
    tolerance: 4 * Math.sqrt(variance / 1000) + 1e-3,
  };
}

/** Trained on one kind of clothes, tested on that and another. */
async function bagsAmongTrousers(): Promise<Measured> {
  const data = await fashionMnist();
  const trousers = data.ofClass('Trouser');
  const vae = new VAE({ input: data.shape, latent: 8, hidden: [128], seed: 1 });
  await vae.fit(trousers.slice(0, 700), { epochs: 15, batchSize: 64, seed: 1 });
  const normal = trousers.slice(700, 1000);
  const strange = data.ofClass('Bag').take(300);
  const scores = [
    ...(await anomalyScores(vae, normal, { score: 'elbo' })),
    ...(await anomalyScores(vae, strange, { score: 'elbo' })),
  ];
  vae.dispose();
  const isStrange = scores.map((_, i) => i >= normal.length);
  return { expected: 0.95, found: rocCurve(scores, isStrange).areaUnderCurve, tolerance: 0, relation: '≥' };
}

export const anomalyVerifications: Verification[] = [
  {
    id: 'applications/roc',
    system: 'Anomaly detection',
    identity: 'area under the ROC curve = share of pairs in which the anomaly scores higher, ties half',
    quick: true,
    measure: areaIsPairShare,
  },
  {
    id: 'applications/threshold',
    system: 'Anomaly detection',
    identity: 'threshold at the .95 quantile of held-out data: one false alarm in twenty (4 s.e.)',
    quick: true,
    measure: falseAlarms,
  },
  {
    id: 'applications/regret',
    system: 'Anomaly detection',
    identity: 'likelihood regret of an encoder that is off by δ = KL(q‖p(z|x)) = δ²/2v, linear Gaussian model',
    quick: false,
    measure: regretIsTheGap,
  },
  {
    id: 'applications/trousers-and-bags',
    system: 'Anomaly detection',
    identity: 'VAE of trousers, −ELBO as score: area under the ROC curve for bags',
    quick: false,
    measure: bagsAmongTrousers,
  },
  {
    id: 'applications/inpainting-gradient',
    system: 'Inpainting',
    identity: 'argmax over z of log p(x_known|z) + log p(z) decodes to E[x_missing|x_known], linear Gaussian model',
    quick: false,
    measure: inpaintingByGradient,
  },
  {
    id: 'applications/inpainting-refill',
    system: 'Inpainting',
    identity: 'mean of refilled values over 1,000 chains = E[x_missing|x_known] (4 s.e.), linear Gaussian model',
    quick: true,
    measure: inpaintingByRefill,
  },
];
