import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { inpaint, VAE } from '../../../../kernel/autoencoders/index';
import { conditionalMean, draws, linearVae } from '../../../../kernel/verify/applications/linearVae';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('inpainting with a linear Gaussian model', () => {
  const known = [1, 1, 0, 1];

  it('by gradient finds the conditional mean of the missing value', async () => {
    const { vae, exact } = linearVae();
    const rows = draws(exact, 8, 1);
    const holes = rows.map((row) => row.map((value, i) => (known[i] ? value : NaN)));
    const filled = await inpaint(vae, holes, known, { method: 'gradient', steps: 400, learningRate: 0.05 });
    filled.arraySync().forEach((row, i) => {
      const [expected] = conditionalMean(exact, rows[i]!, known);
      expect(row[2]).toBeCloseTo(expected!, 2);
      for (const j of [0, 1, 3]) expect(row[j]).toBeCloseTo(rows[i]![j]!, 5);
    });
    vae.dispose();
  });

  it('by refilling is the conditional mean over many seeds', async () => {
    const { vae, exact } = linearVae();
    const [row] = draws(exact, 1, 2);
    const copies = Array.from({ length: 400 }, () => row!);
    const filled = (await inpaint(vae, copies, known, { steps: 40, seed: 3 })).arraySync().map((one) => one[2]!);
    const mean = filled.reduce((sum, value) => sum + value, 0) / filled.length;
    const deviation = Math.sqrt(filled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / filled.length);
    const [expected] = conditionalMean(exact, row!, known);
    expect(Math.abs(mean - expected!)).toBeLessThan(4 * (deviation / Math.sqrt(400)) + 1e-3);
    vae.dispose();
  });

  it('by gradient looks at no variance of a missing value', async () => {
    const vae = new VAE({ input: 3, latent: 1, hidden: [], likelihood: 'gaussian', sigma: 'perPixel' });
    // Mean z and a fixed σ of the known value; of the missing ones σ falls steeply with z.
    const kernel = [[1, 0.5, -0.5, 0, -2, -2]];
    tf.tidy(() => {
      vae.parameters['decoder.0.kernel']!.assign(tf.tensor2d(kernel));
      vae.parameters['decoder.0.bias']!.assign(tf.zeros([6]));
    });
    const x0 = 0.8;
    const filled = await inpaint(vae, [[x0, NaN, NaN]], [1, 0, 0], { method: 'gradient', steps: 600 });
    // log N(x₀; z, 1) + log N(z; 0, 1) is greatest at z = x₀/2.
    filled
      .arraySync()[0]!
      .forEach((value, j) => expect(value).toBeCloseTo(j === 0 ? x0 : (kernel[0]![j]! * x0) / 2, 2));
    vae.dispose();
  });

  it('takes a mask for each row, and refuses one of another size', async () => {
    const { vae, exact } = linearVae();
    const rows = draws(exact, 2, 4);
    const filled = (await inpaint(vae, rows, [1, 1, 1, 1, 0, 1, 1, 1])).arraySync();
    for (let j = 0; j < 4; j++) expect(filled[0]![j]).toBeCloseTo(rows[0]![j]!, 5);
    expect(filled[1]![0]).not.toBeCloseTo(rows[1]![0]!, 3);
    await expect(inpaint(vae, rows, [1, 0])).rejects.toThrow('the mask has 2 entries; expected 4, or 2 × 4.');
    vae.dispose();
  });
});
