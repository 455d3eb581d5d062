import * as tf from '@tensorflow/tfjs';
import { forward, meant, named, trainingStep } from '../../engine/index';
import type { Forward, StepDefinition, StepTerms, TensorType, TrainingStep } from '../../engine/index';
import { callable, object, path as pathKind, takes } from '../arguments';
import { checkRows } from '../data/checkData';
import { checkedConfig, ConfigurationError } from '../config';
import { conditionedNetwork } from '../conditioning/conditionedNetwork';
import type { ConditionedNetwork } from '../conditioning/conditionedNetwork';
import { Conditioning } from '../conditioning/conditioning';
import type { Seen } from '../conditioning/conditioning';
import { objectiveGivenTheClass, ofData } from '../conditioning/formulas';
import type { GivenClass } from '../conditioning/formulas';
import { startedVariable } from '../networks/initial';
import type { Initial } from '../networks/initial';
import { networkPart } from '../networks/layersModel';
import type { Network, NetworkPart, NetworkPlace } from '../networks/network';
import { inTrainingPass } from '../networks/pass';
import { drawn } from '../noise';
import type { Draw, Draws } from '../noise';
import { checkedTerms } from '../objectives/checkedTerms';
import { objectiveOf, valuesOf, weightsOf } from '../objectives/terms';
import type { Objective, TermDeclaration, Terms } from '../objectives/terms';
import { drawKind, givesRecord } from '../parts/returned';
import type { RandomStream } from '../random';
import { shapeText, toSamples, widthOf } from '../samples';
import type { Expected, SampleShape } from '../samples';
import { withAveragedWeights } from '../training/averagedWeights';
import { isStream } from '../training/batches/batches';
import type { TrainingData } from '../training/batches/batches';
import { loadCheckpoint, saveCheckpoint } from '../training/checkpoints/checkpoint';
import type { Checkpointed } from '../training/checkpoints/checkpoint';
import { saveOnnx } from '../training/checkpoints/onnxFiles';
import type { ExportedFunctions } from '../training/checkpoints/onnxFiles';
import type { Snapshot } from '../training/checkpoints/snapshot';
import { evaluate, type Scores } from '../training/loop/evaluate';
import { fit } from '../training/loop/fit';
import type { FitOptions } from '../training/loop/options';
import type { Support, TermWeight, Trainable, TrainingPosition } from '../training/loop/trainable';
import type { TrainingHistory } from '../training/logs/history';
import { scheduleValue } from '../training/schedules/schedules';
import type { Schedule } from '../training/schedules/schedules';
import { commonSchema } from './commonConfig';
import type { CheckedCommonConfig, CommonConfig } from './commonConfig';
import { Explanation } from './explanation';
import { checkGroups, groupRatesOf } from './optimizerGroups';
import { statedTerms } from './statedTerms';

export interface SaveOptions {
  /** Default `checkpoint`. */
  format?: 'checkpoint' | 'onnx';
}

/** What the terms of every model are given. */
export interface Given {
  /** The batch: [n, d]. */
  x: tf.Tensor2D;
}

/** What the terms for a model with classes are given. */
export interface GivenLabels extends Given {
  /** The class of each row: int32 [n]. */
  y: tf.Tensor1D;
}

/** The declaration of every tensor that the terms are given beside the batch. */
export type DrawsFor<G> = {
  readonly [Name in Exclude<keyof G, 'x' | 'y'>]: Draw<Extract<G[Name], tf.Tensor>>;
};

/** Where a network stands in its model; `rows` is how many it is given for a batch of n, where that is not n. */
type ModelPlace = Pick<NetworkPlace, 'from' | 'to'> &
  Partial<Pick<NetworkPlace, 'perValue' | 'image'>> & { rows?: (n: number) => number };

/** A network in a model: what it was made of, and the shapes of a row of either side. */
export interface NetworkIn extends Pick<NetworkPlace, 'name' | 'from' | 'to' | 'perValue'> {
  readonly part: NetworkPart;
}

/** Names the model has given to what it is built of. */
type Variables = Record<string, tf.Variable>;

/**
 * The base class of everything that `fit` trains. A model has parameters and a loss: named terms that depend on a
 * batch, on noise and on schedules. Your own class defines {@link terms}, and {@link noise} if it draws random numbers:
 *
 * ```ts
 * class Mine extends Autoencoder<{ input: number }, { x: tf.Tensor2D; epsilon: tf.Tensor2D }> {
 *   private readonly encoder = this.network('encoder', mlp([128]), { from: [784], to: [4] });
 *   …
 *   override noise(n: number) { return { epsilon: normal([n, 2]) }; }
 *   override terms({ x, epsilon }) { return { reconstruction: { value, formula, meaning }, kl: { value, weight: beta } }; }
 * }
 * ```
 *
 * Then it trains as a traced graph, has curves and `explain()`, and you can score, save, load and resume it like every
 * other model.
 */
export abstract class Model<Config extends object = CommonConfig, G extends Given = Given>
  implements Trainable, Checkpointed
{
  /** What it was made of, checked: plain data and parts, as a checkpoint holds them. */
  readonly config: Config & CheckedCommonConfig;
  /** What the gradient trains, by name. */
  readonly parameters: Readonly<Variables> = {};
  /** What is trained in other ways, by name. */
  readonly state: Readonly<Variables> = {};
  /** Steps and epochs that the model has been trained for. */
  readonly position: TrainingPosition = { step: 0, epoch: 0, unfinished: null };
  best: Snapshot | null = null;
  /** Values that the data may have; null: any finite number. */
  readonly support: Support | null = null;
  /**
   * The number of classes that the loss uses: batches then have `y`, int32 [n], beside `x`. Null: data need no labels.
   */
  readonly classes: number | null = null;
  /** Whether labels may be −1, for a class that is not known. */
  readonly unknownLabels: boolean = false;
  /** Whether NaN says that a value is missing. */
  readonly missing: boolean = false;
  /** The classes that its networks take, and whether values may be missing; see {@link seen}. */
  protected readonly conditioning: Conditioning;
  /** Values beside the weights of the terms that change over the training, by symbol; terms get them as scalars. */
  readonly schedules: Readonly<Record<string, Schedule>> = {};
  /** Authors, year, title or equation, for {@link explain}. */
  protected readonly source: string = '';
  /** Which functions in the formulas of the terms are given the class too. */
  protected readonly givenClass: GivenClass = ofData;
  /** The unit of the terms without `per …`. */
  protected readonly termUnit: string = 'nats';
  private isDisposed = false;
  private readonly compiledFunctions: Forward<Record<string, tf.Tensor>>[] = [];
  readonly evaluateTerms = this.compiled((tensors) => this.losses(tensors));
  /** The networks that {@link network} built, in their order. */
  readonly networksIn: readonly NetworkIn[] = [];
  private readonly networkDraws: ((n: number) => Draws)[] = [];
  private startedStep: TrainingStep | undefined;
  private stated: Readonly<Record<string, TermDeclaration>> | undefined;

  /**
   * @param conditioning what it takes beside the values of its rows; default: nothing
   * @throws {ConfigurationError} for an impossible shape, seed or optimizer
   */
  constructor(config: Config & CommonConfig, conditioning = new Conditioning()) {
    this.config = { ...config, ...checkedConfig(new.target.name, commonSchema, config) };
    this.conditioning = conditioning;
    this.classes = conditioning.classes;
    this.unknownLabels = conditioning.classes !== null;
    this.missing = conditioning.missing;
  }

  /**
   * Reads a checkpoint that {@link save} wrote, as the class that it is called on; `fit` resumes exactly where it stopped.
   *
   * @throws {CheckpointError} naming the path, what was found and what was expected
   */
  static load<M extends Checkpointed>(this: new (config: never) => M, path: string): Promise<M> {
    return loadCheckpoint(path, this.name, (config) => new this(config as never));
  }

  // --- what a class states ----------------------------------------------------------------------------------------

  /** The named terms of the loss: scalars, means over the batch. Pure: the same tensors give the same terms. */
  abstract terms(given: G): Terms;

  /** Random numbers that the terms are given for a batch of n samples, by name. */
  noise(n: number): DrawsFor<G>;
  noise(): Draws {
    return {};
  }

  /** The class, as checkpoints name it. */
  get kind(): string {
    return this.constructor.name;
  }

  /** For captions, for example `VAE, 2 latents`. */
  get name(): string {
    return this.kind;
  }

  /**
   * Builds a network, whose parameters become the model's.
   *
   * @param name the prefix of their names
   * @param given a network's part, a model of tfjs's layers, or a function of rows without parameters
   */
  protected network(name: string, given: unknown, place: ModelPlace): Network {
    const { rows = (n) => n, perValue = 1, ...shapes } = place;
    const part = networkPart(given);
    const built = this.adopt(part.definition.build({ name, perValue, seed: this.seed, ...shapes }));
    if (built.noise) this.networkDraws.push((n) => built.noise!(rows(n)));
    (this.networksIn as NetworkIn[]).push({ name, part, from: place.from, to: place.to, perValue });
    // A recording then knows what this network does.
    return Object.assign(Object.create(built) as Network, {
      apply: (x: tf.Tensor2D) => named(name, () => built.apply(x)),
    });
  }

  /** The same for rows with their classes, where the model has some: `apply(x, y)` with {@link seen}'s x and y. */
  protected conditioned(name: string, given: unknown, place: ModelPlace): ConditionedNetwork {
    return conditionedNetwork(this.conditioning, given, place, (part, at) => this.network(name, part, at));
  }

  /**
   * A batch as networks and losses see it: x with 0 for what is missing, the classes as zeros and ones, and where values
   * are.
   */
  protected seen(given: Given): Seen {
    return this.conditioning.seen(given as GivenLabels);
  }

  /** Takes what a class builds itself, whose parameters and state become the model's, under their names. */
  protected adopt<T extends { readonly parameters?: Readonly<Variables>; readonly state?: Readonly<Variables> }>(
    built: T,
  ): T {
    this.add(built.parameters ?? {}, this.parameters);
    this.add(built.state ?? {}, this.state);
    return built;
  }

  /** A parameter with these first values: `this.parameter('logSigma', initial.zeros([]))`. */
  protected parameter(name: string, start: Initial): tf.Variable {
    const variable = startedVariable(start, name, this.seed);
    this.add({ [name]: variable }, this.parameters);
    return variable;
  }

  private add(variables: Readonly<Variables>, to: Readonly<Variables>): void {
    for (const [name, variable] of Object.entries(variables)) {
      if (name in this.parameters || name in this.state) {
        throw new ConfigurationError(this.kind, [
          `two of its parts have a parameter "${name}"; give them different names`,
        ]);
      }
      (to as Variables)[name] = variable;
    }
    checkGroups(this.kind, this.config.optimizer, Object.keys(this.parameters));
  }

  /** The values of the terms for a batch and noise of your own, differentiable: see {@link inputs}. */
  losses(given: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    return valuesOf(this.checkedTerms(given));
  }

  // --- what it can do ---------------------------------------------------------------------------------------------

  /** Trains the model; see {@link fit}. */
  fit(data: TrainingData, options: FitOptions): Promise<TrainingHistory> {
    return fit(this, data, options);
  }

  /**
   * Mean of every term of the loss over the data, in {@link unit}, and `total`, their sum at the present weights.
   *
   * @param options.seed of the noise; the model's own unless told
   * @throws {DataError} when the data hold NaN or values that the likelihood is not defined for
   */
  async score(data: TrainingData, options: { seed?: number } = {}): Promise<Scores> {
    const caller = `${this.name}: score`;
    takes(caller, ['options', options, object()]);
    const checked = isStream(data) ? data : await toSamples(data, this.expected(caller), this.inputShape);
    if (!isStream(checked)) checkRows(checked, this);
    return evaluate(this, checked, options.seed ?? this.seed, caller);
  }

  /** Runs `use` while the weights are the averages that the optimizer keeps; see {@link withAveragedWeights}. */
  withAveragedWeights<T>(use: () => T): T {
    takes(`${this.name}: withAveragedWeights`, ['use', use, callable]);
    return withAveragedWeights(this, use);
  }

  /** The objective with its terms, their units and weights as they are now, and the effective β. */
  explain(): Explanation {
    return new Explanation(this);
  }

  /**
   * Writes a folder at this path: a checkpoint (weights, optimizer, configuration, and the progress of the training),
   * or, with the format `onnx`, the model's functions for other programs, one file each: docs/checkpoints.md lists
   * them.
   *
   * @throws {CheckpointError} if there is something else at the path, or if it cannot be written, with the reason
   * @throws {ConfigurationError} for an unknown format, or one that this class does not have
   */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    takes(`${this.name}: save`, ['path', path, pathKind], ['options', options, object()]);
    const { format = 'checkpoint' } = options;
    if (format === 'checkpoint') return saveCheckpoint(this, path);
    const functions = format === 'onnx' ? this.exported() : undefined;
    if (functions) return saveOnnx(this.name, functions, path);
    const found = `"format" is ${JSON.stringify(format)}${meant(format, ['checkpoint', 'onnx'])}`;
    const allowed =
      format === 'onnx' ? `a ${this.kind} is saved as "checkpoint" alone` : 'allowed: "checkpoint", "onnx"';
    throw new ConfigurationError(`${this.name}: save`, [`${found}, ${allowed}`]);
  }

  /** Frees the weights and the optimizer's state; the model cannot be used after. */
  dispose(): void {
    this.isDisposed = true;
    this.startedStep?.dispose();
    for (const { dispose } of this.compiledFunctions) dispose();
    tf.dispose([...Object.values(this.parameters), ...Object.values(this.state)]);
  }

  /** What `save` writes as ONNX; undefined for a class that has no such files. */
  protected exported(): ExportedFunctions | undefined {
    return undefined;
  }

  /** A pure function of tensors that the engine may compile. */
  protected compiled<R extends Record<string, tf.Tensor>>(f: (tensors: Readonly<Record<string, tf.Tensor>>) => R) {
    const compiled = forward(f);
    this.compiledFunctions.push(compiled);
    return (tensors: Readonly<Record<string, tf.Tensor>>): R => {
      this.requireUndisposed();
      return compiled(tensors);
    };
  }

  /** @throws once the model has been disposed of */
  private requireUndisposed(): void {
    if (!this.isDisposed) return;
    throw new Error(`${this.name} has been disposed of: create it again, or call dispose() after its last use.`);
  }

  /** The same, from rows to rows. */
  protected compiledRows(f: (rows: tf.Tensor2D) => tf.Tensor2D): (rows: tf.Tensor2D) => tf.Tensor2D {
    const compiled = this.compiled(({ rows }) => ({ result: f(rows as tf.Tensor2D) }));
    return (rows) => compiled({ rows }).result;
  }

  // --- what a training asks for -----------------------------------------------------------------------------------

  /** The shape of a sample. */
  get inputShape(): SampleShape {
    return this.config.input;
  }

  /** The seed of weights, noise and order of samples. */
  get seed(): number {
    return this.config.seed;
  }

  get unit(): string {
    return `${this.termUnit} per ${this.inputShape.kind === 'image' ? 'image' : 'sample'}`;
  }

  get warmups(): Readonly<Record<string, Schedule>> {
    return this.schedules;
  }

  get groupRates(): Readonly<Record<number, { parameters: string; schedule: Schedule }>> {
    return groupRatesOf(this.config.optimizer);
  }

  get termWeights(): Readonly<Record<string, TermWeight>> {
    return weightsOf(this.declarations);
  }

  /** The objective as a formula, with its terms and their units. */
  get objective(): Objective {
    const objective = objectiveOf(this.declarations, this.source);
    return this.conditioning.classes === null ? objective : objectiveGivenTheClass(objective, this.givenClass);
  }

  expected(caller: string): Expected {
    const width = widthOf(this.inputShape);
    return { caller, width, description: `rows of ${width} values (${shapeText(this.inputShape)})` };
  }

  /** Noise for a batch of n samples, and the values that {@link schedules} have after that many steps. */
  inputs(stream: RandomStream, n: number, step = 0): Record<string, tf.Tensor> {
    const scalars = Object.entries(this.scalars(n, step)).map(([name, value]) => [name, tf.scalar(value)]);
    return { ...drawn(this.draws(n), stream), ...Object.fromEntries(scalars) };
  }

  /** Shapes and types of all that the terms are given for a batch of n samples, by name. */
  inputTypes(n: number): Readonly<Record<string, TensorType>> {
    const scalars = Object.keys(this.scalars(n, 0)).map((name) => [name, { shape: [], dtype: 'float32' as const }]);
    return {
      x: { shape: [n, widthOf(this.inputShape)], dtype: 'float32' },
      ...(this.classes === null ? {} : { y: { shape: [n], dtype: 'int32' } }),
      ...this.draws(n),
      ...(Object.fromEntries(scalars) as Record<string, TensorType>),
    };
  }

  /** The numbers that the terms are given for a batch of n samples after that many steps. */
  protected scalars(_n: number, step: number): Record<string, number> {
    const values = Object.entries(this.schedules).map(([name, value]) => [name, scheduleValue(value, step)]);
    return Object.fromEntries(values);
  }

  /** Updates that the model has had. */
  get step(): TrainingStep {
    this.requireUndisposed();
    return (this.startedStep ??= trainingStep(this.stepDefinition));
  }

  /** What the engine knows about a training step. */
  get stepDefinition(): StepDefinition {
    return {
      trainable: this.parameters,
      state: this.state,
      terms: (tensors) => this.stepTerms(tensors),
      optimizer: this.config.optimizer,
    };
  }

  /** The terms of a training step and what it sets beside the gradient. */
  protected stepTerms(tensors: Readonly<Record<string, tf.Tensor>>): StepTerms {
    const { result: losses, updates } = inTrainingPass(tensors, () => this.losses(tensors));
    return { losses, updates: released(updates) };
  }

  private checkedTerms(given: Readonly<Record<string, tf.Tensor>>): Terms {
    return checkedTerms(`${this.kind}: "terms"`, this.terms(given as unknown as G));
  }

  private draws(n: number): Draws {
    const own = checkedDraws(`${this.kind}: "noise"`, this.noise(n)) as Draws;
    const twice = Object.keys(own).find((name) => name in this.schedules);
    if (twice === undefined) return this.networkDraws.reduce((all, draws) => ({ ...all, ...draws(n) }), own);
    throw new ConfigurationError(this.kind, [
      `a schedule and random numbers are both named "${twice}"; give them different names`,
    ]);
  }

  /** What the terms say of themselves; no number is computed for it. */
  private get declarations(): Readonly<Record<string, TermDeclaration>> {
    if (this.stated) return this.stated;
    this.stated = statedTerms((tensors) => this.checkedTerms(tensors), this.inputTypes(2), {
      ...this.parameters,
      ...this.state,
    });
    return this.stated;
  }
}

const checkedDraws = givesRecord('declared random numbers', drawKind, ['x', 'y']);

/** Tensors that were kept, as ones of the present scope. */
function released(kept: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
  const tensors = Object.entries(kept).map(([name, tensor]) => {
    const own = tensor.clone();
    tensor.dispose();
    return [name, own];
  });
  return Object.fromEntries(tensors);
}
