/** Which Node runs kernels: the user's, else one on the PATH, else VS Code's own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const OLDEST_NODE = 20;

/**
 * @param setting the user's choice, or empty
 * @throws when the user's choice is no Node of at least version 20
 */
export async function findNode(setting: string): Promise<string> {
  if (setting) {
    const version = await majorVersion(setting);
    if (version instanceof Error) {
      throw new Error(
        `The setting latentlab.nodePath names "${setting}", which does not run as Node: ${version.message}`,
      );
    }
    if (version < OLDEST_NODE) {
      throw new Error(
        `The setting latentlab.nodePath names Node ${version}; LatentLab needs Node ${OLDEST_NODE} or newer.`,
      );
    }
    return setting;
  }
  const onPath = await majorVersion('node');
  return onPath instanceof Error || onPath < OLDEST_NODE ? process.execPath : 'node';
}

async function majorVersion(path: string): Promise<number | Error> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-p', 'process.versions.node'], { timeout: 10_000 });
    const major = Number.parseInt(stdout, 10);
    return Number.isNaN(major) ? new Error(`it printed "${stdout.trim()}" for its version`) : major;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
