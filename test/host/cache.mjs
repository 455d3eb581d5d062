/** What the tests fetch once and keep between runs: programs, each a folder that is either whole or absent. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the programs are kept between runs: `LATENTLAB_CACHE`, or `latentlab` in the user's cache folder. */
export function cacheFolder(env = process.env) {
  return env.LATENTLAB_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'latentlab');
}

/**
 * Makes a folder once. It is filled under another name beside its place and renamed, so that it is either whole or
 * absent; of two runs at the same time both fill one, the later rename finds the place taken and uses what is there.
 *
 * @param {string} folder
 * @param {(empty: string) => Promise<void>} fill
 */
export async function provideFolder(folder, fill) {
  if (existsSync(folder)) return;
  const parent = join(folder, '..');
  await mkdir(parent, { recursive: true });
  const prefix = `${folder}.installing-`;
  await removeAbandoned(parent, prefix);
  const beside = await mkdtemp(`${prefix}${process.pid}-`);
  try {
    await fill(beside);
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Removes what runs left that were killed while they installed.
 *
 * @param {string} parent
 * @param {string} prefix
 */
async function removeAbandoned(parent, prefix) {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (!path.startsWith(prefix)) continue;
    const pid = Number.parseInt(path.slice(prefix.length), 10);
    if (!isRunning(pid)) await rm(path, { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
