import { describe, expect, it } from 'vitest';
import { describeTrainings } from './describeTrainings';
import { KernelUnderTest } from './kernelUnderTest';

describeTrainings({});

describe('the seed of a run', () => {
  it('is what models take unless they are given one', async () => {
    const first = async (seed: number) => {
      const seeded = await KernelUnderTest.start({ seed });
      const { text } = await seeded.run(
        "import { VAE } from 'latentlab'; const v = new VAE({ input: 3, latent: 1 }); Array.from(await v.sample(1).data())",
      );
      await seeded.stop();
      return text;
    };
    const [a, again, b] = [await first(5), await first(5), await first(6)];
    expect(a).toBe(again);
    expect(a).not.toBe(b);
  });
});
