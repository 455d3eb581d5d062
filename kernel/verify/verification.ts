/** What `npm run verify` runs: identities, each with an oracle. */
import type { Relation } from '../autoencoders/index';

export interface Verification {
  /** `vae/ppca-10`: the family's file, and what is verified. */
  id: string;
  /** As the first column of the table names it: `VAE`, `TD-VAE`, … */
  system: string;
  /** What has to hold, in plain words and symbols. */
  identity: string;
  /** Whether it belongs to the subset that `npm test` runs: a few seconds at most. */
  quick: boolean;
  measure(): Measured | Promise<Measured>;
}

export interface Measured {
  /** By the oracle: a closed form, float64, finite differences, a classical method, a reference figure. */
  expected: number;
  found: number;
  /** How far `found` may be from `expected`, on the wrong side of the relation. */
  tolerance: number;
  /** How `found` stands to `expected`. Default `=`. */
  relation?: Relation;
}

/** A row of the result. */
export interface VerifiedRow {
  id: string;
  system: string;
  identity: string;
  expected: number | null;
  /** Null if it failed with an error. */
  found: number | null;
  tolerance: number | null;
  ok: boolean;
  relation: Relation;
  seconds: number;
  /** Why there is no number. */
  error?: string;
}
