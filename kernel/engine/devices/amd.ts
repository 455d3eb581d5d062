/** AMD's GPUs, as Linux' driver for computing lists them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the driver says what there is: processors and GPUs, a numbered folder each. */
const NODES = ['sys', 'class', 'kfd', 'kfd', 'topology', 'nodes'];

/**
 * The GPUs of the kind that has most units: graphics in the processor are none to compute on beside a card.
 *
 * @param root the root of the file system
 * @returns their numbers, as `ROCR_VISIBLE_DEVICES` counts all GPUs; empty where there are none
 */
export function amdGpus(root = '/'): number[] {
  const nodes = path.join(root, ...NODES);
  const gpus = entriesOf(nodes).flatMap((name) => gpuIn(path.join(nodes, name)) ?? []);
  const largest = gpus.reduce((most, gpu) => (gpu.units > most.units ? gpu : most), gpus[0]!);
  return gpus.flatMap(({ kind }, i) => (kind === largest.kind ? [i] : []));
}

/** Undefined for a processor, and for a GPU that this process may not use: its files cannot be read then. */
function gpuIn(node: string): { kind: string; units: number } | undefined {
  try {
    if (Number(readFileSync(path.join(node, 'gpu_id'), 'utf8')) === 0) return undefined;
    const properties = readFileSync(path.join(node, 'properties'), 'utf8');
    const named = (name: string) => new RegExp(`^${name} (\\d+)$`, 'm').exec(properties)?.[1];
    const units = Number(named('simd_count') ?? 0);
    return { kind: `${named('gfx_target_version')}/${units}`, units };
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .sort((a, b) => Number(a) - Number(b));
  } catch {
    return [];
  }
}
