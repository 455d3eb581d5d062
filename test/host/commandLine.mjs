/** What VS Code's own command line says, as far as a test host needs it. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * @typedef {object} CommandLine
 * @property {string[]} extensionDevelopmentPaths Folders of the extensions under development.
 * @property {string} [extensionTestsPath] Module whose `run()` is the suite.
 * @property {string} [folder] Workspace folder to open.
 * @property {string[]} files Files to open in it.
 * @property {string} [userDataDir] Folder that holds `User/settings.json`.
 * @property {string} [extensionsDir] Folder of installed extensions.
 * @property {boolean} workspaceTrust Whether folders have to be trusted first (VS Code's default).
 */

const VALUES = new Set(['extensionDevelopmentPath', 'extensionTestsPath', 'user-data-dir', 'extensions-dir']);

/**
 * Reads VS Code's arguments, both as `--name=value` and as `--name value`. Flags that only concern the desktop's
 * window (`--no-sandbox`, `--skip-welcome` …) are accepted and have no meaning here.
 *
 * @param {string[]} args What follows the executable's name.
 * @param {(path: string) => boolean} [isFolder] Whether an argument that is no flag is a folder.
 * @returns {CommandLine}
 */
export function parseCommandLine(args, isFolder = (path) => statSync(path).isDirectory()) {
  /** @type {CommandLine} */
  const line = { extensionDevelopmentPaths: [], files: [], workspaceTrust: true };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (!argument.startsWith('--')) {
      const path = resolve(argument);
      if (isFolder(path)) line.folder = path;
      else line.files.push(path);
      continue;
    }
    const equals = argument.indexOf('=');
    const name = argument.slice(2, equals < 0 ? undefined : equals);
    if (name === 'disable-workspace-trust') line.workspaceTrust = false;
    if (!VALUES.has(name)) continue;
    const value = equals < 0 ? args[++index] : argument.slice(equals + 1);
    if (!value) throw new Error(`--${name} needs a path: --${name}=PATH`);
    setPath(line, name, resolve(value));
  }
  return line;
}

/**
 * @param {CommandLine} line
 * @param {string} name
 * @param {string} path
 */
function setPath(line, name, path) {
  if (name === 'extensionDevelopmentPath') line.extensionDevelopmentPaths.push(path);
  else if (name === 'extensionTestsPath') line.extensionTestsPath = path;
  else if (name === 'user-data-dir') line.userDataDir = path;
  else line.extensionsDir = path;
}
