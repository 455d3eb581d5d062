/** Fetches wheels by the user's own pip, or by uv, which brings one. */
import { CommandError, run } from '../command';
import { SetupError } from '../setupError';
import { makeFolder } from '../../files/makeFolder';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LockedWheel } from './locked';

/** How pip is called: a program and its first arguments. */
export type Pip = readonly [program: string, ...args: string[]];

const PYTHONS = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];
const UV: Pip = ['uv', 'tool', 'run', 'pip'];

/**
 * @param python the one that the user names, if any
 * @throws SetupError with what was found of each, and the wheels to fetch by other means
 */
export async function findPip(python: string | undefined, wheels: readonly LockedWheel[]): Promise<Pip> {
  const pythons = python === undefined ? PYTHONS : [python];
  const candidates = pythons.map((program): Pip => [program, '-m', 'pip']);
  if (python === undefined) candidates.push(UV);
  const found: string[] = [];
  for (const pip of candidates) {
    const [program, ...args] = pip;
    try {
      await run(program, [...args, '--version']);
      return pip;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      found.push(error.notFound ? `there is no ${program}` : `${pip.join(' ')}: ${lastLine(error)}`);
    }
  }
  throw new SetupError(
    `Wheels are fetched by pip, of Python 3, or by uv: ${found.join('; ')}. Install one of them, name a Python with ` +
      `--python FILE, or ${byHand(wheels)}`,
  );
}

export interface Fetching {
  pip: Pip;
  /** An empty folder on the same disk as what is to become of it. */
  folder: string;
  signal?: AbortSignal;
}

/**
 * Fetches one wheel, which has to be the one that was looked into.
 *
 * @returns the file
 * @throws SetupError with what pip said
 */
export async function fetchWheel(wheel: LockedWheel, { pip, folder, signal }: Fetching): Promise<string> {
  const temporary = temporaryFolder(folder);
  await makeFolder(temporary);
  const requirement = path.join(folder, 'requirement.txt');
  await writeFile(requirement, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const [program, ...args] = pip;
  const options = [
    ...[
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '--dest',
      folder,
      '--requirement',
      requirement,
    ],
    // The wheels hold no code of Python's that runs, so its version does not matter; some ask for a late one.
    ...['--python-version', '3.13', ...wheel.tags.flatMap((tag) => ['--platform', tag])],
    ...['--disable-pip-version-check', '--no-input', '--progress-bar=off', '--quiet'],
  ];
  // What is half there lies beside what is whole, and can be counted. Nothing is installed into any environment.
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, PIP_REQUIRE_VIRTUALENV: '0' };
  try {
    await run(program, [...args, ...options], { env, signal });
  } catch (error) {
    throw error instanceof CommandError ? fetchError(error, wheel) : error;
  }
  return path.join(folder, wheel.file);
}

/** Where pip keeps what it has not fetched to its end. */
export function temporaryFolder(folder: string): string {
  return path.join(folder, 'temporary');
}

/** What is wrong with the disk, the index, the hash or the network. */
export function fetchError(error: CommandError, wheel: LockedWheel): SetupError {
  const { output, lastLines, code } = error;
  const what = `pip could not fetch ${wheel.name} ${wheel.version}`;
  if (typeof code === 'string') return new SetupError(`${what}: it was ended by ${code}. Nothing was installed.`);
  if (/No space left on device|\[Errno 28\]|not enough space/i.test(output)) {
    return new SetupError(`${what}: the disk is full. Nothing was installed.`);
  }
  if (/DO NOT MATCH THE HASHES/i.test(output)) {
    return new SetupError(
      `${what}: the index returned another file than the one LatentLab knows (its hash differs). Nothing was installed.\n${lastLines}`,
    );
  }
  return new SetupError(
    `${what}:\n${lastLines}\nCheck the network, a proxy or pip’s index (pip config set global.index-url …), ` +
      `or ${byHand([wheel])}\nNothing was installed.`,
  );
}

function byHand(wheels: readonly LockedWheel[]): string {
  const these = wheels.length === 1 ? 'this wheel' : 'these wheels';
  return `fetch ${these} elsewhere, and pass the folder with --from FOLDER:\n${wheels.map(({ file }) => `  ${file}`).join('\n')}`;
}

function lastLine({ output, code }: CommandError): string {
  return output.trim().split('\n').at(-1) || `it ends with ${code}`;
}
