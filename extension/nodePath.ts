/** Which Node runs kernels: the user's, else one on the PATH, else VS Code's own. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const OLDEST_NODE = 20;

interface FoundNode {
  /** Absolute; version managers put stand-ins on the PATH whose version depends on the folder, this is the program itself. */
  path: string;
  major: number;
}

/**
 * @param setting the user's choice: an absolute path, a name on the PATH, or empty
 * @returns an absolute path
 * @throws when the user's choice is no Node of at least version 20
 */
export async function findNode(setting: string): Promise<string> {
  if (setting) return nodeOfSetting(setting);
  for (const candidate of onPath('node')) {
    const node = await ask(candidate);
    if (!(node instanceof Error) && node.major >= OLDEST_NODE) return node.path;
  }
  return process.execPath;
}

async function nodeOfSetting(setting: string): Promise<string> {
  const named = `The setting latentlab.nodePath names "${setting}"`;
  const isName = path.basename(setting) === setting;
  const program = isName ? onPath(setting)[0] : setting;
  if (!program) throw new Error(`${named}, which is not on the PATH; write the absolute path of a Node.`);
  if (!path.isAbsolute(program)) throw new Error(`${named}, a relative path; write the absolute path of a Node.`);
  const node = await ask(program);
  if (node instanceof Error) throw new Error(`${named}, which does not run as Node: ${node.message}`);
  if (node.major < OLDEST_NODE) {
    throw new Error(`${named}, which is Node ${node.major}; LatentLab needs Node ${OLDEST_NODE} or newer.`);
  }
  return node.path;
}

/** By hand, because Windows looks for a bare name in the current folder before it looks on the PATH. */
function onPath(name: string): string[] {
  const file = process.platform === 'win32' && !/\.exe$/i.test(name) ? `${name}.exe` : name;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [...new Set(folders)].map((folder) => path.join(folder, file)).filter((program) => existsSync(program));
}

async function ask(program: string): Promise<FoundNode | Error> {
  try {
    const question = 'console.log(process.execPath); console.log(process.versions.node)';
    // Harmless for Node, and makes VS Code's Electron behave as Node.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const { stdout } = await promisify(execFile)(program, ['-e', question], { env, timeout: 10_000 });
    const [, execPath, major] = /^(.+)\n(\d+)\./.exec(stdout) ?? [];
    if (execPath && major) return { path: execPath, major: Number(major) };
    return new Error(`it printed "${stdout.trim()}" for its path and version`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
