/** What cells leave running when they end: timers, requests, servers. */

const POLL_MS = 20;

export class Leftovers {
  /** What the kernel itself keeps running, as of before the first cell. */
  private readonly own = counted(process.getActiveResourcesInfo());

  /**
   * @param patience milliseconds to wait at most
   * @returns when nothing that a cell started keeps the process alive any more
   */
  async over(patience: number): Promise<void> {
    const until = performance.now() + patience;
    // One turn in any case: Node reports a rejection that nobody handles at its end.
    do await new Promise((resolve) => setTimeout(resolve, POLL_MS).unref());
    while (this.any() && performance.now() < until);
  }

  private any(): boolean {
    const now = counted(process.getActiveResourcesInfo());
    return [...now].some(([kind, count]) => count > (this.own.get(kind) ?? 0));
  }
}

function counted(kinds: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
