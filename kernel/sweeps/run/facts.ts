/** What a run notes of where it ran. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../engine/packageRoot';
import type { RunRecord } from '../results';

const run = promisify(execFile);

/** The commit that a folder is at, and whether files there have changed since; null if it is in no repository. */
export async function gitOf(folder: string): Promise<RunRecord['git']> {
  try {
    const { stdout: commit } = await run('git', ['rev-parse', 'HEAD'], { cwd: folder });
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: folder });
    return { commit: commit.trim(), dirty: changes.trim() !== '' };
  } catch {
    // No git, no repository, or no commit in it yet.
    return null;
  }
}

export function versions(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return { latentlab: version, node: process.version };
}
