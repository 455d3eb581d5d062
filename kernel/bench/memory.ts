/** Whether a long training holds on to memory. */
import type { Engine } from './engine';
import type { Tell } from './measure';

export interface MemorySample {
  /** Steps done. */
  step: number;
  /** Tensors alive. */
  tensors: number;
  /** Resident memory of the process. */
  residentBytes: number;
}

export interface MemoryRun {
  engine: string;
  device: string;
  samples: MemorySample[];
}

/** Ten samples, equally far apart, of a training of workload a with at least that many steps. */
export async function watchMemory(engine: Engine, steps: number, tell: Tell): Promise<MemoryRun> {
  const contestant = engine.start('a');
  try {
    const { device = '' } = await contestant.ready();
    const samples: MemorySample[] = [];
    for (let i = 1; i <= 10; i++) {
      const { held } = await contestant.run({ passes: steps / 10, milliseconds: 0 });
      if (!held) throw new Error(`${engine.name} does not tell its memory.`);
      samples.push({ step: (i * steps) / 10, ...held });
      tell(`memory: step ${(i * steps) / 10}, ${held.tensors} tensors, ${mebibytes(held.residentBytes)} MiB`);
    }
    return { engine: engine.name, device, samples };
  } finally {
    await contestant.close();
  }
}

/**
 * Whether the number of tensors is constant over the samples after the first, which is the warm-up's, and how far their
 * resident memory goes apart.
 */
export function flatness({ samples }: MemoryRun): { constantTensors: boolean; residentChange: number } {
  const later = samples.slice(1);
  const resident = later.map(({ residentBytes }) => residentBytes);
  return {
    constantTensors: new Set(later.map(({ tensors }) => tensors)).size === 1,
    residentChange: Math.max(...resident) / Math.min(...resident) - 1,
  };
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
