/** Long computations that let messages and interrupts through. */

/** Milliseconds that a computation keeps the process to itself at most, between two looks. */
const TURN = 25;

/**
 * A function to be awaited now and then in a long computation, `if (due()) await otherWork()`: true when the turn of the
 * computation is over. Cheap enough for every row of a matrix.
 */
export function turns(): () => boolean {
  let end = performance.now() + TURN;
  return () => {
    const now = performance.now();
    if (now < end) return false;
    end = now + TURN;
    return true;
  };
}

/** What else waits to be done in this process. */
export function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
