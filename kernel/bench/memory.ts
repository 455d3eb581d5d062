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

/** How many samples a training has; the first is the warm-up's. */
const SAMPLES = 11;

/**
 * Samples, about equally far apart, of a training of workload a: that after the warm-up, and those of at least so many
 * steps that follow.
 *
 * @returns undefined if the engine cannot be used
 */
export async function watchMemory(engine: Engine, steps: number, tell: Tell): Promise<MemoryRun | undefined> {
  const contestant = engine.start('a');
  try {
    const { device = '' } = await contestant.ready();
    const samples: MemorySample[] = [];
    let step = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const leap = Math.ceil(steps / (SAMPLES - 1));
      const { held, steps: done } = await contestant.run({ passes: 1, milliseconds: 0, steps: leap, collect: true });
      if (!held || done === undefined) throw new Error(`${engine.name} does not tell its memory.`);
      step += done;
      samples.push({ step, ...held });
      const device = held.deviceBytes === undefined ? '' : `, ${mebibytes(held.deviceBytes)} MiB on the device`;
      tell(
        `memory: ${engine.name}, step ${step}, ${held.tensors} tensors, ${mebibytes(held.residentBytes)} MiB${device}`,
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

/** How resident memory went after the warm-up, in bytes; the slope is that of the line through all samples. */
export interface Trend {
  steps: number;
  start: number;
  end: number;
  /** Bytes a step, by least squares. */
  slope: number;
}

export function trend({ samples }: MemoryRun): Trend {
  const later = samples.slice(1);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [steps, bytes] = [later.map(({ step }) => step), later.map(({ residentBytes }) => residentBytes)];
  const [x, y] = [mean(steps), mean(bytes)];
  const covariance = mean(steps.map((step, i) => (step - x) * (bytes[i]! - y)));
  const variance = mean(steps.map((step) => (step - x) ** 2));
  return {
    steps: samples.at(-1)!.step - samples[0]!.step,
    start: bytes[0]!,
    end: bytes.at(-1)!,
    slope: variance === 0 ? 0 : covariance / variance,
  };
}

function change(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values) - 1;
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
