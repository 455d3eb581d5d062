/** What a model or a network is built of and what flows between the parts, as plain data: what a diagram draws. */

/**
 * - `data`: the batch and its classes
 * - `network`: parameters and a function; deterministic
 * - `variables`: parameters that no network holds
 * - `codebook`: vectors that a quantizer chooses from
 * - `random`: what is drawn: latents, noise, a prior, a likelihood
 * - `term`: a summand of the loss
 */
export type PartKind = 'data' | 'network' | 'variables' | 'codebook' | 'random' | 'term';

export interface StructurePart {
  readonly id: string;
  readonly kind: PartKind;
  /** `encoder`, `z`, `β · kl`. */
  readonly title: string;
  /** What else is to be known, a line each: `784 → 400 → 40`. */
  readonly lines: readonly string[];
  /** How many numbers are trained or kept in it; absent where it holds none of its own. */
  readonly parameters?: number;
}

export interface StructureArrow {
  readonly from: string;
  readonly to: string;
  /** The shape of what flows, without the batch: `28 × 28 × 1`; empty for what goes into a term. */
  readonly shape: string;
}

export interface Structure {
  readonly name: string;
  readonly parts: readonly StructurePart[];
  readonly arrows: readonly StructureArrow[];
  /** Numbers that the gradient trains. */
  readonly parameters: number;
  /** What the reader must know besides. */
  readonly notes: readonly string[];
}

/** `28 × 28 × 1`. */
export function sizes(shape: readonly number[]): string {
  return shape.map((size) => size.toLocaleString('en-US')).join(' × ');
}
