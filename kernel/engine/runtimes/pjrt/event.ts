import type { Plugin } from './plugin';

/** Waits, in another thread, until what the event stands for is done. @throws {XlaError} when that has failed */
export async function finished(plugin: Plugin, event: bigint): Promise<void> {
  if (event === 0n) return;
  try {
    await plugin.callAsync('PJRT_Event_Await', { event });
  } finally {
    plugin.call('PJRT_Event_Destroy', { event });
  }
}
