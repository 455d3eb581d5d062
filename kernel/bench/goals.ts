/** What the engine must reach, as ratios of one run. */
import { flatness } from './memory';
import type { MemoryRun } from './memory';
import type { Row } from './rows';
import type { WorkloadName } from './workloads';

export interface Goal {
  goal: string;
  found: string;
  met: boolean;
}

/** The goals that these rows decide, which may be none. */
export function goals(rows: readonly Row[], memory?: MemoryRun): Goal[] {
  return [...ratios(rows), ...limits(rows), ...(memory ? [memoryGoal(memory)] : [])];
}

function ratios(rows: readonly Row[]): Goal[] {
  const times = (workload: WorkloadName, engine: string) =>
    rows.filter((row) => row.workload === workload && row.engine === engine && row.unit === 'ms/step');
  const found: Goal[] = [];
  for (const workload of ['a', 'b'] as const) {
    const [traced] = times(workload, 'traced-cpu');
    if (!traced) continue;
    const faster = (other: Row, least: number, what: string) => {
      const ratio = other.median / traced.median;
      const goal = `${workload}: traced-cpu at least ${least} times as fast as ${what}`;
      found.push({ goal, found: `${ratio.toFixed(2)} times`, met: ratio >= least });
    };
    if (workload === 'a') {
      for (const wasm of times('a', 'tfjs-wasm')) faster(wasm, 12, 'tfjs-wasm');
      for (const limit of times('a', 'limit')) {
        const ratio = traced.median / limit.median;
        const goal = 'a: traced-cpu at most 2.5 times the limit of the matrix products';
        found.push({ goal, found: `${ratio.toFixed(2)} times`, met: ratio <= 2.5 });
      }
    }
    for (const torch of times(workload, 'torch').filter(({ device }) => device.startsWith('CPU'))) {
      faster(torch, isFirstTorch(torch) ? 2 : 1, `torch (${torch.device})`);
    }
  }
  return found;
}

/** PyTorch 1, as Debian 12 has it. */
function isFirstTorch({ device }: Row): boolean {
  return /torch 1\./.test(device);
}

function limits(rows: readonly Row[]): Goal[] {
  const bounds = [
    { workload: 'a', engine: 'traced-cpu', unit: 'ms/set-up', most: 1000, what: 'set-up' },
    { workload: 'b', engine: 'traced-cpu', unit: 'ms/set-up', most: 3000, what: 'set-up' },
    { workload: 'a', engine: 'traced-cuda', unit: 'ms/step', most: 0.5, what: 'step' },
  ] as const;
  return bounds.flatMap(({ workload, engine, unit, most, what }) =>
    rows
      .filter((row) => row.workload === workload && row.engine === engine && row.unit === unit)
      .map(({ median }) => ({
        goal: `${workload}: ${engine}’s ${what} at most ${most} ms`,
        found: `${median.toPrecision(3)} ms`,
        met: median <= most,
      })),
  );
}

function memoryGoal(run: MemoryRun): Goal {
  const { constantTensors, residentChange } = flatness(run);
  const steps = run.samples.at(-1)!.step.toLocaleString('en');
  return {
    goal: `a: over ${steps} steps of ${run.engine}, tensors constant and resident memory within 5 %`,
    found: `tensors ${constantTensors ? 'constant' : 'not constant'}, memory within ${(100 * residentChange).toFixed(1)} %`,
    met: constantTensors && residentChange <= 0.05,
  };
}
