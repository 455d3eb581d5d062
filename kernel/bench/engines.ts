/** Who is measured: every rung of the device ladder, PyTorch wherever it is, and the products alone. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { packageRoot } from '../engine/packageRoot';
import { RUNGS } from '../engine/devices/rungs';
import { Contestant } from './contestant';
import type { Threads } from './contestant';
import { WORKLOADS } from './workloads';
import type { WorkloadName } from './workloads';

export interface Engine {
  /** As rows have it. Several engines may share it: PyTorch of several versions, for example. */
  name: string;
  /** For people. Absent: its process tells. */
  device?: string;
  /** What is said beside the device. */
  remark?: string;
  start(workload: WorkloadName): Contestant;
}

/** The library's own rung for it has faster matrix products; the bench compares with what tfjs ships. */
const STOCK_WASM = 'tfjs-wasm';
/** Rungs by the names that rows have for them. */
const ROW_NAMES: Readonly<Record<string, string>> = { webgpu: 'tfjs-webgpu' };
const rungNames = RUNGS.map(({ name }) => ROW_NAMES[name] ?? name);
export const ENGINE_NAMES: readonly string[] = [...new Set([...rungNames, STOCK_WASM, 'torch', 'limit'])];
/** Plain JavaScript takes seconds a step; it is measured when it is asked for. */
export const DEFAULT_ENGINES: readonly string[] = ENGINE_NAMES.filter((name) => name !== 'cpu');

/** Engines that run in Node. */
export function nodeEngines(threads: Threads): Engine[] {
  const engine = (name: string, rung: string, stock = false): Engine => ({
    name,
    start: (workload) => Contestant.ofNode({ workload, work: { kind: 'model', rung, stock } }, threads),
  });
  const rungs = RUNGS.map(({ name: rung }) => engine(ROW_NAMES[rung] ?? rung, rung));
  const ours = rungs.find(({ name }) => name === 'wasm');
  if (ours) ours.remark = 'transposed products taken apart';
  const limit: Engine = {
    name: 'limit',
    device: `CPU, ${threads.count} threads, ONNX Runtime`,
    start: (workload) => Contestant.ofNode({ workload, work: { kind: 'products', threads: threads.count } }, threads),
  };
  return [...rungs, engine(STOCK_WASM, 'wasm', true), limit];
}

const peerSchema = z.object({ torch: z.string(), blas: z.string(), gpu: z.string().nullable() });
const PEER = path.join(packageRoot(), 'test', 'bench', 'peer.py');

/**
 * PyTorch, training and multiplying matrices, on the CPU and on a GPU if it sees one.
 *
 * @throws with the reason when this Python has no PyTorch
 */
export async function pythonEngines(python: string, threads: Threads): Promise<Engine[]> {
  const { torch, blas, gpu } = await describePeer(python);
  const engine = (name: string, hardware: 'cpu' | 'cuda', device: string): Engine => ({
    name,
    device,
    start(workload) {
      const products = name === 'limit' ? WORKLOADS[workload].products : null;
      const task = { workload, threads: threads.count, device: hardware, products };
      return Contestant.ofProgram(python, [PEER, JSON.stringify(task)], threads);
    },
  });
  const cpu = [`CPU, ${threads.count} threads`, `torch ${torch}`, blas].filter(Boolean).join(', ');
  const engines = [engine('torch', 'cpu', cpu), engine('limit', 'cpu', cpu)];
  if (gpu !== null) engines.push(engine('torch', 'cuda', `GPU, ${gpu}, torch ${torch}`));
  return engines;
}

async function describePeer(python: string): Promise<z.output<typeof peerSchema>> {
  try {
    const { stdout } = await promisify(execFile)(python, [PEER, JSON.stringify({ describe: true })]);
    return peerSchema.parse(JSON.parse(stdout));
  } catch (error) {
    const { message, stderr } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim().split('\n').at(-1) || message.split('\n')[0], { cause: error });
  }
}
