import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codebookDiagnostics, latentDiagnostics, randomStream, VAE } from '../../../../kernel/autoencoders/index';
import type { FitOptions, Samples } from '../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../engine/backends';
import { binarySamples, mean } from '../data';

beforeAll(useWasm);

describe('the diagnostics of latents', () => {
  it('has the divergence of each dimension in closed form, and counts dimensions that vary with x', () => {
    // Dimension 0: μ = ±1, σ² = ½; dimension 1: the prior itself; dimension 2: μ varies by 0.0081 < 0.01.
    const mu = [1, 0, 0.09, -1, 0, -0.09];
    const logVar = [Math.log(0.5), 0, 0, Math.log(0.5), 0, 0];
    const { activeUnits, klPerDimension } = latentDiagnostics(mu, logVar, 3, new Float32Array(6));
    expect(activeUnits).toBe(1);
    [(1 + 0.5 - 1 + Math.log(2)) / 2, 0, 0.0081 / 2].forEach((kl, d) => expect(klPerDimension[d]).toBeCloseTo(kl, 12));
  });

  it('has the mutual information: 0 where posteriors are alike, ln n where they do not overlap', () => {
    const draws = randomStream(1, 'draws').normals(50);
    const alike = latentDiagnostics(new Float32Array(50), new Float32Array(50), 1, draws);
    expect(alike.mutualInformation).toBeCloseTo(0, 12);
    const apart = Float32Array.from({ length: 50 }, (_, i) => 100 * i);
    expect(latentDiagnostics(apart, new Float32Array(50), 1, draws).mutualInformation).toBeCloseTo(Math.log(50), 12);
  });

  it('has the mutual information of a Gaussian channel, ½ ln(1 + s²/σ²)', () => {
    // μ ~ N(0, s²), z|x ~ N(μ, σ²). The estimate's spread over data sets of this size is about 0.03.
    const [n, s, sigma] = [1500, 2, 1];
    const mu = randomStream(2, 'means')
      .normals(n)
      .map((value) => s * value);
    const draws = randomStream(3, 'draws').normals(n);
    const { mutualInformation } = latentDiagnostics(mu, new Float32Array(n).fill(2 * Math.log(sigma)), 1, draws);
    expect(Math.abs(mutualInformation - 0.5 * Math.log(1 + (s / sigma) ** 2))).toBeLessThan(0.1);
  });
});

describe('the diagnostics of a codebook', () => {
  it('has the share of codes in use, the perplexity, and how many are dead', () => {
    expect(codebookDiagnostics([0, 1, 2, 3], 8)).toEqual({ codebookUsage: 0.5, codebookPerplexity: 4, deadCodes: 4 });
    const { codebookPerplexity } = codebookDiagnostics([0, 0, 0, 1], 2);
    expect(codebookPerplexity).toBeCloseTo(Math.exp(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25))), 12);
  });
});

describe('the diagnostics of a training', () => {
  const train = binarySamples(40, 12);
  const OPTIONS: FitOptions = { epochs: 2, batchSize: 10, learningRate: 0.01 };

  /** A VAE that notes what it was asked to examine. */
  const newModel = () => {
    const examined: Samples[] = [];
    const diagnostics = async (samples: Samples) => {
      examined.push(samples);
      return { rows: samples.length, perDimension: [1, 2] };
    };
    return Object.assign(new VAE({ input: 12, latent: 2, hidden: [8], beta: 4, seed: 1 }), { examined, diagnostics });
  };

  it('is in its history, by step and for the last epoch', async () => {
    const model = newModel();
    const history = await model.fit(train, OPTIONS);
    const [norms, speeds] = ['gradient norm', 'samples per second'].map(
      (name) => history.measures.find((series) => series.name === name)!.values,
    );
    expect([norms!.length, speeds!.length]).toEqual([8, 8]);
    const { gradientNorm, samplesPerSecond, tensorsAlive, peakMemory, effectiveBeta } = history.diagnostics!;
    expect(gradientNorm.mean).toBeCloseTo(mean(norms!.slice(4)), 10);
    expect(gradientNorm.largest).toBe(Math.max(...norms!.slice(4)));
    // The mean of speeds over equal batches is the harmonic one.
    expect(samplesPerSecond).toBeCloseTo(1 / mean(speeds!.slice(4).map((speed) => 1 / speed)), 6);
    expect(tensorsAlive).toBe(alive().tensors);
    expect(peakMemory * 2 ** 20).toBeGreaterThan(process.memoryUsage().rss / 2);
    expect(effectiveBeta).toBe(4);
    expect(history.notes.at(-1)).toMatch(
      /^Last epoch: effective β 4; rows 40; gradient norm [\d.]+ on average, at most/,
    );
    model.dispose();
  });

  it('holds what the model reports of the validation data, or else of up to 1000 training samples', async () => {
    const model = newModel();
    const validation = binarySamples(20, 12, 7);
    const history = await model.fit(train, { ...OPTIONS, validation });
    expect(history.diagnostics!.model).toEqual({ rows: 20, perDimension: [1, 2] });
    expect(model.examined[0]!.values).toEqual(validation.values);
    await model.fit(binarySamples(1100, 12), { epochs: 2, batchSize: 550 });
    const [, , first, second] = model.examined;
    expect(first!.length).toBe(1000);
    expect(second).toBe(first);
    model.dispose();
  });

  it('comes once an epoch and leaves no tensors', async () => {
    const model = newModel();
    await model.fit(train, OPTIONS);
    const before = tf.memory().numTensors;
    const history = await model.fit(train, OPTIONS);
    expect(model.examined).toHaveLength(4);
    expect(history.diagnostics!.tensorsAlive).toBe(before);
    model.dispose();
  });
});
