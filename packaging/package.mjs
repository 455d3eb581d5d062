#!/usr/bin/env node
/** Makes the VSIX files, `npm run package [-- --target linux-x64 …]`: in `out/packages/`, for all targets unless told. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addNatives, layOut, PACKAGES } from './contents.mjs';
import { ROOT } from './files.mjs';
import { recompress } from './recompress.mjs';
import { TARGET_NAMES } from './targets.mjs';
import { provideTools } from './tools.mjs';

/** @typedef {import('./targets.mjs').TargetName} TargetName */

const USAGE = `npm run package [-- --target NAME …]

Makes an installable package for each target in out/packages/.
Targets: ${TARGET_NAMES.join(', ')}; all of them unless named.
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const targets = values.target ?? TARGET_NAMES;
  for (const target of targets) {
    if (!isTarget(target)) throw new Error(`There is no target "${target}"; there are ${TARGET_NAMES.join(', ')}.`);
  }
  const folder = path.join(ROOT, 'out', 'packages');
  for (const vsix of await packageExtension(/** @type {TargetName[]} */ (targets), folder)) {
    console.log(`${path.relative(process.cwd(), vsix)}: ${(statSync(vsix).size / 1e6).toFixed(1)} MB`);
  }
}

/**
 * Packs the extension; what is built already is built again only where it is stale.
 *
 * @param {readonly TargetName[]} targets
 * @param {string} folder where the files are written, and what goes into them is laid out meanwhile
 * @returns {Promise<string[]>} The files, in the order of the targets.
 */
export async function packageExtension(targets, folder) {
  for (const script of [['esbuild.mjs', '--if-stale'], ['declarations.mjs']]) {
    execFileSync(process.execPath, script, { cwd: ROOT, stdio: 'inherit' });
  }
  mkdirSync(folder, { recursive: true });
  const staging = path.join(folder, 'extension');
  const [laidOut, { vsce, yazl }] = await Promise.all([layOut(staging), provideTools()]);
  const { name, version, repository } = JSON.parse(readFileSync(path.join(staging, 'package.json'), 'utf8'));
  const files = [];
  for (const target of targets) {
    const takeOut = await addNatives(staging, target, laidOut);
    const packagePath = path.join(folder, `${name}-${target}-${version}.vsix`);
    await vsce.createVSIX({
      cwd: staging,
      target,
      packagePath,
      // The packages are laid out already.
      dependencies: false,
      rewriteRelativeLinks: repository !== undefined,
      allowMissingRepository: true,
      skipLicense: false,
      // Its search for tokens takes minutes, and nothing but sources and packages was laid out.
      allowPackageAllSecrets: true,
    });
    takeOut();
    // vsce takes no packages but those that npm lists; they are laid out elsewhere and moved here.
    await recompress(packagePath, yazl.ZipFile, (name) =>
      name.replace(`extension/${PACKAGES}/`, 'extension/node_modules/'),
    );
    files.push(packagePath);
  }
  rmSync(staging, { recursive: true });
  return files;
}

/**
 * @param {string} name
 * @returns {name is TargetName}
 */
function isTarget(name) {
  return TARGET_NAMES.some((target) => target === name);
}
