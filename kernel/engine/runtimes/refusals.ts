/** Why steps of this process run operation by operation on a device that could run them as one graph: each reason once. */
const reasons = new Set<string>();

export function noteRefusal(reason: string): void {
  reasons.add(reason);
}

/** In the order in which they came up. */
export function refusals(): string[] {
  return [...reasons];
}
