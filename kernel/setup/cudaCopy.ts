/** A copy of onnxruntime-node in the extension's storage, which takes CUDA's libraries: an update leaves it alone. */
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { LINUX_X64 } from '../engine/runtimes/onnx/installation';

/** What the package asks for when it runs. Its install script asks for more, which {@link modulesOf} has it find. */
const NEEDED = ['onnxruntime-common'];

/**
 * @param installed the package
 * @param copy an absent folder
 */
export async function copyOnnxRuntime(installed: string, copy: string): Promise<void> {
  for (const part of ['package.json', 'dist', 'script', LINUX_X64]) {
    const filter = (file: string) => !/\.(br|map|partial)$/.test(file);
    await cp(path.join(installed, part), path.join(copy, part), { recursive: true, filter });
  }
  const own = path.join(installed, 'node_modules');
  if (existsSync(own)) await cp(own, path.join(copy, 'node_modules'), { recursive: true });
  const require = createRequire(path.join(installed, 'package.json'));
  for (const name of NEEDED) {
    const found = require.resolve.paths(name)?.find((folder) => existsSync(path.join(folder, name)));
    if (!found) throw new Error(`${installed} has no ${name}, which it needs. Install it anew.`);
    await cp(path.join(found, name), path.join(copy, 'node_modules', name), { recursive: true });
  }
}

/** Where the package's dependencies lie, as `NODE_PATH` names them to a script of the copy. */
export function modulesOf(installed: string): string {
  return path.dirname(installed);
}
