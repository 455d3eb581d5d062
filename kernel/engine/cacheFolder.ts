import { homedir } from 'node:os';
import path from 'node:path';

/** Where LatentLab keeps what it can make again: `LATENTLAB_CACHE`, or a folder in the user's cache. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['LATENTLAB_CACHE'] || path.join(env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'latentlab');
}
