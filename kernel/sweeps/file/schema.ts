/** What a sweep file may say. `npm run build` writes the same as a JSON schema, by which VS Code completes and checks. */
import { z } from 'zod';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const json: z.ZodType<Json> = z
  .lazy(() => z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]))
  .meta({ id: 'value' });
const name = z.string().min(1);
const pair = z.tuple([z.number(), z.number()]);

const range = z
  .strictObject({
    from: z.number().describe('The first value.'),
    to: z.number().describe('The last value.'),
    count: z.int().min(2).max(10_000).describe('How many values, both ends among them.'),
    scale: z.enum(['linear', 'log']).default('linear').describe('Equal differences, or equal ratios.'),
  })
  .describe('Values between two ends.');

const drawn = z
  .union([
    z.array(json).describe('One of these, all equally likely.'),
    z.strictObject({ uniform: pair.describe('From, to.') }).describe('A number, uniform between two ends.'),
    z
      .strictObject({ logUniform: pair.describe('From, to; both above 0.') })
      .describe('A number whose logarithm is uniform between those of two ends.'),
    z
      .strictObject({ integer: pair.describe('From, to; both may come.') })
      .describe('A whole number, both ends included.'),
    z
      .strictObject({ normal: pair.describe('Mean, standard deviation.') })
      .describe('A number from a normal distribution.'),
  ])
  .describe('How to draw a parameter.');

const parameters = z.record(name, json);

const metric = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1).describe('The name in `report({ … })` or of a training: `mig`, `validation.total`.'),
    goal: z.enum(['min', 'max']).describe('Whether lower or higher is better.'),
  }),
]);

/** A line of a batch script holds one. */
const line = (text: z.ZodString) => text.regex(/^[^\r\n]*$/, { error: 'expected one line' });
const word = z.string().regex(/^\S+$/, { error: 'expected one word, as Slurm has it' });

const slurm = z
  .strictObject({
    partition: word.optional().describe('--partition'),
    account: word.optional().describe('--account'),
    qos: word.optional().describe('--qos'),
    time: word.optional().describe('--time of a run, as `04:00:00` or `1-12`.'),
    mem: word.optional().describe('--mem of a run, as `8G`.'),
    gres: word.optional().describe('--gres of a run, as `gpu:1`.'),
    constraint: word.optional().describe('--constraint'),
    extra: z
      .array(
        line(z.string())
          // The array is the runs: another one would leave some of them out.
          .regex(/^(?!-a|--ar)--?[a-zA-Z]/, {
            error: 'expected an option of sbatch other than --array, as "--exclude=node3"',
          }),
      )
      .default([])
      .describe('Other options of sbatch, one a line: `--exclude=node3`.'),
    setup: z.array(z.string()).default([]).describe('Shell commands to run before a run: `module load cuda/13`.'),
  })
  .describe('Slurm’s resources for each run.');

const stop = z
  .strictObject({
    metric: z.string().min(1).describe('The metric that ranks the runs; each run reports it several times.'),
    goal: z
      .enum(['min', 'max'])
      .optional()
      .describe('Whether lower or higher is better. Needed unless `metrics` says it, or the metric is a loss.')
      // Without one the file takes that of its metric, or is refused.
      .transform((goal) => goal ?? 'min'),
    rungs: z
      .array(z.int().min(1))
      .min(1)
      .describe('The number of reports after which runs are ranked, ascending: [1, 3, 9].'),
    factor: z
      .number()
      .gt(1)
      .default(3)
      .describe('η: at each rung the best 1/η of the configurations continue, at least one.'),
  })
  .describe(
    'Successive halving (Jamieson and Talwalkar 2016): at each rung, runs wait until all have reached it. The best 1/η of the configurations continue, by the mean of the metric over their seeds; the others stop.',
  );

export const sweepFileSchema = z.strictObject({
  $schema: z.string().optional().describe('The address of this schema, for editors.'),
  notebook: z.string().min(1).describe('The notebook that every run executes, relative to this file.'),
  parameters: parameters.optional().describe('Parameters with the same value in all runs.'),
  grid: z
    .record(name, z.union([z.array(json), range]))
    .optional()
    .describe('Every combination of these values: lists, or ranges { from, to, count, scale }.'),
  random: z
    .strictObject({
      count: z.int().min(1).describe('How many combinations to draw.'),
      seed: z.int().min(0).default(0).describe('The seed of the draws; the same seed gives the same draws.'),
      parameters: z.record(name, drawn).describe('How to draw each parameter.'),
    })
    .optional()
    .describe('Randomly drawn combinations.'),
  list: z.array(parameters).optional().describe('Combinations one by one: [{ "beta": 1 }, { "beta": 4 }].'),
  seeds: z
    .union([z.int().min(1), z.array(z.int().min(0)).min(1)])
    .optional()
    .describe(
      'How many seeds each combination runs with (0, 1, …), or a list of seeds. A run’s seed is the default seed of its models and trainings, and the value of the parameter `seed` if the notebook declares it.',
    ),
  metrics: z
    .array(metric)
    .default([])
    .describe(
      'The metrics to compare: names in `report({ … })`, and those of trainings: `validation.total`, `train.kl`, ….',
    ),
  device: z.string().min(1).default('auto').describe('A device by name (npm run devices lists them), or `auto`.'),
  resources: z
    .strictObject({
      cpus: z.int().min(1).optional().describe('Cores, and threads, of a run. Default 1, on a GPU all cores shared.'),
      gpus: z
        .int()
        .min(0)
        .max(1)
        .optional()
        .describe('GPUs of a run. Default: 1 if the device is a GPU; 0 has `auto` take the processor.'),
      parallel: z
        .int()
        .min(1)
        .optional()
        .describe('How many runs at most at a time. Default: as many as there are cores or GPUs.'),
    })
    .default({})
    .describe('What a run is given.'),
  checkpoint: z
    .strictObject({
      everyMinutes: z
        .number()
        .positive()
        .default(5)
        .describe('Minutes between two checkpoints of a training, from which an interrupted run resumes.'),
    })
    .default({ everyMinutes: 5 })
    .describe('How often trainings save a checkpoint.'),
  stop: stop.optional(),
  slurm: slurm.optional(),
});

export type SweepFile = z.infer<typeof sweepFileSchema>;
export type Drawn = z.infer<typeof drawn>;
export type Range = z.infer<typeof range>;

/** The most runs that a sweep may have. */
export const MOST_RUNS = 10_000;

/** The same as JSON schema, for editors. */
export function sweepJsonSchema(): object {
  const schema = z.toJSONSchema(sweepFileSchema, { io: 'input', target: 'draft-7' });
  return { title: 'A sweep of LatentLab', ...schema };
}
