/** PyTorch and JAX as engines, in any Python that has one of them. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { packageRoot } from '../../engine/packageRoot';
import { Contestant } from '../contestant';
import type { Threads } from '../contestant';
import type { Engine } from '../engine';
import { WORKLOADS } from '../workloads';

/** As rows have them: PyTorch eager and compiled, JAX step by step and a series of steps in one execution. */
export const PEER_NAMES = ['torch', 'torch-compile', 'jax', 'jax-scan'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

export const PEER = path.join(packageRoot(), 'test', 'bench', 'peer.py');

const missing = z.object({ missing: z.string() });
const gpu = z.string().nullable();
const foundSchema = z.object({
  python: z.string(),
  torch: z.union([missing, z.object({ version: z.string(), blas: z.string(), gpu, compiles: z.boolean() })]),
  jax: z.union([missing, z.object({ version: z.string(), gpu })]),
});

export type Hardware = 'cpu' | 'cuda';

/** One way of one Python to compute on one kind of hardware. */
export interface Peer {
  name: PeerName;
  python: string;
  hardware: Hardware;
  /** For people. */
  device: string;
}

export interface FoundPeers {
  peers: Peer[];
  /** What this Python lacks, and why. */
  lacks: string[];
}

/** What a Python has, on the processor and on a GPU if it sees one. */
export async function peersOf(python: string, threads: number): Promise<FoundPeers> {
  const described = await answerOf(python, { describe: true }).catch((error: Error) => error);
  if (described instanceof Error) {
    const { code } = described.cause as { code?: unknown };
    const why = code === 'ENOENT' ? 'there is no such program' : `it says “${described.message}”`;
    return { peers: [], lacks: [`neither PyTorch nor JAX: ${why}`] };
  }
  const { torch, jax } = foundSchema.parse(described);
  const peers: Peer[] = [];
  const lacks: string[] = [];
  const add = (name: PeerName, version: string, blas: string, gpuName: string | null) => {
    const cpu = [`CPU, ${threads} threads`, version, blas].filter(Boolean).join(', ');
    peers.push({ name, python, hardware: 'cpu', device: cpu });
    if (gpuName !== null) peers.push({ name, python, hardware: 'cuda', device: `GPU, ${gpuName}, ${version}` });
  };
  if ('missing' in torch) lacks.push(`no PyTorch (${torch.missing})`);
  else {
    add('torch', `torch ${torch.version}`, torch.blas, torch.gpu);
    if (torch.compiles) add('torch-compile', `torch ${torch.version}`, torch.blas, torch.gpu);
    else lacks.push(`no torch.compile (torch ${torch.version})`);
  }
  if ('missing' in jax) lacks.push(`no JAX (${jax.missing})`);
  else for (const name of ['jax', 'jax-scan'] as const) add(name, `jax ${jax.version}`, '', jax.gpu);
  return { peers, lacks };
}

/** Engines of these peers and, where there is PyTorch, the products alone on the processor. */
export function peerEngines(peers: readonly Peer[], threads: Threads): Engine[] {
  const engine = (name: string, { python, hardware, device }: Peer, work: Peer['name']): Engine => ({
    name,
    device,
    start(workload) {
      const products = name === 'limit' ? WORKLOADS[workload].products : null;
      const task = { workload, engine: work, threads: threads.count, device: hardware, products };
      return Contestant.ofProgram(python, [PEER, JSON.stringify(task)], threads);
    },
  });
  const limits = peers.filter(({ name, hardware }) => name === 'torch' && hardware === 'cpu');
  return [
    ...peers.map((peer) => engine(peer.name, peer, peer.name)),
    ...limits.map((peer) => engine('limit', peer, peer.name)),
  ];
}

/**
 * The first line of JSON that the peer's program answers with.
 *
 * @throws with the last line of its complaint when it fails
 */
export async function answerOf(python: string, request: object): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)(python, [PEER, JSON.stringify(request)], { maxBuffer: 2 ** 26 });
    const line = stdout.split('\n').find((text) => text.startsWith('{'));
    if (line === undefined) throw new Error(`${PEER} answered nothing`);
    return JSON.parse(line);
  } catch (error) {
    const { message, stderr } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim().split('\n').at(-1) || message.split('\n')[0], { cause: error });
  }
}
