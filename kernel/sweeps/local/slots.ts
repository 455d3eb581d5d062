/** How many runs this machine takes at a time, and what each is given. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { nvidiaGpus } from '../../engine/devices/nvidia';
import { builtFile } from '../../engine/packageRoot';
import type { Rung } from '../../protocol';
import type { SweepFile } from '../file/schema';

export interface Slot {
  threads: number;
  /** Variables of its kernel. */
  env: Record<string, string>;
}

/**
 * One GPU a run where the device is a GPU, else as many runs as there are cores, each with one thread.
 *
 * @param runs how many there are to run
 */
export async function slotsFor({ device, resources }: SweepFile, runs: number): Promise<Slot[]> {
  const cores = availableParallelism();
  const most = Math.min(resources.parallel ?? Infinity, runs);
  const gpus = resources.gpus === 0 ? [] : await gpusFor(device);
  if (gpus.length > 0) {
    const count = Math.min(gpus.length, most);
    const threads = resources.cpus ?? Math.max(1, Math.floor(cores / count));
    return gpus.slice(0, count).map((gpu) => ({ threads, env: { CUDA_VISIBLE_DEVICES: gpu } }));
  }
  const cpus = Math.min(resources.cpus ?? 1, cores);
  const count = Math.max(1, Math.min(resources.parallel ?? Math.floor(cores / cpus), runs));
  // What would lie idle is divided, where nobody has said otherwise.
  const threads = resources.cpus ?? Math.max(1, Math.floor(cores / count));
  return Array.from({ length: count }, () => ({ threads, env: {} }));
}

/** Those that this process may see, where runs on the device compute on NVIDIA's. */
async function gpusFor(device: string): Promise<string[]> {
  const count = (await nvidiaGpus()).length;
  if (count === 0) return [];
  const visible = process.env['CUDA_VISIBLE_DEVICES'];
  const all = visible === undefined ? Array.from({ length: count }, (_, i) => String(i)) : visible.split(',');
  if (!all[0]) return [];
  const chosen = await chosenRung(device);
  return chosen?.name.includes('cuda') ? all.map((one) => one.trim()) : [];
}

/** In a separate process: drivers are loaded for it. */
async function chosenRung(device: string): Promise<Rung | undefined> {
  const args = [builtFile('cli.js'), 'devices', '--json', '--device', device];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  return (JSON.parse(stdout) as Rung[]).find(({ status }) => status === 'chosen');
}
