import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;
beforeAll(async () => {
  kernel = await KernelUnderTest.start({ device: 'traced-cpu' });
});
afterAll(() => kernel.stop());

describe('engine.print in a cell', () => {
  it('prints what docs/engine.md shows', async () => {
    const page = await readFile('docs/engine.md', 'utf8');
    const [, cell, shown] = /^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/ms.exec(page)!;
    const { error, printed } = await kernel.run(cell!);
    expect(error).toBeUndefined();
    expect(printed).toEqual([{ name: 'stdout', text: shown }]);
  });

  it('names the line of the cell that cannot be recorded, in the error and in the report', async () => {
    await kernel.run(`class Odd extends Linear {
  override terms(given: Given) {
    const { error } = super.terms(given);
    const different = tf.unique(given.x.flatten()).values;
    return { error: { ...error, value: error.value.add(different.sum()) } };
  }
}`);
    const operation = String.raw`unique\[axis=0\] \w+:f32\[\d+\] +// cell 2:4:\d+`;
    const { error } = await kernel.run('engine.print(new Odd({ input: 6 }))');
    expect(error!.message).toMatch(/: the operation Unique has no traced form \(at cell 2:4:\d+\)\n/);
    expect(error!.message).toMatch(new RegExp(operation));
    expect(error!.message).toMatch(/ {4}\w+:f32\[\] = mean \w+ +\/\/ cell 1:15:\d+\n/);

    await kernel.run('await new Odd({ input: 6 }).fit([[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]], { epochs: 1 });');
    const { displays } = await kernel.run('await engine.report()');
    const { 'text/plain': text, 'text/html': html } = displays.at(-1)!.bundle;
    expect(text).toMatch(/Not traced: a training step the operation Unique has no traced form \(at cell 2:4:\d+\)\n/);
    for (const shown of [text, html]) expect(shown).toMatch(new RegExp(operation));
    expect(html).toMatch(/<pre>[^<]* {2}&gt; unique/);
  });
});
