import type { TraceRefusal } from '../trace/refusal';

/** What to say of each reason, by its sentence. */
const reasons = new Map<string, string>();

export function noteRefusal({ sentence, explanation }: TraceRefusal): void {
  if (!reasons.has(sentence)) reasons.set(sentence, explanation);
}

/**
 * Why steps of this process run operation by operation on a device that could run them as one graph: each reason once, in
 * the order in which they came up. A reason is a sentence, and on lines of their own the operation that it is about, with
 * its neighbours.
 */
export function refusals(): string[] {
  return [...reasons.values()];
}
