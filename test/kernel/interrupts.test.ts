/** Interrupts of every kind of cell, again and again in one kernel, each followed by ordinary cells. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interruptedRound, startInterruptible } from './interruptedRound';
import { KINDS } from './interruptKinds';
import type { KernelUnderTest } from './kernelUnderTest';

/** `npm run test:interrupts` does many more. */
const ROUNDS = 4;

describe(`${ROUNDS} interrupts`, () => {
  let kernel: KernelUnderTest;

  beforeAll(async () => {
    kernel = await startInterruptible();
  });

  afterAll(() => kernel.stop());

  it.each(Object.entries(KINDS))(
    'of %s leave a kernel that runs ordinary cells',
    async (_kind, code) => {
      for (let round = 0; round < ROUNDS; round++) {
        expect({ round, ...(await interruptedRound(kernel, code)) }).toEqual({ round, kind: 'good', what: '' });
        kernel.forget();
      }
    },
    60_000 + ROUNDS * 5_000,
  );
});
