import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

/** The page's TypeScript, in its order. */
async function cellsOf(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
}

describe('docs/own-models.md', () => {
  let kernel: KernelUnderTest;
  beforeAll(async () => {
    kernel = await KernelUnderTest.start({ device: 'traced-cpu' });
  });
  afterAll(() => kernel.stop());

  it('runs as it stands, from the first cell to the last, with every step traced', async () => {
    for (const cell of await cellsOf('docs/own-models.md')) {
      const { error } = await kernel.run(cell);
      expect(error, cell).toBeUndefined();
    }
    const { text } = await kernel.run('await lab.engine.report()');
    expect(text).toContain('traced');
    expect(text).not.toContain('Not traced');
    expect((await kernel.run('[again.parts.objective.name, same.kind].join()')).text).toBe("'renyi,Linear'");
  });
});
