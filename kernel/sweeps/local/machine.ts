/** What this machine has for runs: cores, and GPUs as the engine sees them. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { amdGpus } from '../../engine/devices/amd';
import { nvidiaGpus } from '../../engine/devices/nvidia';
import { builtFile } from '../../engine/packageRoot';
import type { Rung } from '../../protocol';
import { SweepError } from '../sweepError';

/** Variables that say which GPUs a process may see. */
const VISIBLE = ['CUDA_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES'] as const;

export interface Machine {
  cores: number;
  /** NVIDIA's GPUs, in the order of their slots. */
  nvidia(): Promise<readonly { name: string }[]>;
  /** The numbers of AMD's. */
  amd(): readonly number[];
  /** Whether there may be a GPU of any maker; quick. */
  showsGpu(): Promise<boolean>;
  /** The rung that `auto` chooses, by the self-tests; undefined if none works. */
  rung(): Promise<string | undefined>;
  visible: Readonly<Partial<Record<(typeof VISIBLE)[number], string>>>;
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    nvidia: nvidiaGpus,
    amd: amdGpus,
    showsGpu,
    rung: chosenRung,
    visible: Object.fromEntries(VISIBLE.map((name) => [name, process.env[name]])),
  };
}

/** On Linux a GPU is a device file, as are AMD's for computing and those that Windows lends to its Linux. */
async function showsGpu(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  if (['/dev/kfd', '/dev/dxg', '/dev/nvidiactl'].some((file) => existsSync(file))) return true;
  const isGraphics = existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  return isGraphics || (await nvidiaGpus()).length > 0;
}

/** In a separate process: drivers are loaded for it. */
async function chosenRung(): Promise<string | undefined> {
  const args = [builtFile('cli.js'), 'devices', '--json'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
    return (JSON.parse(stdout) as Rung[]).find(({ status }) => status === 'chosen')?.name;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new SweepError(`Which device "auto" is here cannot be told: ${reason}. Name a device in the sweep file`);
  }
}
