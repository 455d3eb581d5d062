import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Objective } from '../../../kernel/autoencoders/index';
import type { Trainable } from '../../../kernel/autoencoders/training/loop/trainable';
import { randomStream } from '../../../kernel/autoencoders/random';
import type { OptimizerOptions, StepReport } from '../../../kernel/engine/index';
import { setRuntime, type Runtime } from '../../../kernel/engine/runtime';
import { offerXla } from '../../../kernel/engine/runtimes/xla/device';
import { PLUGIN } from './xlaPlugin';

/** The tolerance of losses, and of new weights in norm: float32, summed in another order. */
const TOLERANCE = 1e-5;
const STEPS = 3;

/** The configuration of every model that is compared. */
export interface Common {
  seed: number;
  optimizer: OptimizerOptions;
}

export type Create = (common: Common) => Trainable & { readonly objective: Objective; dispose(): void };

const STEPS_OF: [batch: number, optimizer: OptimizerOptions][] = [
  [16, { name: 'sgd', momentum: 0.5 }],
  [5, { name: 'adam' }],
  [1, { name: 'adam' }],
];

// Half of the time goes into compiling; what is compiled in earnest is held in `runtimes/xla`.
process.env['XLA_FLAGS'] ??= '--xla_backend_optimization_level=0';

/**
 * Describes, for each model, that its traced step is the eager one: by ONNX Runtime, and by XLA where there is a plugin. On
 * XLA one batch of a model is tried, for each program takes a second to compile. By default, data are uniform in [0, 1).
 *
 * @param onXla of so many models one is tried on XLA: more than 1 for models that put the same parts together in many ways
 */
export function describeTracedSteps(
  models: Record<string, Create>,
  data: (batch: number, width: number, step: number) => tf.Tensor2D = uniforms,
  steps = STEPS_OF,
  onXla = 1,
): void {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    if (PLUGIN) offerXla('cpu', { library: PLUGIN, precision: 'HIGHEST' });
  });

  afterEach(() => setRuntime('eager'));

  const cases = (model: number) => [
    ...steps.map((one) => ['cpu' as Runtime, ...one] as const),
    ...(PLUGIN && model % onXla === 0 ? steps.slice(0, 1) : []).map((one) => ['xla-cpu' as Runtime, ...one] as const),
  ];
  // The first one loads XLA and compiles, a dozen seconds of computing.
  const options = { timeout: 120_000 };
  const numbered = Object.entries(models).map(([name, create], i) => [name, create, i] as const);
  describe.each(numbered)('a traced step of the %s', options, (_, create, i) => {
    it.each(cases(i))(
      'on %s is the eager one, in losses and new weights: batch %i',
      async (runtime, batch, optimizer) => {
        const eager = await trained(create, 'eager', batch, optimizer, data);
        const traced = await trained(create, runtime, batch, optimizer, data);
        expectStated(eager);
        eager.reports.forEach(({ losses, gradientNorm }, step) => {
          const found = traced.reports[step]!;
          expect(Object.keys(found.losses)).toEqual(Object.keys(losses));
          for (const [term, value] of Object.entries(losses)) {
            expect(Math.abs(found.losses[term]! - value)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(value)));
          }
          expect(Math.abs(found.gradientNorm - gradientNorm)).toBeLessThanOrEqual(TOLERANCE * gradientNorm);
        });
        for (const [name, expected] of Object.entries(eager.variables)) {
          const off = norm(traced.variables[name]!.map((value, i) => value - expected[i]!));
          expect(off, name).toBeLessThanOrEqual(TOLERANCE * Math.max(1, norm(expected)));
        }
      },
    );
  });
}

/** What `explain` says of a loss are its terms: all but those that are only reported, with the weight 0. */
function expectStated({ reports, objective, termWeights }: Awaited<ReturnType<typeof trained>>): void {
  const terms = Object.keys(reports[0]!.losses).filter((name) => name !== 'total');
  const stated = Object.keys(objective.terms);
  expect(terms).toEqual(expect.arrayContaining(stated));
  const trainedBy = terms.filter((name) => termWeights[name]?.schedule !== 0);
  expect(stated).toEqual(expect.arrayContaining(trainedBy));
}

function uniforms(batch: number, width: number, step: number): tf.Tensor2D {
  return tf.tensor2d(randomStream(1, 'pixels', step).uniforms(batch * width), [batch, width]);
}

/** Reports and final variables of a few steps of a model, each batch from (seed, step). */
export async function trained(
  create: Create,
  runtime: Runtime,
  batch: number,
  optimizer: OptimizerOptions,
  data = uniforms,
) {
  setRuntime(runtime);
  const model = create({ seed: 5, optimizer });
  const width = model.expected('test').width;
  const reports: StepReport[] = [];
  for (let step = 0; step < STEPS; step++) {
    const { classes } = model;
    // Where a class may be unknown, that of the first row is.
    const labels = Int32Array.from({ length: batch }, (_, i) =>
      model.unknownLabels ? (i % (classes! + 1)) - 1 : i % (classes ?? 1),
    );
    const y: Record<string, tf.Tensor> = classes === null ? {} : { y: tf.tensor1d(labels, 'int32') };
    const tensors = { x: data(batch, width, step), ...y, ...model.inputs(randomStream(1, 'noise', step), batch, step) };
    const weights = Object.fromEntries(Object.keys(model.termWeights).map((term) => [term, 0.3 + step]));
    reports.push(await model.step.run({ tensors, weights, learningRate: 0.01 }));
    tf.dispose(tensors);
  }
  expect(model.step.eagerBecause).toBeUndefined();
  const variables: Record<string, Float32Array> = {};
  for (const [name, variable] of Object.entries({ ...model.parameters, ...model.state })) {
    variables[name] = (await variable.data()) as Float32Array;
  }
  const { objective, termWeights } = model;
  model.dispose();
  return { reports, variables, objective, termWeights };
}

function norm(values: Iterable<number>): number {
  return Math.hypot(...values);
}
