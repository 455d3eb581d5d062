/** How many runs this machine takes at a time, and what each is given. */
import { GPU_RUNG_NAMES } from '../../engine/devices/names';
import { indexOfGpu, parseRequest } from '../../engine/devices/whichGpu';
import type { SweepFile } from '../file/schema';
import { thisMachine } from './machine';
import type { Machine } from './machine';

export interface Slot {
  threads: number;
  /** Variables of its kernel. */
  env: Record<string, string>;
}

const isForGpu = (rung: string) => (GPU_RUNG_NAMES as readonly string[]).includes(rung);
const onCuda = (rung: string) => rung === 'xla-cuda' || rung === 'tfjs-node-gpu';

/**
 * One GPU a run where the device is a GPU, else as many runs as there are cores, each with one thread.
 *
 * @param runs how many there are to run
 * @throws {DeviceError} when the device names a GPU that this machine does not have
 * @throws {SweepError} when it cannot be told which device `auto` is
 */
export async function slotsFor(
  { device, resources }: SweepFile,
  runs: number,
  machine: Machine = thisMachine(),
): Promise<Slot[]> {
  const { cores } = machine;
  const gpus = resources.gpus === 0 ? [] : await gpusFor(device, machine);
  const cpus = Math.min(resources.cpus ?? 1, cores);
  const usual = gpus.length > 0 ? gpus.length : Math.floor(cores / cpus);
  // GPUs that can be told apart are never shared.
  const most = gpus.length > 0 && Object.keys(gpus[0]!).length > 0 ? usual : Infinity;
  const count = Math.max(1, Math.min(resources.parallel ?? usual, runs, most));
  // What would lie idle is divided, where nobody has said otherwise.
  const threads = Math.min(cores, resources.cpus ?? Math.max(1, Math.floor(cores / count)));
  return Array.from({ length: count }, (_, i) => ({ threads, env: gpus[i] ?? {} }));
}

/** For each GPU that runs on the device compute on, what lets a kernel see it alone; empty for the processor. */
async function gpusFor(device: string, machine: Machine): Promise<Slot['env'][]> {
  const { name, gpu } = parseRequest(device);
  // It is one GPU, whatever else there is: two runs on it would share its memory.
  if (gpu !== undefined && (name === 'auto' || isForGpu(name))) {
    const index = indexOfGpu(gpu, await machine.nvidia());
    return [{ CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: String(index) }];
  }
  const rung = name === 'auto' ? await autoRung(machine) : name;
  if (rung === undefined || !isForGpu(rung)) return [];
  const apart = onCuda(rung) ? await nvidiaApart(machine) : rung === 'xla-rocm' ? amdApart(machine) : [];
  // The others cannot be told apart: all runs would be on the first.
  return apart.length > 0 ? apart : [{}];
}

/** The ladder is not tried where no GPU shows: that takes seconds. */
async function autoRung(machine: Machine): Promise<string | undefined> {
  return (await machine.showsGpu()) ? machine.rung() : undefined;
}

async function nvidiaApart({ nvidia, visible }: Machine): Promise<Slot['env'][]> {
  const all = listOf(visible.CUDA_VISIBLE_DEVICES) ?? (await nvidia()).map((_, i) => String(i));
  return all.map((one) => ({ CUDA_VISIBLE_DEVICES: one }));
}

/** HIP counts those that ROCr shows it. */
function amdApart({ amd, visible }: Machine): Slot['env'][] {
  const { ROCR_VISIBLE_DEVICES: rocr, HIP_VISIBLE_DEVICES: hip, CUDA_VISIBLE_DEVICES: cuda } = visible;
  const chosen = listOf(hip) ?? listOf(cuda);
  if (chosen) return chosen.map((one) => ({ HIP_VISIBLE_DEVICES: one }));
  return (listOf(rocr) ?? amd().map(String)).map((one) => ({ ROCR_VISIBLE_DEVICES: one }));
}

/** Undefined if the variable is not set, or hides all. */
function listOf(variable: string | undefined): string[] | undefined {
  const all = (variable ?? '').split(',').map((one) => one.trim());
  return all[0] ? all.filter((one) => one !== '') : undefined;
}
