import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Formulas } from '../../extension/language/service/formulas';
import { NotebookTypes } from '../../extension/language/service/service';
import { KernelUnderTest } from './kernelUnderTest';

/** A snippet's text as it stands when nothing was filled in. */
function expanded(body: readonly string[]): string {
  return body
    .join('\n')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
    .replace(/\$\d/g, '')
    .replace(/\\([\\$}])/g, '$1');
}

/** They name what those before them declare, as cells of one notebook. */
async function cells(): Promise<string[]> {
  const text = await readFile('extension/snippets.json', 'utf8');
  return Object.values(JSON.parse(text) as Record<string, { body: string[] }>).map(({ body }) => expanded(body));
}

describe('snippets', () => {
  let kernel: KernelUnderTest;
  beforeAll(async () => {
    kernel = await KernelUnderTest.start({ device: 'traced-cpu' });
    writeFileSync(path.join(kernel.folder, 'data.csv'), 'a,b\n1,2\n3,4\n');
  });
  afterAll(() => kernel.stop());

  it('run one after the other as they stand, with less data', async () => {
    for (const cell of await cells()) {
      const less = cell.replace('await fashionMnist()', '(await fashionMnist()).take(150)').replace('(2000', '(50');
      const { error } = await kernel.run(less);
      expect(error, cell).toBeUndefined();
    }
  });

  it('have no error in their types', async () => {
    const types = new NotebookTypes(path.resolve('.'), new Formulas(() => () => undefined), () => {});
    const texts = await cells();
    const ids = texts.map((_, index) => `cell-${index + 1}`);
    const notebook = 'file:///snippets.ipynb';
    types.open(
      notebook,
      kernel.folder,
      texts.map((text, index) => ({ id: ids[index]!, language: 'typescript', text })),
    );
    const errors = ids.flatMap((cell, index) =>
      types
        .problems({ notebook, cell })
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => `${texts[index]}\n${message}`),
    );
    expect(errors).toEqual([]);
  });
});
