/** `npm run bench -- peers`: whether PyTorch and JAX compute what the library does, step by step. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { chooseDevice } from '../../engine/devices';
import { operations, WORKLOADS } from '../workloads';
import type { TrainingName } from '../workloads';
import { answerOf, peersOf } from './python';
import type { Peer } from './python';
import { referenceOf } from './reference';
import type { Reference } from './reference';

export interface AgreementOptions {
  workloads: readonly TrainingName[];
  pythons: readonly string[];
  /** The rung that the library's steps run on. */
  device: string;
  steps: number;
}

/** The largest relative difference of a step's loss. Sums come in another order, and Adam magnifies what is near 0. */
export const TOLERANCE = 1e-4;

const replaySchema = z.object({
  losses: z.array(z.number()),
  parameters: z.int(),
  /** The operations of a step's products and convolutions, where the peer counts them. */
  flops: z.number().nullable(),
  /** Weights of other names, shapes or deviations at the start. */
  unlike: z.array(z.string()),
});
export type Replay = z.output<typeof replaySchema>;

/** @returns a line for each workload and peer, and whether all agree */
export async function comparePeers(
  options: AgreementOptions,
  tell: (line: string) => void,
): Promise<{ lines: string[]; agree: boolean }> {
  const peers: Peer[] = [];
  for (const python of options.pythons) {
    const found = await peersOf(python, os.availableParallelism());
    // On a GPU other roundings are allowed; what is computed is the same program.
    peers.push(...found.peers.filter(({ hardware }) => hardware === 'cpu'));
    found.lacks.forEach((what) => tell(`${python} has ${what}`));
  }
  if (peers.length === 0) throw new RangeError('there is no PyTorch and no JAX to compare with');
  const { description } = await chooseDevice(options.device);
  const lines = [`The library on ${description}; ${options.steps} steps each`];
  let agree = true;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'latentlab-peers-'));
  try {
    for (const workload of options.workloads) {
      const reference = await referenceOf(workload, options.steps);
      const file = path.join(folder, `${workload}.safetensors`);
      writeFileSync(file, reference.file);
      for (const { name: engine, python, device } of peers) {
        const request = { check: file, workload, engine, device: 'cpu' };
        const { line, agrees } = verdict(workload, reference, replaySchema.parse(await answerOf(python, request)));
        lines.push(`${workload}: ${engine} (${device}): ${line}`);
        tell(lines.at(-1)!);
        agree &&= agrees;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { lines, agree };
}

/** What a peer's steps differ in from the library's. */
export function verdict(
  workload: TrainingName,
  { losses, parameters }: Pick<Reference, 'losses' | 'parameters'>,
  replay: Replay,
): { line: string; agrees: boolean } {
  const difference = Math.max(...losses.map((loss, i) => Math.abs(replay.losses[i]! / loss - 1)));
  const faults = [...replay.unlike];
  // A comparison that a loss that is not a number fails.
  if (!(difference <= TOLERANCE)) faults.push(`losses ${replay.losses.join(', ')}, not ${losses.join(', ')}`);
  if (replay.parameters !== parameters) faults.push(`${replay.parameters} parameters, not ${parameters}`);
  const flops =
    replay.flops === null
      ? ''
      : `, ${(replay.flops / 1e9).toPrecision(4)} GFLOP counted (${(operations(WORKLOADS[workload]) / 1e9).toPrecision(4)} listed)`;
  const agrees = faults.length === 0;
  const found = `losses within ${difference.toExponential(1)}, ${parameters.toLocaleString('en')} parameters${flops}`;
  return { line: agrees ? found : `differs: ${faults.join('; ')}`, agrees };
}
