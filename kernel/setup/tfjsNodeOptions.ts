/** The command line of `npm run setup:tfjs-node`, and what it comes down to. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { TensorFlowPackage } from '../engine/devices/builtPackage';
import { commandLine } from '../engine/commandLine';
import { SetupError } from './setupError';

/** The versions of TensorFlow that the binding is known to build against and compute with; see docs/tfjs-node.md. */
const NEWEST = '2.21';
const RANGE = '>=2.12,<2.22';

export const USAGE = `Builds tfjs-node's binding against a TensorFlow of your choice, for the devices tfjs-node and tfjs-node-gpu.

${commandLine('setup:tfjs-node', '[options]')}
  --gpu                  tfjs-node-gpu instead of tfjs-node
  --libtensorflow DIR    a libtensorflow on this machine: a folder with lib/ and include/, or the folder
                         "tensorflow" of a Python environment; the build uses it in place
  --wheel WHEEL          libraries of a Python wheel: a .whl file, or what pip should fetch, such as tensorflow-cpu==2.20.0
                         (default: the newest TensorFlow up to ${NEWEST} that pip finds)
  --python PATH          the Python for node-gyp and pip (default: python3)
  --nodedir DIR          where this Node's headers are: DIR/include/node (default: beside Node, else node-gyp fetches them)
`;

/** Where the C library comes from. */
export type Source =
  | { from: 'folder'; folder: string }
  | { from: 'wheel'; file: string }
  | { from: 'pip'; requirement: string; dependencies: boolean };

export interface Plan {
  package: TensorFlowPackage;
  source: Source;
  python: string;
  nodedir?: string;
}

/** What a user asks for; undefined when it is help. @throws SetupError when the options contradict or name nothing */
export function planOf(args: string[], machine: { platform: string; arch: string } = process): Plan | undefined {
  const options = parsed(args);
  if (options.help) return undefined;
  const { gpu, libtensorflow, wheel, python, nodedir } = options;
  if (machine.platform !== 'linux' || !['x64', 'arm64'].includes(machine.arch)) {
    throw new SetupError(
      `This builds for Linux on x64 and arm64; found ${machine.platform} on ${machine.arch}. ` +
        'On macOS and Windows `npm install @tensorflow/tfjs-node` brings a built package.',
    );
  }
  if (gpu && machine.arch !== 'x64') throw new SetupError('TensorFlow computes on NVIDIA GPUs on x64; found arm64.');
  if (libtensorflow !== undefined && wheel !== undefined) {
    throw new SetupError('--libtensorflow and --wheel both name the C library: give one of them.');
  }
  return {
    package: gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node',
    source: libtensorflow === undefined ? wheelSource(wheel, gpu, machine.arch) : folderSource(libtensorflow),
    python,
    nodedir,
  };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args,
      options: {
        gpu: flag,
        libtensorflow: text,
        wheel: text,
        python: { ...text, default: 'python3' },
        nodedir: text,
        help: { ...flag, short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function folderSource(folder: string): Source {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new SetupError(`--libtensorflow names a folder; there is none at ${path.resolve(folder)}.`);
  }
  return { from: 'folder', folder: path.resolve(folder) };
}

/** `tensorflow-cpu` is the smallest wheel, and x64's alone; the GPU's libraries are dependencies of `tensorflow[and-cuda]`. */
function wheelSource(wheel: string | undefined, gpu: boolean, arch: string): Source {
  if (wheel === undefined) {
    const name = gpu ? 'tensorflow[and-cuda]' : arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow';
    return { from: 'pip', requirement: name + RANGE, dependencies: gpu };
  }
  if (wheel.endsWith('.whl')) {
    if (!existsSync(wheel)) throw new SetupError(`--wheel: there is no file ${path.resolve(wheel)}.`);
    return { from: 'wheel', file: path.resolve(wheel) };
  }
  if (!/^tensorflow[\w-]*(\[[\w,-]+\])?([=<>!~].*)?$/.test(wheel)) {
    throw new SetupError(
      `--wheel is a .whl file or a TensorFlow for pip, such as tensorflow-cpu==${NEWEST}.0; found "${wheel}". ` +
        'A folder is named with --libtensorflow.',
    );
  }
  return { from: 'pip', requirement: wheel, dependencies: wheel.includes('[') };
}
