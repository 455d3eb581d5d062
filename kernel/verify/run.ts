import { compare } from '../autoencoders/index';
import type { Verification, VerifiedRow } from './verification';

/** Runs one after the other; an error makes a row that is not ok, and the rest continue. */
export async function verify(
  verifications: readonly Verification[],
  told: (row: VerifiedRow) => void = () => {},
): Promise<VerifiedRow[]> {
  const rows: VerifiedRow[] = [];
  for (const verification of verifications) {
    const row = await verifyOne(verification);
    rows.push(row);
    told(row);
  }
  return rows;
}

export async function verifyOne({ id, system, identity, measure }: Verification): Promise<VerifiedRow> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    const { expected, found, tolerance, relation = '=' } = await measure();
    const { ok } = compare(found, expected, { relation, tolerance });
    return { id, system, identity, expected, found, tolerance, relation, ok, seconds: seconds() };
  } catch (failure) {
    const error = failure instanceof Error ? failure.message : String(failure);
    const nothing = { expected: null, found: null, tolerance: null, relation: '=' } as const;
    return { id, system, identity, ...nothing, ok: false, seconds: seconds(), error };
  }
}
