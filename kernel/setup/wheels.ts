/** TensorFlow's libraries out of Python wheels, by the user's Python. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CommandError, run } from './command';
import { SetupError } from './setupError';
import type { Source } from './tfjsNodeOptions';

/** The libraries, their headers, and the CUDA libraries that wheels for GPUs lean on: nothing of Python's own. */
const UNPACK = `
import sys, zipfile
wanted = ('tensorflow/libtensorflow', 'tensorflow/include/', 'nvidia/')
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted)])
`;
import { makeFolder } from '../files/makeFolder';

/**
 * Unpacks the wheels into a folder, fetched by pip where no file is given.
 *
 * @param folder an empty folder; it then holds `tensorflow/`, and `nvidia/` if wheels for CUDA are among them
 * @returns the names of the wheels, TensorFlow's first
 * @throws SetupError when pip is not there or finds nothing, or a file is no wheel
 */
export async function unpackWheels(
  source: Exclude<Source, { from: 'folder' }>,
  folder: string,
  python: string,
): Promise<string[]> {
  const fetchedTo = path.join(folder, 'wheels');
  const files = source.from === 'wheel' ? [source.file] : await fetched(source, fetchedTo, python);
  for (const file of files) await unpack(file, folder, python);
  await rm(fetchedTo, { recursive: true, force: true });
  return files.map((file) => path.basename(file, '.whl'));
}

async function fetched(
  { requirement, dependencies }: Source & { from: 'pip' },
  folder: string,
  python: string,
): Promise<string[]> {
  await makeFolder(folder);
  const flags = ['--only-binary=:all:', '--disable-pip-version-check', '--no-input', '--progress-bar=off', '--quiet'];
  if (!dependencies) flags.push('--no-deps');
  try {
    await run(python, ['-m', 'pip', 'download', ...flags, '--dest', folder, '--', requirement]);
  } catch (error) {
    throw error instanceof CommandError ? pipError(error, requirement, python) : error;
  }
  const names = (await readdir(folder)).filter((name) => /^(tensorflow|nvidia)[\w.]*-/.test(name));
  const tensorFlowFirst = names.sort((a, b) => Number(b.startsWith('tensorflow')) - Number(a.startsWith('tensorflow')));
  return tensorFlowFirst.map((name) => path.join(folder, name));
}

/** What is wrong with Python, with the version that was asked for, or with the network. */
export function pipError(error: CommandError, requirement: string, python: string): SetupError {
  const otherwise = 'or fetch the wheel elsewhere and pass it with --wheel FILE';
  if (/No module named pip\b/.test(error.output)) {
    return new SetupError(
      `${python} has no pip to fetch ${requirement} with. Install it (Debian and Ubuntu: apt install python3-pip), ` +
        `name a Python that has it with --python, ${otherwise}.`,
    );
  }
  const connection = /connection|timed out|SSLError|ProxyError/i.test(error.output);
  if (/Could not find a version/.test(error.output) && !connection) {
    // Pip says the same of an index that it cannot reach and of one that has nothing for this Python.
    const unreachable = error.output.includes('(from versions: none)')
      ? 'Check that the network and pip’s index can be reached, or name'
      : 'Name';
    return new SetupError(
      `pip finds no ${requirement} for ${python}:\n${error.lastLines}\n` +
        `${unreachable} a Python that TensorFlow has wheels for with --python, another version with --wheel, ${otherwise}.`,
    );
  }
  return new SetupError(
    `pip could not fetch ${requirement}:\n${error.lastLines}\n` +
      `Check the network, a proxy or pip’s index (pip config set global.index-url …), ${otherwise}.`,
  );
}

async function unpack(file: string, folder: string, python: string): Promise<void> {
  try {
    await run(python, ['-c', UNPACK, file, folder]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const reason = error.output.trim().split('\n').at(-1) ?? '';
    throw new SetupError(
      `${file} could not be unpacked: ${reason}. Is the wheel complete, and is there room on the disk?`,
    );
  }
}
