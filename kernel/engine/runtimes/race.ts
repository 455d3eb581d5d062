import * as tf from '@tensorflow/tfjs';
import { convolutionWork } from '../ops/images/convolutionWork';
import type { Runtime } from '../runtime';
import { NonFiniteError } from '../step';
import type { BatchOfUpdate, OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../step';
import { TraceRefusal } from '../trace/refusal';
import { traceStep } from '../trace/traceStep';
import { stepOn } from './stepOn';

/** Rounds that do not count: the first runs compile and fill caches. */
const WARM_UP = 2;
const ROUNDS = 7;
/** A warm step that takes so many times longer than the quickest, and so many milliseconds, is out of the race. */
const OUTCLASSED = { times: 4, milliseconds: 100 };

/**
 * Multiply-adds of a step's convolutions above which XLA need not race on the processor: it takes several times as
 * long for them, and compiles them for seconds.
 */
const CONVOLUTIONS = 2e7;

/** How long one step of a model took on each runtime that ran it. */
export interface RaceResult {
  /** Median milliseconds a step; a runtime that could not run it says why. */
  readonly times: ReadonlyMap<Runtime, number | string>;
  readonly winner: Runtime;
}

let last: RaceResult | undefined;

/** The race of the step that was started last. */
export function lastRace(): RaceResult | undefined {
  return last;
}

/**
 * Runs a step on the runtime that is quickest at it: before the first update all rehearse it, in turns, on its own batch.
 * Small models are often slower on a GPU.
 */
export class RacedStep implements TrainingStep {
  private runtime: Runtime;
  private step: TrainingStep;
  private raced = false;

  /** @param runtimes at least one; the first has the optimizer's state until there is a winner */
  constructor(
    private readonly definition: StepDefinition,
    private readonly runtimes: readonly [Runtime, ...Runtime[]],
  ) {
    this.runtime = runtimes[0];
    this.step = stepOn(this.runtime, definition);
  }

  get series(): TrainingStep['series'] {
    // The first step is a race, and a race is run with single steps.
    return this.raced ? this.step.series : undefined;
  }

  async run(inputs: StepInputs, of?: BatchOfUpdate): Promise<StepReport> {
    if (!this.raced) await this.race(inputs);
    return this.step.run(inputs, of);
  }

  abandon(): void {
    this.step.abandon();
  }

  rehearse(inputs: StepInputs): Promise<number> {
    return this.step.rehearse(inputs);
  }

  optimizerState(): OptimizerState {
    return this.step.optimizerState();
  }

  restoreOptimizer(state: OptimizerState): void {
    this.step.restoreOptimizer(state);
  }

  dispose(): void {
    this.step.dispose();
  }

  private async race(inputs: StepInputs): Promise<void> {
    const steps = new Map<Runtime, TrainingStep>([[this.runtime, this.step]]);
    const outside = new Map<Runtime, string>();
    for (const runtime of this.runtimes.slice(1)) {
      const reason = hopeless(runtime, this.definition, inputs);
      if (reason) outside.set(runtime, reason);
      else steps.set(runtime, stepOn(runtime, this.definition));
    }
    try {
      const alone = { times: new Map<Runtime, number | string>(), winner: this.runtime };
      const { times, winner } = steps.size === 1 ? alone : await race(steps, inputs);
      last = { times: new Map<Runtime, number | string>([...times, ...outside]), winner };
      this.raced = true;
      this.goOnWith(last.winner, steps.get(last.winner)!);
    } finally {
      for (const step of steps.values()) if (step !== this.step) step.dispose();
    }
  }

  private goOnWith(runtime: Runtime, step: TrainingStep): void {
    if (step === this.step) return;
    const state = this.step.optimizerState();
    step.restoreOptimizer(state);
    tf.dispose(state.tensors);
    this.step = step;
    this.runtime = runtime;
  }
}

/** Why a runtime need not even compile the step; undefined for one that may be the quickest. */
function hopeless(runtime: Runtime, definition: StepDefinition, inputs: StepInputs): string | undefined {
  if (runtime !== 'xla-cpu') return undefined;
  const work = workOfConvolutions(definition, inputs);
  if (work <= CONVOLUTIONS) return undefined;
  const millions = Math.round(work / 1e6).toLocaleString('en');
  return `has convolutions of ${millions} million multiply-adds, for which XLA takes several times longer on the processor`;
}

/** 0 for a step that is not traced: the race itself says why not. */
function workOfConvolutions(definition: StepDefinition, inputs: StepInputs): number {
  try {
    return convolutionWork(traceStep(definition, inputs).program.calls);
  } catch (error) {
    if (error instanceof TraceRefusal) return 0;
    throw error;
  }
}

/**
 * Times one step on each runtime, in turns; no weight changes. One that is many times slower than another drops out: on the
 * processor XLA may take seconds for a step of convolutions.
 *
 * @throws {TraceRefusal} when no runtime can run it
 */
async function race(steps: ReadonlyMap<Runtime, TrainingStep>, inputs: StepInputs): Promise<RaceResult> {
  const racing = new Map(steps);
  const times = new Map<Runtime, number[]>();
  const refusals = new Map<Runtime, TraceRefusal>();
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const warm = new Map<Runtime, number>();
    for (const [runtime, step] of racing) {
      try {
        const start = performance.now();
        const steps = await step.rehearse(inputs);
        const time = (performance.now() - start) / steps;
        if (round > 0) warm.set(runtime, time);
        if (round >= WARM_UP) times.set(runtime, [...(times.get(runtime) ?? []), time]);
      } catch (error) {
        if (error instanceof NonFiniteError) throw error;
        racing.delete(runtime);
        // Whatever else a runtime fails with, memory that it has not for example, the others may have.
        refusals.set(
          runtime,
          error instanceof TraceRefusal ? error : new TraceRefusal(String(error), { cause: error }),
        );
      }
    }
    for (const [runtime, time] of outclassed(warm)) {
      racing.delete(runtime);
      if (!times.has(runtime)) times.set(runtime, [time]);
    }
  }
  const medians = [...times].map(([runtime, values]) => [runtime, median(values)] as const);
  const [fastest] = medians.toSorted(([, a], [, b]) => a - b);
  if (!fastest) throw [...refusals.values()][0]!;
  const reasons = [...refusals].map(([runtime, { sentence }]) => [runtime, sentence] as const);
  return { times: new Map<Runtime, number | string>([...medians, ...reasons]), winner: fastest[0] };
}

/** @param times milliseconds a step in one round */
function outclassed(times: ReadonlyMap<Runtime, number>): [Runtime, number][] {
  const limit = Math.max(OUTCLASSED.milliseconds, OUTCLASSED.times * Math.min(...times.values()));
  return [...times].filter(([, time]) => time > limit);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
