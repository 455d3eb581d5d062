/** tfjs-node as a separate npm project: its JavaScript from npm, its C library staged, its binding compiled. */
import { existsSync } from 'node:fs';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LENT_TFJS, NAPI_VERSION, tfjsVersion, type TensorFlowPackage } from '../engine/devices/builtPackage';
import type { Tools } from './bindingTools';
import { CommandError, run } from './command';
import { npmInstall, writeJson } from './npm';
import type { Libtensorflow } from './libtensorflow';
import { SetupError } from './setupError';
import { makeFolder } from '../files/makeFolder';

/** Where the package looks for tfjs, whose core is a part of it; both are lent. */
const BORROWED = ['tfjs', 'tfjs-core'] as const;
const BORROWED_TFJS = `// The TensorFlow.js of the program that loads this package: LatentLab lends its own.
const tfjs = globalThis[Symbol.for('${LENT_TFJS}')];
if (!tfjs) throw new Error('only LatentLab can load this build of tfjs-node');
module.exports = tfjs;
`;

/**
 * Installs the package's JavaScript and its small dependencies, without install scripts and without a second tfjs.
 *
 * @param folder an empty folder
 * @returns the folder of the package in it
 */
export async function installJavaScript(name: TensorFlowPackage, folder: string, npm: string): Promise<string> {
  const version = tfjsVersion();
  await borrowTfjs(folder, version);
  const borrowed = BORROWED.map((short) => [`@tensorflow/${short}`, `file:${short}`] as const);
  const dependencies = { [name]: version, ...Object.fromEntries(borrowed) };
  return npmInstall(folder, npm, name, dependencies);
}

/** Writes packages that pass for tfjs and its core, and hand out the ones that are lent. */
export async function borrowTfjs(folder: string, version: string): Promise<void> {
  for (const short of BORROWED) {
    await makeFolder(path.join(folder, short));
    await writeJson(path.join(folder, short, 'package.json'), {
      name: `@tensorflow/${short}`,
      version,
      main: 'index.js',
    });
    await writeFile(path.join(folder, short, 'index.js'), BORROWED_TFJS);
  }
}

/**
 * Puts the C library where the binding looks for it, `deps/lib`, under all its names and those that the linker asks for.
 *
 * CUDA libraries go to `deps/nvidia`: TensorFlow's look for them in `$ORIGIN/../nvidia`.
 *
 * @param move whether the files are ours to move; others are linked to, where they are
 */
export async function stageLibrary(library: Libtensorflow, packageFolder: string, move: boolean): Promise<void> {
  const put = move ? rename : (from: string, to: string) => symlink(from, to);
  const deps = path.join(packageFolder, 'deps');
  const lib = path.join(deps, 'lib');
  await rm(deps, { recursive: true, force: true });
  await makeFolder(lib);
  for (const file of library.files) await put(file, path.join(lib, path.basename(file)));
  const linked = { 'libtensorflow.so': library.main, 'libtensorflow_framework.so': library.framework };
  for (const [name, file] of Object.entries(linked)) {
    if (!existsSync(path.join(lib, name))) await symlink(path.basename(file), path.join(lib, name));
  }
  if (library.nvidia) await put(library.nvidia, path.join(deps, 'nvidia'));
  await put(library.include, path.join(deps, 'include'));
}

/** Compiles the binding against the staged library, and leaves nothing that only the compiler wants. */
export async function compileBinding(packageFolder: string, { nodeGyp, python, nodedir }: Tools): Promise<void> {
  const binding = path.join(packageFolder, 'lib', `napi-v${NAPI_VERSION}`);
  const options = [
    '--module_name=tfjs_binding',
    `--module_path=${binding}`,
    `--napi_build_version=${NAPI_VERSION}`,
    `--python=${python}`,
    ...(nodedir === undefined ? [] : [`--nodedir=${nodedir}`]),
  ];
  try {
    await run(process.execPath, [nodeGyp, 'rebuild', ...options], { cwd: packageFolder });
  } catch (error) {
    throw error instanceof CommandError ? compileError(error) : error;
  }
  await rm(path.join(packageFolder, 'build'), { recursive: true });
  await rm(path.join(packageFolder, 'deps', 'include'), { recursive: true });
}

/** What the compiler or the linker found wrong, else the end of node-gyp's report. */
export function compileError({ output, lastLines }: CommandError): SetupError {
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|\b(403|404) (status|response)/.test(output)) {
    return new SetupError(
      `node-gyp could not fetch the headers of Node ${process.versions.node}:\n${lastLines}\n` +
        'Name the folder that holds include/node/node_api.h with --nodedir.',
    );
  }
  const wrong = output.split('\n').filter((line) => /\berror\b|undefined reference|cannot find -l/i.test(line));
  const found = wrong.length > 0 ? wrong.slice(0, 12).join('\n') : lastLines;
  return new SetupError(
    `The binding does not compile against this TensorFlow:\n${found}\nChoose another version with --wheel.`,
  );
}
