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

/** Passes of one rung that are remembered: installations, Nodes and numbers of threads take turns on a machine. */
const MOST = 8;

const passes = new CacheFile('passed-devices.json', z.array(z.strictObject({ identity: z.string(), proof: passed })));

/** @param identity all that the result depends on: library, processor, versions, threads */
export function rememberPass(rung: string, identity: string, proof: Passed): void {
  const others = (passes.get(rung) ?? []).filter((one) => one.identity !== identity);
  passes.set(rung, [{ identity, proof: passed.parse(proof) }, ...others].slice(0, MOST));
}

export function rememberedPass(rung: string, identity: string): Passed | undefined {
  return passes.get(rung)?.find((one) => one.identity === identity)?.proof;
}

/** Every rung has to prove itself in a separate process again. */
export function forgetPasses(): void {
  passes.clear();
}
