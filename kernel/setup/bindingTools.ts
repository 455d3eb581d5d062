/** What compiles the binding: looked for before anything is fetched. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CommandError, run } from './command';
import { commandLine, type Command } from '../engine/commandLine';
import { SetupError } from './setupError';

export interface Tools {
  /** npm's and node-gyp's programs, for Node. */
  npm: string;
  nodeGyp: string;
  python: string;
  /** The folder of this Node's headers; absent when node-gyp has to fetch them. */
  nodedir?: string;
}

/** @throws SetupError naming the first tool that is not there, and how to get it */
export async function findTools(
  options: { python: string; nodedir?: string },
  env: NodeJS.ProcessEnv = process.env,
  node = process.execPath,
): Promise<Tools> {
  const { npm, nodeGyp } = npmAndNodeGyp(env['npm_execpath'] ?? npmBeside(node));
  await check(options.python, 'node-gyp and pip run on Python 3', 'Install Python 3, or name one with --python PATH.');
  const install =
    'Install a C++ compiler and make (Debian and Ubuntu: apt install g++ make; Fedora: dnf install gcc-c++ make).';
  await check(env['CXX'] || 'g++', 'The binding is compiled from C++', install);
  await check('make', 'node-gyp builds with make', install);
  return { npm, nodeGyp, python: options.python, nodedir: headersFolder(options.nodedir) };
}

/** The npm that runs this script, and the node-gyp that it brings. */
function npmAndNodeGyp(found: string | undefined): Pick<Tools, 'npm' | 'nodeGyp'> {
  const npm = npmOf(found, 'npm and its node-gyp are', 'setup:tfjs-node');
  try {
    return { npm, nodeGyp: createRequire(npm).resolve('node-gyp/bin/node-gyp.js') };
  } catch (error) {
    throw new SetupError(`${npm} has no node-gyp (${(error as Error).message}). Run this with npm 10 or newer.`);
  }
}

/** The npm that runs this script, or the one beside Node. @throws SetupError if there is none */
export function findNpm(command: Command, env: NodeJS.ProcessEnv = process.env, node = process.execPath): string {
  return npmOf(env['npm_execpath'] ?? npmBeside(node), 'npm is', command);
}

function npmOf(found: string | undefined, need: string, command: Command): string {
  if (found?.endsWith('.js')) return found;
  const options = command === 'setup:tfjs-node' ? '[options]' : '';
  throw new SetupError(`${need} needed; found ${found ?? 'no npm'}. Run this as: ${commandLine(command, options)}`);
}

/** The npm that came with a Node: outside an npm script, as in VS Code, nothing else names one. */
export function npmBeside(node: string): string | undefined {
  const folder = path.dirname(node);
  const modules = [path.join(folder, 'node_modules'), path.resolve(folder, '..', 'lib', 'node_modules')];
  // Debian's package.
  modules.push(path.resolve(folder, '..', 'share', 'nodejs'));
  const programs = modules.map((place) => path.join(place, 'npm', 'bin', 'npm-cli.js'));
  return programs.find((program) => existsSync(program));
}

async function check(program: string, need: string, remedy: string): Promise<void> {
  try {
    await run(program, ['--version']);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const found = error.notFound ? 'is not there' : `does not run: ${error.lastLines || `it ends with ${error.code}`}`;
    throw new SetupError(`${need}, and "${program}" ${found}. ${remedy}`);
  }
}

/** Headers beside this Node go unseen by node-gyp, which would fetch them. */
export function headersFolder(named: string | undefined, node = process.execPath): string | undefined {
  const holds = (folder: string) => existsSync(path.join(folder, 'include', 'node', 'node_api.h'));
  if (named !== undefined && !holds(named)) {
    throw new SetupError(`--nodedir: there is no ${path.resolve(named, 'include', 'node', 'node_api.h')}.`);
  }
  const beside = path.resolve(node, '..', '..');
  return named === undefined ? (holds(beside) ? beside : undefined) : path.resolve(named);
}
