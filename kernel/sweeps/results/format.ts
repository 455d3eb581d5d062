/** What a sweep's folder holds, file by file: plain data, each with its format's name and version. docs/sweeps.md */
import { z } from 'zod';

export const SWEEP_FORMAT = 'latentlab sweep';
export const RUN_FORMAT = 'latentlab run';
export const CURVES_FORMAT = 'latentlab curves';
export const FORMAT_VERSION = 1;

/** What a parameter may be: JSON. */
export type ParameterValue = null | boolean | number | string | ParameterValue[] | { [name: string]: ParameterValue };

export type Parameters = Record<string, ParameterValue>;

const parameter: z.ZodType<ParameterValue> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(parameter), z.record(z.string(), parameter)]),
);
const parameters = z.record(z.string(), parameter);
const index = z.int().min(1);
const count = z.int().min(0);
/** ISO 8601. */
const time = z.string();
const seed = z.int().nullable();

// --- sweep.json -----------------------------------------------------------------------------------------------------

const metric = z.looseObject({
  name: z.string(),
  /** What is better; null if nobody has said. */
  goal: z.enum(['min', 'max']).nullable(),
});

/** A parameter that the notebook declares. */
const declared = z.looseObject({
  name: z.string(),
  /** Its type, as the notebook writes it: `number`, `'gaussian' | 'bernoulli'`. */
  type: z.string(),
  /** Its initial value in the notebook; absent where that is computed. */
  value: parameter.optional(),
  /** Whether runs of the sweep differ in it, or all of them set it. */
  isSwept: z.boolean(),
});

const stated = {
  format: z.literal(SWEEP_FORMAT),
  version: z.literal(FORMAT_VERSION),
};

export const sweepSchema = z.looseObject({
  ...stated,
  name: z.string(),
  created: time,
  /** The sweep file that it was resolved from (absolute). */
  file: z.string().nullable(),
  /** The notebook (absolute); what runs is the copy beside this file. */
  notebook: z.string(),
  /** SHA-256 of notebook and settings: runs of another digest are of another sweep. */
  digest: z.string(),
  declared: z.array(declared),
  metrics: z.array(metric),
  /** A rung of the device ladder, or `auto`. */
  device: z.string(),
  /** The sweep file's other sections, as they stand in it. */
  given: z.record(z.string(), z.unknown()),
  runs: z.array(z.looseObject({ index, parameters, seed })),
});

/** A sweep as it was resolved: every run that it has. */
export type Sweep = z.infer<typeof sweepSchema>;
export type SweepMetric = z.infer<typeof metric>;
export type DeclaredParameter = z.infer<typeof declared>;
/** A run as it was planned. */
export type PlannedRun = Sweep['runs'][number];

// --- run.json -------------------------------------------------------------------------------------------------------

/**
 * `waiting`: not begun, or paused and to be gone on with. `stopped`: ended before its time by the sweep's rule.
 * `cancelled`: ended by the user.
 */
export const RUN_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'stopped'] as const;
export type RunState = (typeof RUN_STATES)[number];

const attempt = z.looseObject({
  start: time,
  end: time.nullable(),
  seconds: z.number().nullable(),
  host: z.string(),
  /** Slurm's job and task, `4711_3`; null elsewhere. */
  job: z.string().nullable(),
  /** How it ended; null while it continues, or where it ended without a word. */
  state: z.enum(RUN_STATES).nullable(),
  reason: z.string().nullable(),
});

/** One process that worked on a run; a run that was interrupted and gone on with has several. */
export type Attempt = z.infer<typeof attempt>;

export const runSchema = z.looseObject({
  format: z.literal(RUN_FORMAT),
  version: z.literal(FORMAT_VERSION),
  index,
  parameters,
  seed,
  state: z.enum(RUN_STATES),
  /** Why it is in that state, as a sentence; null if there is nothing to say. */
  reason: z.string().nullable(),
  /** The sweep's. */
  digest: z.string(),
  device: z.looseObject({ name: z.string(), description: z.string() }).nullable(),
  threads: count.nullable(),
  versions: z.record(z.string(), z.string()),
  /** The repository of the notebook's folder; null if there is none. */
  git: z.looseObject({ commit: z.string(), dirty: z.boolean() }).nullable(),
  /** The first attempt's start, and the last one's end. */
  start: time.nullable(),
  end: time.nullable(),
  /** Over all attempts that have ended. */
  seconds: z.number().nullable(),
  attempts: z.array(attempt),
  /**
   * The last value of each: what cells have reported, and of trainings `train.total`, `validation.total` and the other
   * terms. Null for a value that is not finite.
   */
  metrics: z.record(z.string(), z.number().nullable()),
});

/** What is known of a run. */
export type RunRecord = z.infer<typeof runSchema>;

// --- curves.json ----------------------------------------------------------------------------------------------------

/** Many numbers are looked at by a loop: a schema for each would take its time. */
const numbers = z.custom<(number | null)[]>(
  (value) => Array.isArray(value) && value.every((one) => one === null || typeof one === 'number'),
  { error: 'expected a list of numbers' },
);

const series = z
  .looseObject({
    /** A term of the loss, or `total`. */
    name: z.string(),
    split: z.enum(['train', 'validation']),
    /** Updates of the model, counted from 1 over all its trainings. */
    steps: numbers,
    /** Unweighted, in the training's unit; null for one that is not finite. */
    values: numbers,
  })
  .refine(({ steps, values }) => steps.length === values.length, { error: 'expected as many steps as values' });

const training = z.looseObject({
  /** Counted from 1, in the order of their beginning. */
  index,
  /** The model's class. */
  model: z.string(),
  title: z.string(),
  unit: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  stepsPerEpoch: count,
  /** Steps of this training that are done, of how many; epochs of it. */
  step: count,
  totalSteps: count,
  epochs: count,
  /** Steps and epochs of the model before it: epoch = before.epochs + (step − before.steps) / stepsPerEpoch. */
  before: z.looseObject({ steps: count, epochs: count }),
  seconds: z.number(),
  series: z.array(series),
  schedules: z.array(z.looseObject({ name: z.string(), steps: numbers, values: numbers })),
});

export const curvesSchema = z.looseObject({
  format: z.literal(CURVES_FORMAT),
  version: z.literal(FORMAT_VERSION),
  trainings: z.array(training),
});

/** The trainings of a run, thinned to {@link MOST_POINTS} points a series, each the mean over the steps that it stands for. */
export type Curves = z.infer<typeof curvesSchema>;
export type TrainingCurves = Curves['trainings'][number];
export type CurveSeries = z.infer<typeof series>;

export const MOST_POINTS = 500;

// --- reports.jsonl --------------------------------------------------------------------------------------------------

export const reportSchema = z.looseObject({
  time,
  /** The training that was under way, counted from 1, its model's step and epoch; null outside of one. */
  training: index.nullable(),
  step: count.nullable(),
  epoch: z.number().nullable(),
  /** Null for a value that is not finite. */
  values: z.record(z.string(), z.number().nullable()),
});

/** Metrics that a cell has reported, or the validation of a training at the end of an epoch. */
export type Report = z.infer<typeof reportSchema>;
