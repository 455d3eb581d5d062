/** Who is measured: every rung of the device ladder, PyTorch and JAX wherever they are, and the products alone. */
import { RUNGS } from '../engine/devices/rungs';
import { Contestant } from './contestant';
import type { Threads } from './contestant';
import type { Engine } from './engine';
import { PEER_NAMES } from './peers/python';

/** The library's own rung for it has faster matrix products; the bench compares with what tfjs ships. */
const STOCK_WASM = 'tfjs-wasm';
/** Rungs by the names that rows have for them. */
const ROW_NAMES: Readonly<Record<string, string>> = { webgpu: 'tfjs-webgpu' };
const rungNames = RUNGS.map(({ name }) => ROW_NAMES[name] ?? name);
export const ENGINE_NAMES: readonly string[] = [...new Set([...rungNames, STOCK_WASM, ...PEER_NAMES, 'limit'])];
/** Plain JavaScript takes seconds a step; it is measured when it is asked for. */
export const DEFAULT_ENGINES: readonly string[] = ENGINE_NAMES.filter((name) => name !== 'cpu');

/** Engines that run in Node. */
export function nodeEngines(threads: Threads): Engine[] {
  const engine = (name: string, rung: string, stock = false): Engine => ({
    name,
    start: (workload, env) => Contestant.ofNode({ workload, work: { kind: 'model', rung, stock } }, threads, env),
  });
  const rungs = RUNGS.map(({ name: rung, gpu }) => ({ ...engine(ROW_NAMES[rung] ?? rung, rung), gpu }));
  const ours: Engine | undefined = rungs.find(({ name }) => name === 'wasm');
  if (ours) ours.remark = 'transposed products taken apart';
  const limit: Engine = {
    name: 'limit',
    device: `CPU, ${threads.count} threads, ONNX Runtime`,
    start: (workload) => Contestant.ofNode({ workload, work: { kind: 'products', threads: threads.count } }, threads),
  };
  return [...rungs, engine(STOCK_WASM, 'wasm', true), limit];
}
