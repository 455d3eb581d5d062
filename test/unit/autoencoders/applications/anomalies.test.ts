import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  AnomalyDetector,
  anomalyScores,
  DeterministicAutoencoder,
  ConditionalVAE,
  estimate,
  rocCurve,
  VAE,
  VampPriorVAE,
} from '../../../../kernel/autoencoders/index';
import { draws, linearVae } from '../../../../kernel/verify/applications/linearVae';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('an anomaly score', () => {
  it('by the bound is minus log p(x) where the posterior is exact', async () => {
    const { vae, exact } = linearVae();
    const rows = draws(exact, 20, 1);
    // Over many draws the mean log-likelihood under q is near its expectation.
    const scores = await anomalyScores(vae, rows, { score: 'elbo', draws: 4000 });
    rows.forEach((row, i) => expect(Math.abs(scores[i]! + exact.logEvidence(row))).toBeLessThan(0.15));
    vae.dispose();
  });

  it('by the bound has the model’s own prior and posterior', async () => {
    const shared = { input: 4, latent: 2, hidden: [6], likelihood: 'gaussian' as const, sigma: 1, seed: 2 };
    const models = [new VampPriorVAE({ ...shared, components: 3 }), new VAE({ ...shared, posterior: 'full' })];
    const rows = Array.from({ length: 8 }, (_, i) => [3, i, -i, 1]);
    for (const model of models) {
      const scores = await anomalyScores(model, rows, { score: 'elbo', draws: 3000 });
      const mean = scores.reduce((sum, score) => sum + score, 0) / 8;
      const bounds = await Promise.all(Array.from({ length: 300 }, (_, seed) => model.score(rows, { seed })));
      const { value, standardError } = estimate(bounds.map(({ elbo }) => -elbo));
      expect(Math.abs(mean - value)).toBeLessThan(4 * standardError + 1e-3);
      model.dispose();
    }
  });

  it('by the likelihood regret is what a wrong encoder loses: KL(q ‖ p(z|x))', async () => {
    const { vae, exact } = linearVae();
    const rows = draws(exact, 6, 2);
    const before = await anomalyScores(vae, rows, { score: 'likelihoodRegret', draws: 400, steps: 80 });
    // Nothing to gain but what the draws leave to chance.
    for (const regret of before) expect(regret).toBeLessThan(0.1);
    const bias = vae.parameters['encoder.0.bias']!;
    const shift = 0.8;
    tf.tidy(() => bias.assign(bias.add(tf.tensor1d([shift, 0, 0, 0]))));
    const after = await anomalyScores(vae, rows, { score: 'likelihoodRegret', draws: 400, steps: 80 });
    const variance = exact.posterior([0, 0, 0, 0]).covariance[0]![0]!;
    const mean = after.reduce((sum, regret) => sum + regret, 0) / after.length;
    expect(Math.abs(mean - shift ** 2 / (2 * variance))).toBeLessThan(0.3);
    vae.dispose();
  });

  it('by reconstruction is the squared error, of any autoencoder', async () => {
    const model = new DeterministicAutoencoder({ input: 4, latent: 2, hidden: [] });
    const rows = [[1, 2, 3, 4]];
    const xHat = model.reconstruct(rows).dataSync();
    const [score] = await anomalyScores(model, rows);
    expect(score).toBeCloseTo(
      [...xHat].reduce((sum, value, i) => sum + (value - rows[0]![i]!) ** 2, 0),
      4,
    );
    await expect(anomalyScores(model, rows, { score: 'elbo' })).rejects.toThrow('elbo needs a model with a posterior');
    const conditional = new ConditionalVAE({ input: 4, latent: 2, hidden: [4], classes: 2 });
    await expect(anomalyScores(conditional, rows, { score: 'elbo' })).rejects.toThrow('needs a model without classes');
    conditional.dispose();
    model.dispose();
  });

  it('frees every tensor that it makes', async () => {
    const { vae, exact } = linearVae();
    const rows = draws(exact, 3, 3);
    await anomalyScores(vae, rows, { score: 'likelihoodRegret', steps: 2 });
    const before = tf.memory().numTensors;
    for (const score of ['reconstruction', 'elbo', 'likelihoodRegret'] as const)
      await anomalyScores(vae, rows, { score, steps: 2 });
    expect(tf.memory().numTensors).toBe(before);
    vae.dispose();
  });
});

describe('an anomaly detector', () => {
  it('has a threshold that the wanted share of held-out data is not above', async () => {
    const { vae, exact } = linearVae();
    const heldOut = draws(exact, 200, 4);
    const detector = await AnomalyDetector.fit(vae, heldOut, { quantile: 0.9 });
    const { anomalous } = await detector.detect(heldOut);
    expect(anomalous.filter(Boolean)).toHaveLength(20);
    const strange = draws(exact, 50, 5).map((row) => row.map((value, i) => value + (i === 1 ? 4 : 0)));
    const found = await detector.detect([...heldOut, ...strange]);
    const labels = [...heldOut.map(() => false), ...strange.map(() => true)];
    expect(rocCurve(found.scores, labels).areaUnderCurve).toBeGreaterThan(0.95);
    await expect(AnomalyDetector.fit(vae, heldOut, { quantile: 1 })).rejects.toThrow('"quantile" is 1');
    vae.dispose();
  });
});
