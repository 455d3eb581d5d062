/** Dawn's callbacks that wait for the event loop's next turn. */
const waiting = new Set<() => void>();

/**
 * Dawn answers from callbacks that it hands to `setImmediate`. Keeping those in sight lets a synchronous read run them
 * without giving up its turn. They differ from JavaScript's callbacks: they are native and have no name.
 */
export function overhearDawn(): void {
  const original = globalThis.setImmediate;
  const overhearing = (callback: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
    if (callback.name !== '' || !Function.prototype.toString.call(callback).includes('[native code]')) {
      return original(callback, ...args);
    }
    waiting.add(callback);
    return original(() => {
      if (waiting.delete(callback)) callback();
    });
  };
  globalThis.setImmediate = Object.defineProperties(
    overhearing,
    Object.getOwnPropertyDescriptors(original),
  ) as typeof setImmediate;
}

/** Lets Dawn see to what has happened on the GPU since. @throws when it waits for nothing */
export function runDawn(): void {
  if (waiting.size === 0) throw new Error('this version of `webgpu` cannot read synchronously');
  for (const callback of [...waiting]) {
    waiting.delete(callback);
    callback();
  }
}
