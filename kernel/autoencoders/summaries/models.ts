/** Models in a line: layers, likelihood, classes, weights of the loss, parameters, training. */
import type * as tf from '@tensorflow/tfjs';
import { Model } from '../models/model';
import type { CheckedCommonConfig } from '../models/commonConfig';
import { Discriminator } from '../networks/adversarial/discriminator';
import { PatchDiscriminator } from '../networks/adversarial/patchDiscriminator';
import { LatentSampler } from '../models/latentDensities/latentSampler';
import { VQVAE2Prior } from '../models/autoregressive/vqvae2Prior';
import { widthOf } from '../samples';
import { scheduleText, scheduleValue } from '../training/schedules/schedules';
import { count, counted, quantity, summarised, type Facts } from './summary';

/** What configurations have, each its own part of it. */
interface Architecture {
  /** The part, which knows its layers. */
  encoder?: { options: Architecture };
  hidden?: readonly number[];
  channels?: number | number[];
  layers?: number;
  latent?: number;
  latents?: readonly number[];
  frames?: number;
  codebookSize?: number;
  /** A name, or a part. */
  likelihood?: string | { name: string | null };
  loss?: string | { name: string | null };
}

/** What models have beside training, each its own part of it. */
interface Parts {
  latentDimensions?: number;
  codebookSize?: number;
  stages?: number;
  levels?: unknown;
}

type AnyModel = Model<CheckedCommonConfig>;

const IN_WORDS: Record<string, string> = {
  bernoulli: 'Bernoulli',
  continuousBernoulli: 'continuous Bernoulli',
  gaussian: 'Gaussian',
  squaredError: 'squared error',
  crossEntropy: 'cross-entropy',
};

summarised(
  Model as unknown as { prototype: AnyModel },
  ({ kind }) => kind,
  (model) => [
    layersOf(model),
    distributionOf(model),
    codesOf(model),
    model.classes === null ? null : counted(model.classes, 'class', 'classes'),
    ...weightsOf(model),
    parametersOf(model.parameters),
    trainingOf(model),
  ],
);

summarised(LatentSampler, 'LatentSampler', ({ name, inputShape }) => [
  name,
  `draws of ${count(widthOf(inputShape))} values`,
]);
summarised(VQVAE2Prior, 'VQVAE2Prior', ({ model, priors }) => [
  `of ${model.name}`,
  ...Object.entries(priors).map(([level, prior]) => `${level}: ${prior.kind}, ${parametersOf(prior.parameters)}`),
]);
summarised(Discriminator, 'Discriminator', ({ parameters }) => [parametersOf(parameters)]);
summarised(PatchDiscriminator, 'PatchDiscriminator', ({ parameters, receptiveField }) => [
  `a logit for each patch of ${receptiveField} × ${receptiveField} pixels`,
  parametersOf(parameters),
]);

/** `784 → 400 → 200 → 2`; of images under convolutions `28 × 28 × 1 → 32 → 64 → 2`. */
function layersOf(model: AnyModel & Parts): string {
  const { inputShape, config, latentDimensions } = model;
  const { encoder } = config as Architecture;
  const { hidden, channels, latent, latents, frames, layers, codebookSize } = { ...encoder?.options, ...config } as Architecture; // prettier-ignore
  // A prior over maps of codes takes rows of them.
  if (codebookSize !== undefined && latentDimensions === undefined) {
    return `${count(widthOf(inputShape))} codes of ${count(codebookSize)}`;
  }
  const input = channels !== undefined ? shapeOf(inputShape) : count(widthOf(inputShape));
  const between = [hidden ?? channels ?? []].flat().map(count);
  const output = latents ? latents.map(count).join(' + ') : (latentDimensions ?? latent);
  const path = [input, ...between, ...(output === undefined ? [] : [String(output)])].join(' → ');
  const repeated = output === undefined && layers !== undefined ? `, ${counted(layers, 'layer')}` : '';
  return `${frames === undefined ? '' : `${counted(frames, 'frame')}, `}${path}${repeated}`;
}

function shapeOf(shape: AnyModel['inputShape']): string {
  if (shape.kind === 'image') return `${shape.height} × ${shape.width} × ${shape.channels}`;
  return shape.kind === 'sequence' ? `${shape.steps} × ${shape.features.length}` : count(widthOf(shape));
}

function distributionOf({ config }: AnyModel): string | undefined {
  const { likelihood, loss } = config as Architecture;
  const part = likelihood ?? loss;
  const named = typeof part === 'object' ? part.name : part;
  return named ? (IN_WORDS[named] ?? named) : undefined;
}

function codesOf({ codebookSize, stages = 1 }: AnyModel & Parts): string | undefined {
  if (codebookSize === undefined) return undefined;
  return `${stages === 1 ? '' : `${stages} × `}${counted(codebookSize, 'code')}`;
}

/** As they are at this step; those that are 1 for good are left out. */
function weightsOf({ termWeights, position }: AnyModel): Facts {
  const weights = Object.entries(termWeights).filter(([, { symbol, schedule }]) => symbol && schedule !== 1);
  return weights.map(([term, { symbol, schedule }]) => {
    // A number has no other name than its term's.
    if (symbol === String(schedule)) return `${quantity(Number(schedule))} × ${term}`;
    const words = scheduleText(schedule);
    return `${symbol} = ${quantity(scheduleValue(schedule, position.step))}${words && ` (${words})`}`;
  });
}

function parametersOf(parameters: Readonly<Record<string, tf.Variable>>): string {
  const variables = Object.values(parameters);
  const size = variables.reduce((sum, variable) => sum + variable.size, 0);
  return `${counted(size, 'parameter')}${variables.some(({ isDisposed }) => isDisposed) ? ', disposed' : ''}`;
}

function trainingOf({ position: { step, epoch, unfinished }, seed }: AnyModel): string {
  if (step === 0) return `not trained, seed ${seed}`;
  const stopped = unfinished ? `, stopped in epoch ${count(epoch + 1)}` : '';
  return `trained ${counted(step, 'step')} (${counted(epoch, 'epoch')}${stopped}), seed ${seed}`;
}
