/** How the latents of a chain are inferred: a part, by name. */
import type * as tf from '@tensorflow/tfjs';
import type { ConditionedNetwork } from '../../conditioning/conditionedNetwork';
import type { Activation, Initializer } from '../../networks/layers/layers';
import type { Network, NetworkPart, NetworkPlace, RowShape } from '../../networks/network';
import type { Term } from '../../objectives/terms';
import { room } from '../../parts/part';
import type { Part } from '../../parts/part';
import type { Chain, Level } from './levels';

/** An inference in its model. */
export interface Inference {
  /**
   * q and a draw of it for z_1 … z_T, in this order.
   *
   * @param x [n, d], 0 for what is missing
   * @param y the classes as zeros and ones, [n, C]; undefined without
   * @param epsilons ε_t [n, k_t] for each level; null for the mean of each instead of a draw
   */
  inferred(x: tf.Tensor2D, y: tf.Tensor2D | undefined, epsilons: tf.Tensor2D[] | null, chain: Chain): Level[];
  /** What level t costs: the divergence of its q from its prior, mean over the batch. */
  divergence(t: number, levels: readonly Level[], chain: Chain): Term;
}

/** Where an inference stands, and with what it is built: networks and layers whose parameters become the model's. */
export interface InferencePlace {
  /** The shape of a sample. */
  readonly shape: RowShape;
  /** k_1 … k_T. */
  readonly latents: readonly number[];
  /** The network that looks at x. */
  readonly encoder: NetworkPart;
  /** Widths of the hidden layers of each network between two levels, in the order up. */
  readonly levelHidden: readonly number[];
  /** The activation of the layers between levels. */
  readonly activation: Activation;
  /** How their weights begin. */
  readonly initializer: Initializer;
  readonly seed: number;
  /** Builds a network whose parameters become the model’s. */
  network(name: string, part: unknown, place: Pick<NetworkPlace, 'from' | 'to'>): Network;
  /** The same for x with its class beside it. */
  conditioned(name: string, part: unknown, place: Pick<NetworkPlace, 'from' | 'to'>): ConditionedNetwork;
  /** Makes the parameters of what was built the model’s. */
  adopt<T extends Pick<Network, 'parameters'>>(built: T): T;
}

/** A way to infer. */
export interface InferenceDefinition {
  /** Authors, year, title or equation. */
  readonly source: string;
  /** @throws {ConfigurationError} if it does not fit the chain */
  build(place: InferencePlace): Inference;
}

/** An inference of a hierarchy with its options, as a model takes it. */
export type InferencePart = Part<InferenceDefinition>;

const inferences = room<InferenceDefinition>('inference', 'defineInference');

/**
 * Defines a way to infer the latents of a chain by name.
 *
 * @returns makes the part: `const mine = defineInference('mine', (options) => ({ source, build }))`
 */
export const defineInference = inferences.define;

/** The field of a configuration. */
export const inferenceSchema = inferences.schema;
