/** `process.removeAllListeners()` in a cell takes away what the cells added, not what the kernel and Node live by. */

type Listener = (...values: unknown[]) => void;

/** Keeps the listeners that the process has now. */
export function keepOwnListeners(): void {
  const own = process
    .eventNames()
    .flatMap((event) => process.rawListeners(event as 'message').map((listener) => ({ event, listener })));
  const removeAll = process.removeAllListeners.bind(process) as (...events: unknown[]) => NodeJS.Process;
  process.removeAllListeners = (...events: unknown[]) => {
    removeAll(...events);
    for (const { event, listener } of own) {
      if (process.rawListeners(event as 'message').includes(listener as Listener)) continue;
      process.on(event as 'message', listener as Listener);
    }
    // Without a listener for messages, Node lets the channel go.
    (process as { channel?: { ref(): void } }).channel?.ref();
    return process;
  };
}
