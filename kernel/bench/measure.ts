/** Measures engines side by side: short blocks in turn, so that whatever else the machine does meets them all alike. */
import { ContestantError } from './contestant';
import type { Contestant } from './contestant';
import type { Engine } from './engine';
import { rowsOf } from './rows';
import type { Row, RowWorkload } from './rows';
import type { WorkloadName } from './workloads';

export interface Effort {
  /** How often each engine has its turn. */
  rounds: number;
  /** Milliseconds of a turn; at least two passes. */
  turn: number;
  /** Milliseconds of passes before the first turn; at least one. */
  warmUp: number;
  /** Milliseconds of turns after which an engine has no more: one that takes seconds a pass would take an hour. */
  most?: number;
  /** Whether all are set up at once, so that set-ups are longer than alone and the whole is shorter. */
  together?: boolean;
}

export const FULL: Effort = { rounds: 20, turn: 250, warmUp: 1_000, most: 20_000 };
/** For a machine that you have for minutes. */
export const BRIEF: Effort = { rounds: 6, turn: 150, warmUp: 300, together: true };
export const QUICK: Effort = { rounds: 2, turn: 20, warmUp: 0 };

/** An engine that cannot do a workload, and why. */
export interface Refusal {
  workload: RowWorkload;
  engine: string;
  device?: string;
  reason: string;
}

/** Progress, in a line for people. */
export type Tell = (line: string) => void;

interface Entrant {
  engine: Engine;
  contestant: Contestant;
  device: string;
  setUp: number;
  times: number[];
  /** Milliseconds of its turns so far. */
  spent: number;
}

/** Rows of the engines that can do the workload, in the order of `engines`, and the refusals of those that cannot. */
export async function measure(
  workload: WorkloadName,
  engines: readonly Engine[],
  effort: Effort,
  tell: Tell,
): Promise<{ rows: Row[]; refusals: Refusal[] }> {
  const match = new Match(workload, effort, tell);
  try {
    if (effort.together) await match.admitAll(engines);
    else for (const engine of engines) await match.admit(engine, engine.start(workload));
    for (let round = 0; round < effort.rounds; round++) await match.play(round);
    return { rows: match.rows(), refusals: match.refusals };
  } finally {
    await match.end();
  }
}

class Match {
  readonly refusals: Refusal[] = [];
  private entrants: Entrant[] = [];

  constructor(
    private readonly workload: WorkloadName,
    private readonly effort: Effort,
    private readonly tell: Tell,
  ) {}

  /** Set-up and warm-up. Nobody has a turn meanwhile, so that nothing disturbs the set-up's time. */
  async admit(engine: Engine, contestant: Contestant): Promise<void> {
    try {
      const { first: setUp, device = '', remark } = await contestant.ready();
      await contestant.run({ passes: 1, milliseconds: this.effort.warmUp });
      const told = [engine.device ?? device, engine.remark, remark].filter(Boolean).join(', ');
      this.entrants.push({ engine, contestant, device: told, setUp, times: [], spent: 0 });
    } catch (error) {
      await this.dismiss(engine, contestant, error);
    }
  }

  /** All start at once, and are admitted in their order. */
  async admitAll(engines: readonly Engine[]): Promise<void> {
    const started = engines.map((engine) => [engine, engine.start(this.workload)] as const);
    for (const [engine, contestant] of started) await this.admit(engine, contestant);
  }

  /** A turn for everyone. Each round another one begins, so that none always follows the same. */
  async play(round: number): Promise<void> {
    const first = round % Math.max(1, this.entrants.length);
    for (const entrant of [...this.entrants.slice(first), ...this.entrants.slice(0, first)]) {
      if (entrant.spent >= (this.effort.most ?? Infinity)) continue;
      try {
        await takeTurn(entrant, this.effort.turn);
      } catch (error) {
        this.entrants = this.entrants.filter((other) => other !== entrant);
        await this.dismiss(entrant.engine, entrant.contestant, error);
      }
    }
  }

  rows(): Row[] {
    const { workload } = this;
    return this.entrants.flatMap(({ engine: { name }, device, times, setUp }) => {
      const rows = rowsOf({ workload, engine: name, device }, times, name === 'limit' ? undefined : setUp);
      this.tell(`${workload}: ${name} (${device}): ${rows[0]!.median.toPrecision(3)} ${rows[0]!.unit}`);
      return rows;
    });
  }

  async end(): Promise<void> {
    await Promise.all(this.entrants.map(({ contestant }) => contestant.close()));
  }

  private async dismiss({ name, device }: Engine, contestant: Contestant, error: unknown): Promise<void> {
    await contestant.close();
    if (!(error instanceof ContestantError)) throw error;
    this.refusals.push({ workload: this.workload, engine: name, device, reason: error.message });
    this.tell(`${this.workload}: ${name} cannot: ${error.message}`);
  }
}

/** The first tenth of the passes brings data back into the caches and outlasts the threads of the engine before. */
async function takeTurn(entrant: Entrant, milliseconds: number): Promise<void> {
  const start = performance.now();
  const { times: found } = await entrant.contestant.run({ passes: 2, milliseconds });
  entrant.spent += performance.now() - start;
  entrant.times.push(...found.slice(Math.ceil(found.length / 10)));
}
