import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

const MODEL = `
import { VAE, CheckpointError } from 'latentlab';
const model = new VAE({ input: 64, latent: 2, hidden: [256], likelihood: 'gaussian', seed: 1 });`;

let kernels: KernelUnderTest[] = [];

beforeEach(async () => {
  kernels = await Promise.all([KernelUnderTest.start(), KernelUnderTest.start(), KernelUnderTest.start()]);
  for (const kernel of kernels) expect((await kernel.run(MODEL)).error).toBeUndefined();
});
afterEach(() => Promise.all(kernels.map((kernel) => kernel.stop())));

describe('kernels that save to one path', () => {
  it('leave a whole checkpoint, and one that loads it meanwhile finds a whole one each time', async () => {
    const [first, second, reader] = kernels as [KernelUnderTest, KernelUnderTest, KernelUnderTest];
    const place = JSON.stringify(path.join(first.folder, 'model'));
    await first.run(`await model.save(${place})`);
    const saving = (times: number) => `for (let i = 0; i < ${times}; i++) await model.save(${place}); 'saved'`;
    const loading = reader.run(
      `let loaded = 0; for (; loaded < 30; loaded++) (await VAE.load(${place})).dispose(); loaded`,
    );
    const runs = await Promise.all([first.run(saving(30)), second.run(saving(30)), loading]);
    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(runs[2].text).toBe('30');
    expect(readdirSync(path.join(first.folder, 'model'))).toHaveLength(2);
    expect((await reader.run(`(await VAE.load(${place})).kind`)).text).toBe(`'VAE'`);
  });

  it('take over from one that was ended in the middle', async () => {
    const [first, second] = kernels as [KernelUnderTest, KernelUnderTest, KernelUnderTest];
    // Not the folder of the kernel that ends.
    const place = path.join(second.folder, 'model');
    const { finished } = first.begin(
      `await model.save(${JSON.stringify(place)}); console.log('saving'); for (;;) await model.save(${JSON.stringify(place)})`,
    );
    await first.next('stream');
    first.client.kill();
    expect((await finished).error?.kind).toBe('crash');
    const { error } = await second.run(
      `await model.save(${JSON.stringify(place)}); await VAE.load(${JSON.stringify(place)}); 1`,
    );
    expect(error).toBeUndefined();
    expect(readdirSync(place)).toHaveLength(2);
  });
});
