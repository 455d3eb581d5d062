import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  LatentFlow,
  LatentSampler,
  twoMoons,
} from '../../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../../kernel/autoencoders/random';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A flow away from its start, so that nothing is zero. */
function disturbed(k: number): LatentFlow {
  const flow = new LatentFlow({ input: k, layers: 4, hidden: [8], activation: 'tanh', seed: 3 });
  for (const [i, variable] of Object.values(flow.parameters).entries()) {
    const noise = randomStream(i, 'disturbance')
      .normals(variable.size)
      .map((value) => value * 0.1);
    tf.tidy(() => variable.assign(variable.add(tf.tensor(noise, variable.shape))));
  }
  return flow;
}

describe('a normalising flow', () => {
  it('is a density: it integrates to 1', () => {
    const flow = disturbed(2);
    const [half, steps] = [20, 400];
    const at = Array.from({ length: steps }, (_, i) => -half + ((i + 0.5) * 2 * half) / steps);
    const grid = tf.tensor2d(at.flatMap((y) => at.map((x) => [x, y])));
    const mass = flow
      .logProb(grid)
      .exp()
      .sum()
      .mul(((2 * half) / steps) ** 2)
      .dataSync()[0]!;
    expect(mass).toBeCloseTo(1, 2);
    flow.dispose();
  });

  it('has the log-determinant of finite differences of its inverse', () => {
    const flow = disturbed(2);
    const u = [0.4, -0.9];
    const h = 1e-3;
    const image = (point: number[]) => flow.inverse(tf.tensor2d([point])).dataSync();
    const column = (i: number) => {
      const moved = (step: number) => image(u.map((value, j) => value + (i === j ? step : 0)));
      const [up, down] = [moved(h), moved(-h)];
      return [0, 1].map((j) => (up[j]! - down[j]!) / (2 * h));
    };
    const [a, b] = [column(0), column(1)];
    const determinant = Math.abs(a[0]! * b[1]! - a[1]! * b[0]!);
    const z = flow.inverse(tf.tensor2d([u]));
    const logNormal = -Math.log(2 * Math.PI) - (u[0]! ** 2 + u[1]! ** 2) / 2;
    expect(flow.logProb(z).dataSync()[0]).toBeCloseTo(logNormal - Math.log(determinant), 2);
    flow.dispose();
  });

  it('learns two moons better than any Gaussian', async () => {
    const data = twoMoons({ count: 600, noise: 0.05, seed: 1 });
    const flow = new LatentFlow({ input: 2, layers: 6, hidden: [32], seed: 1 });
    await flow.fit(data, { epochs: 40, batchSize: 100, learningRate: 5e-3, seed: 1 });
    const nats = flow.logProb(data).mean().dataSync()[0]!;
    const values = tf.tensor2d(data.values, [600, 2]);
    const centred = values.sub(values.mean(0));
    const [[a, b], [, c]] = centred.matMul(centred, true).div(600).arraySync() as [[number, number], [number, number]];
    const gaussian = -Math.log(2 * Math.PI) - 0.5 * Math.log(a * c - b * b) - 1;
    expect(nats).toBeGreaterThan(gaussian + 0.5);
    flow.dispose();
  });

  it('needs two dimensions', () => {
    expect(() => new LatentFlow({ input: 1 })).toThrow('LatentFlow: "input" is 1, expected at least 2 values');
  });
});

describe('a latent sampler', () => {
  it('draws from a mixture or a flow that was fitted to the latents, decoded', async () => {
    const data = twoMoons({ count: 200, noise: 0.05, seed: 2 });
    const model = new DeterministicAutoencoder({ input: data.shape.kind === 'vector' ? 2 : 1, latent: 2, hidden: [] });
    const latents = model.encode(data);
    const spread = (rows: tf.Tensor2D) => tf.moments(rows, 0).mean.dataSync();
    const mixture = await LatentSampler.mixture(model, data, { components: 4, seed: 1 });
    expect(mixture.name).toBe('autoencoder, 2 latents, mixture of 4 Gaussians');
    const drawn = mixture.prior.sample(4000, { seed: 1 });
    const [expected, found] = [spread(latents), spread(drawn)];
    const deviation = tf.moments(latents, 0).variance.sqrt().dataSync();
    for (const j of [0, 1])
      expect(Math.abs(found[j]! - expected[j]!)).toBeLessThan((4 * deviation[j]!) / Math.sqrt(4000) + 0.02);
    const decoded = model.decode(mixture.prior.sample(5, { seed: 9 })).dataSync();
    expect([...mixture.sample(5, { seed: 9 }).dataSync()]).toEqual([...decoded]);
    const flow = await LatentSampler.flow(model, data, { epochs: 1 }, { layers: 2, hidden: [4] });
    expect(flow.sample(3, { seed: 1 }).shape).toEqual([3, 2]);
    model.dispose();
  });
});
