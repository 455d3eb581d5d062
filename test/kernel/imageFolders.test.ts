/** Images are decoded in separate threads, in a kernel as elsewhere; a damaged one does not hold it up. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
});

afterAll(() => kernel.stop());

function image(name: string, bytes: Uint8Array): void {
  const file = path.join(kernel.folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

describe('a cell that loads a folder of images', () => {
  const png = encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) });

  it('gets their pixels', async () => {
    image('good/a.png', png);
    const run = await kernel.run(
      "import { loadData } from 'latentlab';\nconst data = await loadData('good');\n[data.length, ...data.values].join(' ');",
    );
    expect(run.text).toBe("'1 0 1'");
  });

  it('of too many pixels is refused, and the next cell runs', async () => {
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    image('bomb/a.png', bomb);
    const refused = await kernel.run(
      "import { loadData } from 'latentlab';\nlet told = '';\ntry { await loadData('bomb'); } catch (error) { told = `${error.name}: ${error.message}`; }\ntold;",
    );
    expect(refused.text).toContain('DataError');
    expect(refused.text).toContain('30000 × 30000 pixels');
    const next = await kernel.run("(await loadData('good')).length;");
    expect(next.text).toBe('1');
  });
});
