import { afterEach, describe, expect, it } from 'vitest';
import { RUNGS } from '../../kernel/engine/devices/rungs';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

afterEach(() => kernel?.stop());

describe('engine.report() in a cell', () => {
  it('shows every rung, tried, and what computes; the cell goes on computing on it', async () => {
    kernel = await KernelUnderTest.start({ device: 'traced-cpu' });
    const { displays, error } = await kernel.run("import { engine, tf } from 'latentlab'; await engine.report()");
    expect(error).toBeUndefined();
    const { 'text/html': table, 'text/plain': text } = displays.at(-1)!.bundle;
    const lines = String(text)
      .split('\n')
      .filter((line) => /^\S/.test(line));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(RUNGS.map(({ name }) => name));
    expect(lines.filter((line) => line.includes(' chosen '))).toEqual([expect.stringMatching(/^traced-cpu .*float32/)]);
    expect(text).not.toContain('untried');
    for (const line of lines) expect(table).toContain(line.split(' ')[0]);
    expect((await kernel.run('tf.getBackend()')).text).toBe("'wasm'");
  });

  it('tells which training steps were not traced, and the line that is the reason', async () => {
    kernel = await KernelUnderTest.start({ device: 'traced-cpu' });
    await kernel.run(`import { DeterministicAutoencoder, engine } from 'latentlab';
class Reading extends DeterministicAutoencoder {
  override terms(tensors: Parameters<DeterministicAutoencoder['terms']>[0]) {
    const [mean] = tensors['x']!.mean().dataSync();
    if (mean! < 0) throw new Error('negative');
    return super.terms(tensors);
  }
}
await new Reading({ input: 3, latent: 1, hidden: [2] }).fit([[0, 1, 0], [1, 0, 1]], { epochs: 1, batchSize: 2 });`);
    const { text } = await kernel.run('await engine.report()');
    expect(text).toMatch(/Not traced: a training step reads a value inside the step.*\(at cell 1:4:\d+\)/);
  });
});
