/** Kernel tests run the real, bundled kernel. */
import { execFileSync } from 'node:child_process';

export function setup(): void {
  execFileSync(process.execPath, ['esbuild.mjs', '--if-stale'], { stdio: 'inherit' });
}
