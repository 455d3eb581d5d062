/** Kernel tests run the real, bundled kernel, unit tests the real WebAssembly. */
import { execFileSync } from 'node:child_process';

export function setup(): void {
  execFileSync(process.execPath, ['esbuild.mjs', '--if-stale'], { stdio: 'inherit' });
}
