/** What the engine must reach, as ratios of one run and as limits. */
import { flatness, trend } from './memory';
import type { MemoryRun } from './memory';
import { digits } from './reportText';
import type { Row, RowWorkload } from './rows';
import { WORKLOAD_NAMES } from './workloads';
import type { WorkloadName } from './workloads';

export interface Goal {
  goal: string;
  found: string;
  met: boolean;
}

/** The goals that these rows decide, which may be none. */
export function goals(rows: readonly Row[], memory: readonly MemoryRun[] = []): Goal[] {
  return [
    ...RATIOS.flatMap((goal) => compared(goal, rows)),
    ...LIMITS.flatMap((goal) => bounded(goal, rows)),
    ...steadiness(rows),
    ...memory.flatMap(memoryGoals),
  ];
}

/** Another engine's time a pass as a multiple of this engine's, or the other way round. */
interface Ratio {
  workloads: readonly WorkloadName[];
  engine: string;
  other: string;
  /** Which of the other's rows count. */
  counts(row: Row): boolean;
  /** How many times as fast as the other it is at least, or how many times the other's time it takes at most. */
  bound: { atLeast: number } | { atMost: number };
}

const onProcessor = ({ device }: Row) => device.startsWith('CPU');
const onGpu = ({ device }: Row) => device.startsWith('GPU');
/** PyTorch 1, as Debian 12 has it, and later ones. */
const isFirstTorch = ({ device }: Row) => /torch 1\./.test(device);
const firstTorch = (row: Row) => onProcessor(row) && isFirstTorch(row);
const laterTorch = (row: Row) => onProcessor(row) && !isFirstTorch(row);

const traced = { engine: 'traced-cpu', counts: onProcessor } as const;
const cuda = { engine: 'xla-cuda', counts: onGpu } as const;
/** JAX's `scan` has no inference: there the jitted function is what an inference is held against. */
const TRAININGS = WORKLOAD_NAMES.filter((name) => name !== 'd');

const RATIOS: readonly Ratio[] = [
  { ...traced, workloads: ['a'], other: 'tfjs-wasm', bound: { atLeast: 12 } },
  { ...traced, workloads: ['a'], other: 'limit', bound: { atMost: 2.5 } },
  { ...traced, workloads: ['a', 'b'], other: 'torch', counts: firstTorch, bound: { atLeast: 2 } },
  { engine: 'xla-cpu', counts: onProcessor, workloads: ['a'], other: 'jax', bound: { atMost: 1.08 } },
  { ...traced, workloads: ['a'], other: 'jax', bound: { atMost: 1.6 } },
  { ...traced, workloads: ['a'], other: 'torch', counts: laterTorch, bound: { atLeast: 1.4 } },
  { ...traced, workloads: ['b'], other: 'torch', counts: laterTorch, bound: { atLeast: 1.25 } },
  { ...traced, workloads: ['c'], other: 'torch', counts: laterTorch, bound: { atLeast: 1.1 } },
  { ...traced, workloads: ['d'], other: 'torch', counts: laterTorch, bound: { atLeast: 1.3 } },
  { ...traced, workloads: ['e', 'f', 'g'], other: 'torch', counts: laterTorch, bound: { atLeast: 1 } },
  { ...cuda, workloads: TRAININGS, other: 'jax-scan', bound: { atMost: 1.1 } },
  { ...cuda, workloads: ['d'], other: 'jax', bound: { atMost: 1.1 } },
  { ...cuda, workloads: TRAININGS, other: 'jax', bound: { atLeast: 1 } },
  { ...cuda, workloads: ['a'], other: 'torch', bound: { atLeast: 4 } },
  { ...cuda, workloads: WORKLOAD_NAMES, other: 'torch-compile', bound: { atLeast: 1 } },
];

function compared({ workloads, engine, other, counts, bound }: Ratio, rows: readonly Row[]): Goal[] {
  return workloads.flatMap((workload) => {
    const times = rows.filter((row) => row.workload === workload && (row.unit === 'ms/step' || row.unit === 'ms/pass'));
    const mine = times.find((row) => row.engine === engine);
    if (!mine) return [];
    return times
      .filter((row) => row.engine === other && counts(row))
      .map((row) => {
        const beside = `${other} (${row.device})`;
        if ('atLeast' in bound) {
          const ratio = row.median / mine.median;
          const goal = `${workload}: ${engine} at least ${bound.atLeast} times as fast as ${beside}`;
          return { goal, found: `${ratio.toFixed(2)} times`, met: ratio >= bound.atLeast };
        }
        const ratio = mine.median / row.median;
        const goal = `${workload}: ${engine} at most ${bound.atMost} times the time of ${beside}`;
        return { goal, found: `${ratio.toFixed(2)} times`, met: ratio <= bound.atMost };
      });
  });
}

interface Limit {
  workload: RowWorkload;
  engines: readonly string[];
  unit: Row['unit'];
  most: number;
  what: string;
}

const STEPS_AS_GRAPHS = ['traced-cpu', 'xla-cpu', 'xla-cuda', 'traced-webgpu'];

const LIMITS: readonly Limit[] = [
  { workload: 'a', engines: STEPS_AS_GRAPHS, unit: 'ms/set-up', most: 2000, what: 'set-up' },
  { workload: 'e', engines: STEPS_AS_GRAPHS, unit: 'ms/set-up', most: 5000, what: 'set-up' },
  { workload: 'a', engines: ['xla-cpu', 'xla-cuda'], unit: 'ms/second-start', most: 500, what: 'second start' },
  { workload: 'fit', engines: ['xla-cuda'], unit: 's/run', most: 3, what: 'ten epochs from start to end' },
];

function bounded({ workload, engines, unit, most, what }: Limit, rows: readonly Row[]): Goal[] {
  const measure = unit.startsWith('s/') ? 's' : 'ms';
  return rows
    .filter((row) => row.workload === workload && engines.includes(row.engine) && row.unit === unit)
    .map(({ engine, median }) => ({
      goal: `${workload}: ${engine}’s ${what} at most ${most} ${measure}`,
      found: `${digits(median)} ${measure}`,
      met: median <= most,
    }));
}

/** Steps of `fit` over many processes: near each other, and near the bare step's. */
function steadiness(rows: readonly Row[]): Goal[] {
  return rows
    .filter(({ workload }) => workload === 'fit-step')
    .flatMap(({ engine, device, median, p90 }) => {
      const spread = p90 / median;
      const bare = rows.find((row) => row.workload === 'bare-step' && row.engine === engine && row.device === device);
      const steady = {
        goal: `fit-step: ${engine}’s 90th percentile over processes at most 1.25 times the median`,
        found: `${spread.toFixed(2)} times`,
        met: spread <= 1.25,
      };
      if (!bare) return [steady];
      const ratio = median / bare.median;
      const goal = `fit-step: ${engine} in a notebook at most 1.1 times the bare step`;
      return [steady, { goal, found: `${ratio.toFixed(2)} times`, met: ratio <= 1.1 }];
    });
}

function memoryGoals(run: MemoryRun): Goal[] {
  const { constantTensors, residentChange, deviceChange } = flatness(run);
  const steps = trend(run).steps.toLocaleString('en');
  const within = (change: number) => `${(100 * change).toFixed(1)} %`;
  const resident = {
    goal: `a: over ${steps} steps of ${run.engine}, tensors constant and resident memory within 1 %`,
    found: `tensors ${constantTensors ? 'constant' : 'not constant'}, memory within ${within(residentChange)}`,
    met: constantTensors && residentChange <= 0.01,
  };
  if (deviceChange === undefined) return [resident];
  const goal = `a: over ${steps} steps of ${run.engine}, the device’s memory within 1 %`;
  return [resident, { goal, found: `within ${within(deviceChange)}`, met: deviceChange <= 0.01 }];
}
