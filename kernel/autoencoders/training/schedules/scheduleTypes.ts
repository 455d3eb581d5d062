/** Schedules as plain JSON; t is the step, counted from 0. */

/** from + (to − from)·min(1, t / steps). */
export interface LinearWarmup {
  schedule: 'linearWarmup';
  /** How many it takes. */
  steps: number;
  from: number;
  to: number;
}

/**
 * Slow, fast, slow: from + (to − from)·(s(u) − s(0)) / (s(1) − s(0)) with u = min(1, t / steps) and the logistic function
 * s(u) = 1 / (1 + e^(−12 (u − ½))), rescaled so that it begins at `from` and ends at `to` exactly. Bowman et al. 2016,
 * Generating Sentences from a Continuous Space, section 3.1, weigh the divergence so.
 */
export interface SigmoidWarmup {
  schedule: 'sigmoidWarmup';
  /** How many it takes. */
  steps: number;
  from: number;
  to: number;
}

/**
 * Fu et al. 2019, Cyclical Annealing Schedule: every `period` steps, `from` → `to` over the first `rising` of the period,
 * then `to`.
 */
export interface Cyclical {
  schedule: 'cyclical';
  /** In steps. */
  period: number;
  /** Share of the period in which it rises. */
  rising: number;
  from: number;
  to: number;
}

/**
 * from·(t + 1) / (warmup + 1) for t < warmup, which is never 0; then to + ½ (from − to)(1 + cos πu) with
 * u = min(1, (t − warmup) / (steps − warmup)). Loshchilov and Hutter 2017, SGDR, equation 5, without restarts.
 */
export interface CosineDecay {
  schedule: 'cosineDecay';
  /** In all, those of the warm-up too. */
  steps: number;
  from: number;
  to: number;
  /** Steps in which it rises before. */
  warmup: number;
}

/** from·(to / from)^min(1, t / steps): each step takes the same share. */
export interface ExponentialDecay {
  schedule: 'exponentialDecay';
  /** How many it takes. */
  steps: number;
  from: number;
  to: number;
}

/** from·factor^min(drops, ⌊t / every⌋). */
export interface StepDecay {
  schedule: 'stepDecay';
  /** Steps between two drops. */
  every: number;
  from: number;
  /** What each drop multiplies it by. */
  factor: number;
  /** How many drops there are. */
  drops: number;
}

/** Constant pieces: `points` are [step, value], each the value from that step on; the first is that of step 0. */
export interface Piecewise {
  schedule: 'piecewise';
  /** Steps, ascending, and the values there. */
  points: [step: number, value: number][];
}

/** A schedule that changes with the step, as plain data: it is saved with the model. */
export type ChangingSchedule =
  LinearWarmup | SigmoidWarmup | Cyclical | CosineDecay | ExponentialDecay | StepDecay | Piecewise;

/** A number is a constant schedule. */
export type Schedule = number | ChangingSchedule;
