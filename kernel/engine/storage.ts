/** Where the extension keeps what its user had it fetch: in its own storage, since an update replaces its folder. */
import { cacheFolder } from './cacheFolder';

/** The variable by which the extension tells the processes that it starts. */
export const STORAGE = 'LATENTLAB_STORAGE';

type Environment = Readonly<Record<string, string | undefined>>;

/** The extension's storage (absolute); undefined if this is no process of the extension's. */
export function storageFolder(env: Environment = process.env): string | undefined {
  return env[STORAGE] || undefined;
}

/** Where what a setup has made is looked for, best first; a checkout's, in the user's cache, is found by the extension too. */
export function homesOfBuilds(env: Environment = process.env): string[] {
  const storage = storageFolder(env);
  return storage === undefined ? [cacheFolder(env)] : [storage, cacheFolder(env)];
}
