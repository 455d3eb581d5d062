/**
 * Models of tfjs's layers, `tf.sequential` and `tf.model`, as networks. In a training step their dropout takes its random
 * numbers from the step's inputs, and their batch normalisation hands new moving averages to the step, so that the step
 * stays a pure function.
 */
import * as tf from '@tensorflow/tfjs';
import { instance, takes } from '../arguments';
import { ConfigurationError } from '../config';
import { normal, uniform } from '../noise';
import type { Draw } from '../noise';
import { Part } from '../parts/part';
import { defineBuiltNetwork, flatRows, network, resolveNetwork, shapedRows, widthOfRows } from './network';
import type { Network, NetworkDefinition, NetworkPart, NetworkPlace } from './network';
import type { LastLayer } from './layers/layers';
import { afterStep, currentPass } from './pass';

/** A model of layers as plain data: its topology. */
interface Topology {
  className: string;
  config: tf.serialization.ConfigDict;
}

defineBuiltNetwork<Topology>('layersModel', ({ className, config }) => ({
  build: (place) => layersNetwork(modelOf({ className, config }), place),
}));

/**
 * A model of tfjs's layers as a network's part; `new VAE({ encoder: model })` makes it by itself. Its weights are trained
 * on from where they are; one with `model.trainable = false` stays as it is.
 */
export function layersModel(model: tf.LayersModel): NetworkPart {
  takes('layersModel', ['model', model, instance(tf.LayersModel)]);
  const definition: NetworkDefinition = { build: (place) => layersNetwork(model, place) };
  const topology: Topology = {
    className: model.getClassName(),
    config: model.getConfig() as tf.serialization.ConfigDict,
  };
  return new Part('network', 'layersModel', topology, definition);
}

/**
 * The network that a configuration names: a part, its name with options, a model of tfjs's layers, or a function of rows
 * without parameters.
 *
 * @throws TypeError, {ConfigurationError} for anything else
 */
export function networkPart(given: unknown): NetworkPart {
  if (given instanceof tf.LayersModel) return layersModel(given);
  if (typeof given === 'function') return network({ apply: given as (x: tf.Tensor) => tf.Tensor });
  return resolveNetwork(given);
}

/** Layers that draw random numbers, and what they do with them in a training step. */
const RANDOM: Record<
  string,
  { draws(shape: number[]): Draw; apply(x: tf.Tensor, noise: tf.Tensor, layer: Rate): tf.Tensor }
> = {
  Dropout: {
    draws: (shape) => uniform(shape),
    // Srivastava et al. 2014, inverted: what is kept is scaled up, so that evaluation needs no change.
    apply: (x, noise, { rate }) => x.mul(noise.greaterEqual(rate).cast('float32')).div(1 - rate),
  },
  SpatialDropout1D: {
    draws: ([rows, , channels]) => uniform([rows!, 1, channels!]),
    apply: (x, noise, { rate }) => x.mul(noise.greaterEqual(rate).cast('float32')).div(1 - rate),
  },
  GaussianNoise: {
    draws: (shape) => normal(shape),
    apply: (x, noise, { stddev }) => x.add(noise.mul(stddev)),
  },
  GaussianDropout: {
    draws: (shape) => normal(shape),
    apply: (x, noise, { rate }) => x.mul(noise.mul(Math.sqrt(rate / (1 - rate))).add(1)),
  },
  AlphaDropout: {
    draws: (shape) => uniform(shape),
    apply: (x, noise, { rate }) => alphaDropout(x, noise, rate),
  },
};

/** Klambauer et al. 2017, Self-normalizing neural networks, section "new dropout technique". */
function alphaDropout(x: tf.Tensor, noise: tf.Tensor, rate: number): tf.Tensor {
  const alpha = -1.6732632423543772 * 1.0507009873554805;
  const kept = noise.greaterEqual(rate).cast('float32');
  const a = ((1 - rate) * (1 + rate * alpha ** 2)) ** -0.5;
  const dropped = x.mul(kept).add(kept.neg().add(1).mul(alpha));
  return dropped.mul(a).sub(a * alpha * rate);
}

interface Rate {
  rate: number;
  stddev: number;
}

/** What is used of a variable of tfjs's layers. */
interface LayerVariable {
  readonly originalName: string;
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

type OneLayer = tf.layers.Layer &
  Rate & { call(inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor | tf.Tensor[] };

function layersNetwork(model: tf.LayersModel, place: NetworkPlace): Network {
  const shape = inputShapeOf(model, place);
  const layers = layersOf(model);
  const draws = new Map<string, (rows: number) => Draw>();
  for (const layer of layers) {
    const random = RANDOM[layer.getClassName()];
    if (!random) continue;
    const name = `${place.name}.${layer.name}`;
    const output = (layer.output as tf.SymbolicTensor).shape.slice(1) as number[];
    draws.set(name, (rows) => random.draws([rows, ...output]));
    takeNoiseFromStep(layer, name, random.apply);
  }
  const state = named(model.nonTrainableWeights as unknown as LayerVariable[], place);
  for (const [name, variable] of state) handUpdatesToStep(variable, name);
  return {
    parameters: variablesOf(named(model.trainableWeights as unknown as LayerVariable[], place)),
    state: variablesOf(state),
    last: lastOf(layers),
    noise: (rows) => Object.fromEntries([...draws].map(([name, make]) => [name, make(rows)])),
    apply: (x) =>
      tf.tidy(() => {
        const given = shapedRows(x, shape);
        const output = model.apply(given, { training: currentPass() !== null }) as tf.Tensor;
        return flatRows(output, x.shape[0], place);
      }),
  };
}

/** A layer whose random numbers are the step's; a call of another number of rows in a step draws none. */
function takeNoiseFromStep(
  layer: OneLayer,
  name: string,
  apply: (x: tf.Tensor, noise: tf.Tensor, layer: Rate) => tf.Tensor,
): void {
  const evaluated = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const noise = currentPass()?.tensors[name];
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (!noise || noise.shape[0] !== x.shape[0]) return evaluated(inputs, { ...kwargs, training: false });
    return tf.tidy(() => apply(x, noise, layer));
  };
}

/** Outside of a step, whoever writes the variable still sets it. */
function handUpdatesToStep(variable: LayerVariable, name: string): void {
  const write = variable.write.bind(variable);
  variable.write = (value) => {
    if (!currentPass()) return write(value);
    afterStep(() => ({ [name]: value }));
    return variable;
  };
}

function named(weights: readonly LayerVariable[], place: NetworkPlace): [string, LayerVariable][] {
  return weights.map((weight) => [`${place.name}.${weight.originalName.replaceAll('/', '.')}`, weight]);
}

function variablesOf(weights: readonly [string, LayerVariable][]): Record<string, tf.Variable> {
  // The tensor of such a weight is the variable itself.
  return Object.fromEntries(weights.map(([name, weight]) => [name, weight.read() as tf.Variable]));
}

/** The kernel of the last layer that has one; of a separable convolution the pointwise one, which is the later. */
function lastOf(layers: readonly OneLayer[]): LastLayer | undefined {
  for (const layer of layers.toReversed()) {
    const kernels = (layer.weights as unknown as LayerVariable[]).filter(({ originalName }) =>
      /(^|\/)(pointwise_|depthwise_)?kernel$/.test(originalName),
    );
    const kernel = kernels.at(-1);
    if (kernel) return { kernel: kernel.read() as tf.Variable };
  }
  return undefined;
}

/** All layers, those of models within models too. */
function layersOf(model: tf.LayersModel): OneLayer[] {
  return model.layers.flatMap((layer) => (layer instanceof tf.LayersModel ? layersOf(layer) : [layer as OneLayer]));
}

/** The shape of one row that the model takes. @throws {ConfigurationError} if it cannot stand at this place */
function inputShapeOf(model: tf.LayersModel, { name, from }: NetworkPlace): number[] {
  const fail = (what: string): never => {
    throw new ConfigurationError(`the ${name}`, [`the model of layers "${model.name}" ${what}`]);
  };
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    fail(`has ${model.inputs.length} inputs and ${model.outputs.length} outputs, expected one of each`);
  }
  const shape = model.inputs[0]!.shape.slice(1);
  if (shape.some((length) => length === null)) return [...from];
  if (widthOfRows(shape as number[]) !== widthOfRows(from)) {
    fail(`takes rows of [${shape.join(', ')}], expected [${from.join(', ')}]`);
  }
  return shape as number[];
}

function modelOf({ className, config }: Topology): tf.LayersModel {
  const type = className === 'Sequential' ? tf.Sequential : tf.LayersModel;
  return (type as unknown as { fromConfig(type: unknown, config: object): tf.LayersModel }).fromConfig(type, config);
}
