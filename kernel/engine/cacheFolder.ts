import { homedir } from 'node:os';
import path from 'node:path';

/** Where LatentLab keeps what it can make again: `LATENTLAB_CACHE`, or a folder in the user's cache. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['LATENTLAB_CACHE'] || path.join(env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'latentlab');
}

/** Where Node keeps what V8 has compiled of the kernel; those before 22.1 compile it at each start. */
export function compileCacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return path.join(cacheFolder(env), 'compiled');
}
