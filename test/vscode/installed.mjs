/** The extension as users get it: packed, and installed into a profile that nothing else was installed into. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { IN_BROWSER } from '../host/findVscode.mjs';
import { packagedVscode } from '../host/vscodePackage.mjs';
import { packageExtension } from '../../packaging/package.mjs';
import { hostTarget } from '../../packaging/targets.mjs';

/**
 * Packs the extension for this machine, or takes the package that lies in `LATENTLAB_PACKAGES`, a folder.
 *
 * @param {string} folder
 * @returns {Promise<string>} The VSIX file.
 */
export async function packForHost(folder) {
  const target = hostTarget();
  if (!target) throw new Error(`There is no package for ${process.platform} on ${process.arch}.`);
  const given = process.env.LATENTLAB_PACKAGES;
  if (given) {
    const [name] = (await readdir(given)).filter((file) => file.endsWith('.vsix') && file.includes(`-${target}-`));
    if (!name) throw new Error(`LATENTLAB_PACKAGES is ${given}, which holds no package for ${target}.`);
    return resolve(given, name);
  }
  const [vsix = ''] = await packageExtension([target], folder);
  return vsix;
}

/**
 * @param {string} executable of VS Code
 * @param {string} vsix
 * @param {{ userData: string; extensions: string }} profile folders
 */
export async function install(executable, vsix, { userData, extensions }) {
  const [command, args] = await commandLineOf(executable, userData);
  const folders = [`--user-data-dir=${userData}`, `--extensions-dir=${extensions}`];
  const shell = command.endsWith('.cmd');
  const { stdout, stderr } = await promisify(execFile)(command, [...args, ...folders, '--install-extension', vsix], {
    shell,
  });
  if (!/successfully installed/.test(stdout)) throw new Error(`VS Code did not install ${vsix}:\n${stdout}${stderr}`);
}

/**
 * An extension under development with nothing in it, which VS Code wants to run a suite.
 *
 * @param {string} folder
 */
export async function emptyExtension(folder) {
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'suite', publisher: 'latentlab-tests', version: '0.0.0', engines: { vscode: '*' } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

/**
 * @param {string} executable
 * @param {string} data a folder for the server's own files
 * @returns {Promise<[command: string, args: string[]]>}
 */
async function commandLineOf(executable, data) {
  if (executable !== IN_BROWSER) {
    const [command = executable, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable);
    // Its own profile would come first.
    return [command, args.filter((argument) => !/^--(user-data|extensions)-dir/.test(argument))];
  }
  const { node, root } = await packagedVscode();
  const flags = ['--accept-server-license-terms', '--telemetry-level=off', `--server-data-dir=${data}`];
  return [node, [join(root, 'out', 'server-main.js'), ...flags]];
}
