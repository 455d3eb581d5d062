/** Packages from npm, in a separate project. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../files/makeFolder';
import { CommandError, run } from './command';
import { SetupError } from './setupError';

/**
 * Installs what these dependencies name, without install scripts.
 *
 * @param folder the project's; made where it is absent
 * @param npm npm's program, for Node
 * @param wanted the package that it is about, for errors
 * @returns the folder of that package
 */
export async function npmInstall(
  folder: string,
  npm: string,
  wanted: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<string> {
  await makeFolder(folder);
  await writeJson(path.join(folder, 'package.json'), { private: true, dependencies });
  const flags = ['--ignore-scripts', '--install-links', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock'];
  try {
    await run(process.execPath, [npm, 'install', ...flags, '--loglevel=error'], { cwd: folder });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new SetupError(
      `npm could not install ${wanted}@${dependencies[wanted]}:\n${error.lastLines}\nCheck the network and npm's registry.`,
    );
  }
  return path.join(folder, 'node_modules', wanted);
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
