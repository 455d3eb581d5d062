#!/usr/bin/env node
/** Finds a Chromium for the tests, and installs Debian's where that is possible: `node test/host/chromium.mjs`. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The path of a Chromium: `LATENTLAB_CHROMIUM`, else one on the PATH, else one in a usual place.
 *
 * @param {Record<string, string | undefined>} [env]
 * @param {string[]} [usualPlaces]
 * @returns {string | undefined}
 * @throws {Error} When `LATENTLAB_CHROMIUM` names something that is no executable file.
 */
export function findChromium(env = process.env, usualPlaces = USUAL_PLACES) {
  const given = env.LATENTLAB_CHROMIUM;
  if (given) {
    if (isExecutable(given)) return given;
    throw new Error(
      `LATENTLAB_CHROMIUM is ${given}, which is no executable file. Set it to the path of a Chromium or Chrome.`,
    );
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...usualPlaces].find(isExecutable);
}

/**
 * The path of a Chromium, installed first where this is a Debian and the user is root.
 *
 * @param {(line: string) => void} [log]
 * @throws {Error} Saying what to install.
 */
export function requireChromium(log = console.log) {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    log('No Chromium found; installing Debian’s …');
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium');
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'The tests draw in a real Chromium, and none was found on the PATH or in the usual places.\n' +
      'Install one (Debian, Ubuntu: sudo apt-get install chromium; Fedora: sudo dnf install chromium; macOS: brew install --cask chromium),\n' +
      'or set LATENTLAB_CHROMIUM to the path of an installed Chromium or Chrome.',
  );
}

/** @param {string[]} args */
function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  if (error || status !== 0)
    throw new Error(`"apt-get ${args.join(' ')}" failed: ${error?.message ?? `exit code ${status}`}`);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(`Chromium: ${requireChromium()}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
