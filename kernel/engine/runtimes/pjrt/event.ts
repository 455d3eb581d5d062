import type { Plugin } from './plugin';

/** Waits, and the event loop with it, until what the event stands for is done. */
export function finishedNow(plugin: Plugin, event: bigint): void {
  if (event === 0n) return;
  try {
    plugin.call('PJRT_Event_Await', { event });
  } finally {
    plugin.call('PJRT_Event_Destroy', { event });
  }
}

/** Waits, in another thread, until what the event stands for is done. @throws {XlaError} when that has failed */
export async function finished(plugin: Plugin, event: bigint): Promise<void> {
  if (event === 0n) return;
  try {
    await plugin.callAsync('PJRT_Event_Await', { event });
  } finally {
    plugin.call('PJRT_Event_Destroy', { event });
  }
}
