/** The command line of `npm run setup:xla`. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { commandLine } from '../../engine/commandLine';
import { XLA_PLATFORMS, type XlaPlatform } from '../../engine/devices/xla/plugins';
import { SetupError } from '../setupError';

export interface XlaOptions {
  /** Absent: what this machine's GPU needs. */
  platform?: XlaPlatform;
  /** A folder of wheels, absolute; absent: they are fetched. */
  from?: string;
  /** The Python whose pip fetches them; absent: the one that is found. */
  python?: string;
  yes: boolean;
  /** Whether only to say, as JSON, what would be done. */
  plan: boolean;
}

export const XLA_USAGE = `Fetches XLA's plugin for the GPU of this machine, or for its processor: the devices xla-….

${commandLine('setup:xla', '[options]')}

  --cuda | --rocm | --intel | --metal | --cpu
                 for GPUs of NVIDIA, AMD, Intel or Apple, or for the processor; default: the GPU that is found
  --from FOLDER  take the wheels from this folder; nothing is fetched, and no Python is needed
  --python FILE  the Python whose pip fetches them; default: python3, else uv
  --yes          do not ask
  --plan         only say what would be fetched, as JSON; null if no GPU is found

The wheels come from the Python package index. LatentLab unpacks their shared libraries; no Python runs afterwards. A
training step whose result is known then proves that they compute.
`;

/** Undefined when only the usage is wanted. @throws SetupError naming what is wrong */
export function xlaOptions(args: string[]): XlaOptions | undefined {
  const { help, from, python, yes, plan, ...rest } = parsed(args);
  if (help) return undefined;
  const named = XLA_PLATFORMS.filter((platform) => rest[platform]);
  if (named.length > 1) {
    throw new SetupError(`Name one platform at a time, not ${named.map((name) => `--${name}`).join(' and ')}.`);
  }
  if (from !== undefined && !(existsSync(from) && statSync(from).isDirectory())) {
    throw new SetupError(`--from names a folder of wheels; there is none at ${path.resolve(from)}.`);
  }
  return { platform: named[0], from: from && path.resolve(from), python, yes, plan };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const platforms = { cuda: flag, rocm: flag, intel: flag, metal: flag, cpu: flag };
  try {
    const help = { ...flag, short: 'h' };
    return parseArgs({ args, options: { ...platforms, from: text, python: text, yes: flag, plan: flag, help } }).values;
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n\n${XLA_USAGE}`);
  }
}
