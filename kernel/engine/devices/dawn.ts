/** Dawn, from npm's package `webgpu`: as npm has installed it, or as `setup:webgpu` has fetched it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Dawn from 'webgpu';
import { homesOfBuilds } from '../storage';

export const DAWN = 'webgpu';

/** The version that {@link dawnBackend} and {@link longSums} were tried with. */
export const DAWN_VERSION = '0.6.2';

/** Where Dawn is fetched to, a separate npm project. */
export function dawnFolder(home = homesOfBuilds()[0]!): string {
  return path.join(home, DAWN, [DAWN, DAWN_VERSION, process.platform, process.arch].join('-'));
}

/** The folder of the package, if it has been fetched in this version for this platform and processor. */
export function fetchedDawn(): string | undefined {
  const folders = homesOfBuilds().map((home) => path.join(dawnFolder(home), 'node_modules', DAWN));
  return folders.find((folder) => existsSync(folder));
}

/** What was fetched comes first: somebody wanted it. @throws where it is not there, or has nothing for this platform */
export function importDawn(): Promise<typeof Dawn> {
  const fetched = fetchedDawn();
  if (fetched === undefined) return import('webgpu');
  const program = createRequire(import.meta.url).resolve(fetched);
  return import(pathToFileURL(program).href) as Promise<typeof Dawn>;
}
