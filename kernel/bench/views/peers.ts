/** What people draw such things with elsewhere: installed once into the cache folder, in one version each. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../engine/cacheFolder';

const PEERS = { uplot: '1.6.32', 'regl-scatterplot': '1.16.0' };

/** @returns a folder with the peers' `node_modules` */
export async function installPeers(tell: (line: string) => void): Promise<string> {
  const versions = Object.entries(PEERS).map(([name, version]) => `${name}-${version}`);
  const folder = path.join(cacheFolder(), `bench-views-${versions.join('-')}`);
  if (existsSync(folder)) return folder;
  tell(`Installing ${versions.join(' and ')} into ${folder}`);
  const beside = `${folder}.installing-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  writeFileSync(path.join(beside, 'package.json'), JSON.stringify({ private: true, dependencies: PEERS }));
  const flags = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', flags, { cwd: beside });
  try {
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    // Another run was first.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
