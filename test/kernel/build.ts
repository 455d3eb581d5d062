/** Kernel tests run the real, bundled kernel, unit tests the real WebAssembly and the library's types. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

export function setup(): void {
  // What an earlier run remembers of devices.
  rmSync('test/artifacts/cache', { recursive: true, force: true });
  execFileSync(process.execPath, ['esbuild.mjs', '--if-stale'], { stdio: 'inherit' });
  execFileSync(process.execPath, ['declarations.mjs', '--if-stale'], { stdio: 'inherit' });
}
