/** Whole training steps on XLA: losses and gradients are those of the eager step. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConvolutionalVAE, ConvolutionalVQVAE, VAE, VQVAE } from '../../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../../kernel/autoencoders/random';
import { elementsGiven } from '../../../../../kernel/engine/runtimes/given';
import { CompiledProgram } from '../../../../../kernel/engine/runtimes/pjrt/compute';
import type { StepDefinition, StepInputs } from '../../../../../kernel/engine/step';
import { weightedTotal } from '../../../../../kernel/engine/terms';
import { traceStep } from '../../../../../kernel/engine/trace/traceStep';
import type { Elements } from '../../../../../kernel/engine/trace/program';
import { PLUGIN, sayWithoutPlugin, xlaClient } from '../../xlaPlugin';

/** Relative, and of a gradient's norm: float32, summed in another order. */
const TOLERANCE = 1e-5;
const BATCH = 7;

const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const common = { seed: 5, optimizer: { name: 'adam' } } as const;
const MODELS = {
  VAE: () => new VAE({ ...common, input: image, hidden: [16], latent: 4 }),
  'convolutional VAE': () => new ConvolutionalVAE({ ...common, input: image, channels: [4, 6], binarize: 0.5 }),
  'VQ-VAE': () =>
    new VQVAE({ ...common, input: image, hidden: [16], positions: 4, codebookSize: 16, codeDimension: 3 }),
  'convolutional VQ-VAE': () =>
    new ConvolutionalVQVAE({
      ...common,
      input: image,
      channels: 8,
      residualChannels: 4,
      codebookSize: 16,
      codeDimension: 3,
    }),
};

sayWithoutPlugin('traced steps on XLA');

describe.skipIf(!PLUGIN)('a traced step on XLA', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(Object.entries(MODELS))(
    'of the %s has the losses, gradients and new state of the eager one',
    async (_, create) => {
      const model = create();
      const x = tf.tensor2d(randomStream(1, 'pixels', 0).uniforms(BATCH * 64), [BATCH, 64]);
      const tensors = { x, ...model.inputs(randomStream(1, 'noise', 0), BATCH, 0) };
      const weights = Object.fromEntries(Object.keys(model.termWeights).map((term) => [term, 0.3]));
      const inputs: StepInputs = { tensors, weights, learningRate: 0.01 };
      const { stepDefinition } = model;

      const expected = eagerly(stepDefinition, inputs);
      const found = await onXla(stepDefinition, inputs);
      expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, elements] of Object.entries(expected)) {
        const off = norm(found[name]!.map((value, i) => value - elements[i]!));
        expect(off, name).toBeLessThanOrEqual(TOLERANCE * Math.max(name.startsWith('loss') ? 1 : 0, norm(elements)));
      }
      model.dispose();
    },
  );
});

/** By the names of a traced step's outputs. */
function eagerly({ terms, trainable }: StepDefinition, { tensors, weights }: StepInputs): Record<string, Elements> {
  const results: Record<string, Elements> = {};
  const note = (kind: string, values: Record<string, tf.Tensor>) => {
    for (const [name, value] of Object.entries(values)) results[`${kind}/${name}`] = value.dataSync() as Elements;
  };
  const { value, grads } = tf.variableGrads(() => {
    const { losses, updates = {} } = terms(tensors);
    note('loss', losses);
    note('update', updates);
    return weightedTotal(losses, weights);
  }, Object.values(trainable));
  note('loss', { total: value });
  for (const [name, variable] of Object.entries(trainable)) {
    const gradient = grads[variable.name];
    if (gradient) note('gradient', { [name]: gradient });
  }
  return results;
}

async function onXla(definition: StepDefinition, inputs: StepInputs): Promise<Record<string, Elements>> {
  const { program } = traceStep(definition, inputs);
  const given = await elementsGiven(inputs);
  const compiled = await CompiledProgram.compile(await xlaClient(), program);
  const results = await compiled.run(
    program.inputs.map((input) =>
      input.kind === 'variable' ? (input.variable.dataSync() as Elements) : given[input.name]!,
    ),
  );
  compiled.dispose();
  return results;
}

function norm(values: Iterable<number>): number {
  return Math.hypot(...values);
}
