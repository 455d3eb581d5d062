/** Finds or provides a VS Code that suites can run in. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { cacheFolder } from './cache.mjs';
import { packagedVscode } from './vscodePackage.mjs';

/** The executable that shows VS Code out of the npm registry. */
export const IN_BROWSER = fileURLToPath(new URL('./vscode-in-browser.mjs', import.meta.url));
const RELEASES = 'https://update.code.visualstudio.com/api/releases/stable';
const REACHABLE_WITHIN_MS = 3000;

/**
 * The executable of a VS Code: the one that `LATENTLAB_VSCODE` names; else a desktop VS Code, downloaded, where there is
 * a display and Microsoft's server answers; else VS Code out of the npm registry, shown in a Chromium.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>}
 */
export async function provideVscode(log = console.log) {
  const given = process.env.LATENTLAB_VSCODE;
  if (given) {
    if (!existsSync(given)) throw new Error(`LATENTLAB_VSCODE is ${given}, and there is no such file.`);
    return given;
  }
  if (hasDisplay() && (await isReachable(RELEASES))) {
    return downloadAndUnzipVSCode({ version: 'stable', cachePath: join(cacheFolder(), 'desktop') });
  }
  await packagedVscode({ log });
  return IN_BROWSER;
}

/** Whether a desktop program could open a window. */
export function hasDisplay(platform = process.platform, env = process.env) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** @param {string} address */
async function isReachable(address) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(REACHABLE_WITHIN_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}
