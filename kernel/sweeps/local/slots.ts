/** How many runs this machine takes at a time, and what each is given. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { nvidiaGpus } from '../../engine/devices/nvidia';
import { indexOfGpu, parseRequest } from '../../engine/devices/whichGpu';
import { builtFile } from '../../engine/packageRoot';
import type { Rung } from '../../protocol';
import type { SweepFile } from '../file/schema';

export interface Slot {
  threads: number;
  /** Variables of its kernel. */
  env: Record<string, string>;
}

/** What runs are divided among. */
export interface Machine {
  cores: number;
  /** NVIDIA's GPUs, in the order of their slots. */
  gpus(): Promise<readonly { name: string }[]>;
  /** The device that `auto` chooses; undefined if none works. */
  rung(): Promise<string | undefined>;
  /** `CUDA_VISIBLE_DEVICES` */
  visible: string | undefined;
}

/** Rungs that take no GPU. */
const ON_PROCESSOR = ['traced-cpu', 'xla-cpu', 'tfjs-node', 'wasm', 'cpu'];
const onCuda = (rung: string) => rung.includes('cuda') || rung === 'tfjs-node-gpu';

/**
 * One GPU a run where the device is a GPU, else as many runs as there are cores, each with one thread.
 *
 * @param runs how many there are to run
 * @throws {DeviceError} when the device names a GPU that this machine does not have
 */
export async function slotsFor(
  { device, resources }: SweepFile,
  runs: number,
  machine: Machine = thisMachine(),
): Promise<Slot[]> {
  const { cores } = machine;
  // What would lie idle is divided, where nobody has said otherwise.
  const threadsOf = (count: number) => Math.min(cores, resources.cpus ?? Math.max(1, Math.floor(cores / count)));
  const most = Math.min(resources.parallel ?? Infinity, runs);
  const gpus = resources.gpus === 0 ? [] : await gpusFor(device, machine);
  if (gpus.length > 0) {
    const count = Math.max(1, Math.min(gpus.length, most));
    const threads = threadsOf(count);
    return gpus.slice(0, count).map((env) => ({ threads, env }));
  }
  const cpus = Math.min(resources.cpus ?? 1, cores);
  // Whose GPUs we cannot tell apart: all runs would be on one.
  const isOnOther = device !== 'auto' && resources.gpus !== 0 && !ON_PROCESSOR.includes(parseRequest(device).name);
  const usual = isOnOther ? 1 : Math.floor(cores / cpus);
  const count = Math.max(1, Math.min(resources.parallel ?? usual, runs));
  const threads = threadsOf(count);
  return Array.from({ length: count }, () => ({ threads, env: {} }));
}

/** What lets CUDA see each GPU alone, where runs on the device compute on NVIDIA's. */
async function gpusFor(device: string, machine: Machine): Promise<Slot['env'][]> {
  const { name, gpu } = parseRequest(device);
  if (name !== 'auto' && !onCuda(name)) return [];
  const gpus = await machine.gpus();
  // It is one GPU, whatever else there is: two runs on it would share its memory.
  if (gpu !== undefined) {
    return [{ CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: String(indexOfGpu(gpu, gpus)) }];
  }
  const { visible } = machine;
  const all = visible === undefined ? gpus.map((_, i) => String(i)) : visible.split(',').map((one) => one.trim());
  if (gpus.length === 0 || !all[0]) return [];
  const rung = name === 'auto' ? await machine.rung() : name;
  return rung !== undefined && onCuda(rung) ? all.map((one) => ({ CUDA_VISIBLE_DEVICES: one })) : [];
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    gpus: nvidiaGpus,
    rung: chosenRung,
    visible: process.env['CUDA_VISIBLE_DEVICES'],
  };
}

/** In a separate process: drivers are loaded for it. */
async function chosenRung(): Promise<string | undefined> {
  const args = [builtFile('cli.js'), 'devices', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  return (JSON.parse(stdout) as Rung[]).find(({ status }) => status === 'chosen')?.name;
}
