/** A rung with native code, tried in a separate process, and what is remembered of that. */
import { absence } from './absence';
import { proveInChild } from './childProof';
import {
  forgetTimeouts,
  LONG_PATIENCE,
  PATIENCE,
  rememberedFailure,
  rememberFailure,
  rememberTimeout,
  slowRemedy,
} from './failures';
import { rememberPass } from './passes';
import type { Proof } from './proof';
import type { RungDefinition } from './rung';

export interface Apart {
  /** Asked for by name: it is tried whatever happened to it. */
  isAsked: boolean;
  /** Nothing waits for the answer but the user who asked. */
  isPatient: boolean;
  /** Milliseconds for a self-test, and where it is patient; default: those of `failures.ts`. */
  limits?: { quick: number; long: number };
  /** As {@link proveInChild} takes it. */
  program?: string;
}

/** Never throws, as {@link proveInChild}. */
export async function provenApart(rung: RungDefinition, options: Apart): Promise<Proof> {
  const { isAsked, isPatient, limits = { quick: PATIENCE, long: LONG_PATIENCE }, program } = options;
  const { name } = rung;
  const failure = isAsked ? undefined : rememberedFailure(name);
  if (failure !== undefined) return { usable: false, reason: failure };
  const proof = await proveInChild(rung, { patience: isPatient ? limits.long : limits.quick, program });
  if (proof.usable) {
    const identity = identityOf(rung);
    if (identity !== undefined) rememberPass(name, identity, proof);
    forgetTimeouts(name);
    return proof;
  }
  if (proof.fatal === 'timeout' && !isPatient) {
    rememberTimeout(name, proof.reason);
    return { ...proof, reason: `${proof.reason}; ${slowRemedy()}` };
  }
  if (proof.fatal) rememberFailure(name, proof.reason);
  return proof;
}

/** What the result of a rung's self-test depends on, where it can be remembered. */
export function identityOf(rung: RungDefinition): string | undefined {
  return absence(rung) === undefined ? rung.identity?.() : undefined;
}
