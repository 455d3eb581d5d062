/** Whether a long training holds on to memory. */
import { ContestantError } from './contestant';
import type { Engine } from './engine';
import type { Tell } from './measure';

export interface MemorySample {
  /** Steps done. */
  step: number;
  /** Tensors alive. */
  tensors: number;
  /** Resident memory of the process. */
  residentBytes: number;
  /** What is in use on a device of its own, where that tells. */
  deviceBytes?: number;
}

export interface MemoryRun {
  engine: string;
  device: string;
  samples: MemorySample[];
}

/**
 * Ten samples, equally far apart, of a training of workload a with at least that many steps.
 *
 * @returns undefined if the engine cannot be used
 */
export async function watchMemory(engine: Engine, steps: number, tell: Tell): Promise<MemoryRun | undefined> {
  const contestant = engine.start('a');
  try {
    const { device = '' } = await contestant.ready();
    const samples: MemorySample[] = [];
    for (let i = 1; i <= 10; i++) {
      const { held } = await contestant.run({ passes: steps / 10, milliseconds: 0, collect: true });
      if (!held) throw new Error(`${engine.name} does not tell its memory.`);
      samples.push({ step: (i * steps) / 10, ...held });
      const device = held.deviceBytes === undefined ? '' : `, ${mebibytes(held.deviceBytes)} MiB on the device`;
      tell(
        `memory: ${engine.name}, step ${(i * steps) / 10}, ${held.tensors} tensors, ${mebibytes(held.residentBytes)} MiB${device}`,
      );
    }
    return { engine: engine.name, device, samples };
  } catch (error) {
    if (!(error instanceof ContestantError)) throw error;
    tell(`memory: ${engine.name} cannot: ${error.message}`);
    return undefined;
  } finally {
    await contestant.close();
  }
}

/**
 * Whether the number of tensors is constant over the samples after the first, which is the warm-up's, and how far their
 * resident memory, and that of the device, goes apart: greatest divided by least, less 1.
 */
export function flatness({ samples }: MemoryRun): {
  constantTensors: boolean;
  residentChange: number;
  deviceChange?: number;
} {
  const later = samples.slice(1);
  const onDevice = later.flatMap(({ deviceBytes }) => (deviceBytes === undefined ? [] : [deviceBytes]));
  return {
    constantTensors: new Set(later.map(({ tensors }) => tensors)).size === 1,
    residentChange: change(later.map(({ residentBytes }) => residentBytes)),
    ...(onDevice.length > 0 && { deviceChange: change(onDevice) }),
  };
}

function change(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values) - 1;
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
