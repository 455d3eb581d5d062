/**
 * tfjs-node(-gpu) as `npm run setup:tfjs-node` builds it: one folder of the user's
 * cache, or of the extension's storage, whole or absent.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { commandLine } from '../commandLine';
import { homesOfBuilds } from '../storage';

const require = createRequire(import.meta.url);

export type TensorFlowPackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** The version of Node-API that the binding is built for. It is stable, so that every Node from 20 on loads the build. */
export const NAPI_VERSION = 8;

/**
 * A built package takes the tfjs of the process that loads it, found under this key of the global object: a second copy
 * would register every kernel and backend again.
 */
export const LENT_TFJS = 'latentlab.tfjs';

/** The version of tfjs; its packages for Node have the same. */
export const tfjsVersion = (): string => (require('@tensorflow/tfjs/package.json') as { version: string }).version;

/**
 * Where the package's build is or would be. It is a separate npm project, so the package lies in `node_modules`.
 *
 * @param home where builds are kept; `make`, which builds it, takes no folder with a space in its name
 */
export function buildFolder(
  name: TensorFlowPackage,
  home = homesOfBuilds().find((folder) => !/\s/.test(folder)) ?? homesOfBuilds()[0]!,
): string {
  const key = [path.posix.basename(name), tfjsVersion(), `napi${NAPI_VERSION}`, process.platform, process.arch].join(
    '-',
  );
  return path.join(home, 'tfjs-node', key);
}

/** The folder of the package, if it has been built for this tfjs, platform and processor. */
export function builtPackage(name: string): string | undefined {
  if (name !== '@tensorflow/tfjs-node' && name !== '@tensorflow/tfjs-node-gpu') return undefined;
  const folders = homesOfBuilds().map((home) => path.join(buildFolder(name, home), 'node_modules', name));
  return folders.find((folder) => existsSync(folder));
}

/** Loads a built package into this process. @throws with the reason and the command that builds it anew */
export function requireBuilt(folder: string): void {
  Reflect.set(globalThis, Symbol.for(LENT_TFJS), require('@tensorflow/tfjs'));
  try {
    require(folder);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new Error(`${reason} (built in ${folder}; \`${commandLine('setup:tfjs-node')}\` builds it anew)`, {
      cause: error,
    });
  }
}
