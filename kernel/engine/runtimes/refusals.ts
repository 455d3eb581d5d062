/**
 * Why steps of this process run operation by operation on a device that could run them as one graph: each reason once, a
 * sentence, and on lines of their own the operation that is the reason with its neighbours.
 */
const reasons = new Set<string>();

export function noteRefusal(reason: string): void {
  reasons.add(reason);
}

/** In the order in which they came up. */
export function refusals(): string[] {
  return [...reasons];
}
