import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  VAE,
  type Term,
  type Terms,
  type VAEConfig,
  type VariationalGiven,
} from '../../../../kernel/autoencoders/index';
import { setRuntime } from '../../../../kernel/engine/runtime';
import { refusals } from '../../../../kernel/engine/runtimes/refusals';
import { binarySamples } from '../../autoencoders/data';
import { useWasm } from '../backends';

beforeAll(async () => {
  await useWasm();
  setRuntime('cpu');
});

afterAll(() => setRuntime('eager'));

const data = binarySamples(40, 16);
const OPTIONS = { epochs: 2, batchSize: 16, learningRate: 0.01 };
const CONFIG: VAEConfig = { input: 16, latent: 2, hidden: [8], likelihood: 'bernoulli', seed: 1 };

/** A VAE that also weighs a term by a value that it reads in the middle of the step. */
class ReadingVAE extends VAE {
  override terms(given: VariationalGiven): Terms {
    const terms = super.terms(given);
    const kl = terms['kl'] as Term;
    const [mean] = given.x.mean().dataSync();
    return { ...terms, kl: { ...kl, value: kl.value.mul(mean! > -1 ? 1 : 2) } };
  }
}

describe('a step that cannot be traced', () => {
  it('runs operation by operation, with the same losses, and the history says why and where', async () => {
    const traced = await new VAE(CONFIG).fit(data, OPTIONS);
    const eager = await new ReadingVAE(CONFIG).fit(data, OPTIONS);
    const slower = ({ notes }: { notes: string[] }) => notes.filter((note) => note.startsWith('Steps run'));
    expect(slower(traced)).toEqual([]);
    expect(slower(eager)).toHaveLength(1);
    expect(slower(eager)[0]).toMatch(
      /^Steps run operation by operation, which is slower: the step reads a value inside the step .*\(at .*tracedOrEager\.test\.ts:\d+:\d+\)\.$/,
    );
    for (const [term, value] of Object.entries(eager.final.train)) {
      expect(Math.abs(value - traced.final.train[term]!)).toBeLessThan(1e-5 * Math.abs(value));
    }
  });

  it('stands in the engine’s report, once', () => {
    expect(refusals()).toEqual([expect.stringMatching(/^reads a value inside the step .*tracedOrEager\.test\.ts/)]);
  });
});
