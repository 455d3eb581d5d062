/**
 * A rung with no driver behind it that has passed its self-test once passes it again: it is the same library on the same
 * processor. Starting a kernel then needs no other process to prove it; the kernel still tests it in its own.
 */
import { z } from 'zod';
import { RUNTIMES } from '../runtime';
import { CacheFile } from './cacheFile';
import type { Proof } from './proof';

export type Passed = Proof & { usable: true };

const passed = z.object({
  usable: z.literal(true),
  description: z.string(),
  precision: z.enum(['float32', 'TF32']),
  runtime: z.enum(RUNTIMES).optional(),
});

const passes = new CacheFile('device-passes.json', z.strictObject({ identity: z.string(), proof: passed }));

/** @param identity all that the result depends on: library, processor, versions */
export function rememberPass(rung: string, identity: string, proof: Passed): void {
  passes.set(rung, { identity, proof: passed.parse(proof) });
}

export function rememberedPass(rung: string, identity: string): Passed | undefined {
  const pass = passes.get(rung);
  return pass?.identity === identity ? pass.proof : undefined;
}

/** Every rung has to prove itself in a separate process again. */
export function forgetPasses(): void {
  passes.clear();
}
