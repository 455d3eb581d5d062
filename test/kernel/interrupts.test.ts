/** Interrupts of every kind of cell, again and again in one kernel, each followed by ordinary cells. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KINDS, ORDINARY } from './interruptKinds';
import { KernelUnderTest } from './kernelUnderTest';

const ROUNDS = Number(process.env.LATENTLAB_ROUNDS ?? 4);
/** The kernel is stopped sooner than a user's, so that a thousand rounds are a matter of minutes. */
const GRACE_MS = '40';

describe(`${ROUNDS} interrupts`, () => {
  let kernel: KernelUnderTest;

  beforeAll(async () => {
    process.env.LATENTLAB_INTERRUPT_GRACE_MS = GRACE_MS;
    kernel = await KernelUnderTest.start();
    writeFileSync(
      path.join(kernel.folder, 'endless.mjs'),
      `import fs from 'node:fs'; fs.writeSync(1, 'under way\\n'); while (true);`,
    );
  });

  afterAll(async () => {
    delete process.env.LATENTLAB_INTERRUPT_GRACE_MS;
    await kernel.stop();
  });

  it.each(Object.entries(KINDS))(
    'of %s leave a kernel that runs ordinary cells',
    async (_kind, code) => {
      for (let round = 0; round < ROUNDS; round++) {
        const { id, finished } = kernel.begin(code);
        await kernel.next('stream', (message) => message.id === id && message.text.includes('under way'));
        kernel.client.interrupt();
        const { error } = await finished;
        expect(error, `round ${round}`).toMatchObject({ kind: 'interrupt' });
        for (const [ordinary, text] of ORDINARY) {
          const run = await kernel.run(ordinary);
          expect({ round, text: run.text, error: run.error }).toEqual({ round, text, error: undefined });
        }
        kernel.forget();
      }
      expect(kernel.exit).toBeUndefined();
    },
    60_000 + ROUNDS * 5_000,
  );
});
