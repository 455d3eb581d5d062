/** What the bench of sweeps measures, and what it has to reach. */
import { z } from 'zod';
import { spreadFields } from '../rows';

export const SWEEP_WORKLOADS = {
  'sweep-overhead': 'Runs of a sweep one after another, beside the same notebook headless, by turns',
  'sweep-pool': 'Runs of a sweep side by side on all cores, beside one after another',
  'sweep-view-1000': 'A sweep’s folder of 1,000 collected runs: from the call of compare to the first pixels',
} as const;

export type SweepWorkloadName = keyof typeof SWEEP_WORKLOADS;
export const SWEEP_WORKLOAD_NAMES = Object.keys(SWEEP_WORKLOADS) as SweepWorkloadName[];

/** What the bench finds, as `--json` writes it. */
export const sweepRowSchema = z.strictObject({
  workload: z.enum(SWEEP_WORKLOAD_NAMES),
  /** What did it. */
  engine: z.string(),
  device: z.string(),
  /** `×`: of each round, the engine's time as a multiple of the other one's. */
  unit: z.enum(['s/run', 's', '×', 'ms']),
  ...spreadFields,
});
export type SweepRow = z.output<typeof sweepRowSchema>;

export interface SweepExtent {
  /** Epochs of 10,000 images in each run. */
  epochs: number;
  /** Turns of overhead, and runs in each. */
  rounds: number;
  runsOfRound: number;
  /** Runs of the pool. */
  poolRuns: number;
  /** Runs that are opened in the view, and how often. */
  viewed: number;
  views: number;
}

export const FULL: SweepExtent = { epochs: 30, rounds: 5, runsOfRound: 3, poolRuns: 24, viewed: 1000, views: 3 };
export const QUICK: SweepExtent = { epochs: 1, rounds: 1, runsOfRound: 1, poolRuns: 2, viewed: 20, views: 1 };

export interface SweepGoal {
  workload: SweepWorkloadName;
  engine: string;
  unit: SweepRow['unit'];
  text: string;
  atMost: number;
}

export const SWEEP_GOALS: readonly SweepGoal[] = [
  {
    ...{ workload: 'sweep-overhead', engine: 'sweep ÷ notebook', unit: '×', atMost: 1.03 },
    text: 'a run takes at most 1.03 times as long as its notebook alone',
  },
  {
    ...{ workload: 'sweep-pool', engine: 'pool ÷ one after another', unit: '×', atMost: 0.55 },
    text: 'on two cores, at most .55 of the time of one after another',
  },
  {
    ...{ workload: 'sweep-view-1000', engine: 'read and drawn', unit: 'ms', atMost: 2000 },
    text: 'at most 2 s',
  },
];
