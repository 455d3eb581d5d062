/** Quantizers of your own, defined by name. */
import * as tf from '@tensorflow/tfjs';
import { named } from '../../engine/index';
import { found, optional, text, whole } from '../arguments';
import { renamed, startedVariables } from '../networks/initial';
import type { Initial } from '../networks/initial';
import { stopGradient as sg } from '../networks/gradients/stopGradient';
import type { Draws } from '../noise';
import { checkedTerms } from '../objectives/checkedTerms';
import type { Term } from '../objectives/terms';
import { drawKind, floats, gives, givesObject, givesRecord, initialKind } from '../parts/returned';
import type { Result } from '../parts/returned';
import { room } from '../parts/part';
import type { Part, PartFactory } from '../parts/part';
import type { RandomStream } from '../random';
import { straightThrough } from './estimators';
import type { Quantization, Quantizer } from './quantizer';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** How vectors become codes. Variables are parameters and state, as tensors, by the names that they were given. */
export interface QuantizerDefinition {
  /** K: indices are from 0 to K − 1. */
  readonly codebookSize: number;
  /** D, the dimensions of the vectors. */
  readonly dimensions: number;
  /** S, codes of one vector. Default 1. */
  readonly stages?: number;
  /** Authors, year, title or equation. */
  readonly source?: string;
  /** First values of what the gradient trains, by name. */
  parameters?(): Readonly<Record<string, Initial>>;
  /** First values of what {@link updates} sets, by name. */
  state?(): Readonly<Record<string, Initial>>;
  /** Random numbers for one step. */
  noise?(): Draws;
  /** The code of each vector: [m, D] → int32 [m, S]. No gradient is needed. */
  indices(z: tf.Tensor2D, variables: Tensors): tf.Tensor2D;
  /** The vectors that indices stand for: int32 [m, S] → [m, D]. */
  lookup(indices: tf.Tensor2D, variables: Tensors): tf.Tensor2D;
  /** What a decoder sees of z and of its codes q: [m, D] each. Default: q, with the gradient straight through to z. */
  quantized?(z: tf.Tensor2D, q: tf.Tensor2D, variables: Tensors): tf.Tensor2D;
  /** Terms of the loss, beside the reconstruction; q has a gradient to the parameters that {@link lookup} looks at. */
  terms?(z: tf.Tensor2D, q: tf.Tensor2D, variables: Tensors): Readonly<Record<string, Term>>;
  /** New values of the state after these vectors, by name. */
  updates?(coded: { z: tf.Tensor2D; indices: tf.Tensor2D; noise: Tensors }, variables: Tensors): Tensors;
  /** Every code, [S·K, D]: needed with several stages. */
  codes?(variables: Tensors): tf.Tensor2D;
  /** Vectors that {@link startFrom} is given. Default 0: codes start without data. */
  readonly startsFrom?: number;
  /** Values of parameters or state before the first step, by name, from vectors [m, D]. */
  startFrom?(
    z: tf.Tensor2D,
    stream: RandomStream,
  ): Readonly<Record<string, Float32Array>> | Promise<Readonly<Record<string, Float32Array>>>;
}

/** A quantizer with its options, as a model takes it. */
export type QuantizerPart = Part<QuantizerDefinition>;

const givesTensors = givesRecord('tensors', (value) => (value instanceof tf.Tensor ? undefined : 'a tensor'));
/** None is right, too. */
const givesTerms: Result = (who, value) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? value : checkedTerms(who, value);

const contract = givesObject('a quantizer', () => ({
  functions: {
    indices: gives((z: tf.Tensor2D) => wholeNumbers(z.shape[0])),
    lookup: gives((indices: tf.Tensor2D) => floats([indices.shape[0], null], 'the vectors of these codes')),
  },
  optional: {
    parameters: givesRecord('first values', initialKind),
    state: givesRecord('first values', initialKind),
    noise: givesRecord('declared random numbers', drawKind, ['x', 'y']),
    quantized: gives((z: tf.Tensor2D) => floats([...z.shape], 'what the decoder sees')),
    terms: givesTerms,
    updates: givesTensors,
    codes: gives(() => floats([null, null], 'all codes')),
    startFrom: (_, value) => value,
  },
  fields: {
    codebookSize: whole(2),
    dimensions: whole(1),
    stages: optional(whole(1)),
    startsFrom: optional(whole(0)),
    source: optional(text),
  },
}));

const quantizers = room<QuantizerDefinition>('quantizer', 'defineQuantizer', (who, value, given) => {
  const definition = contract(who, value, given) as QuantizerDefinition;
  if ((definition.stages ?? 1) === 1 || definition.codes) return definition;
  throw new TypeError(`${who} has ${definition.stages} stages and no "codes", expected it beside several stages.`);
});

/**
 * Defines a quantizer by name: how vectors become codes, for the models of discrete latents.
 *
 * @returns makes the part: `const mine = defineQuantizer('mine', ({ K = 8 }) => ({ codebookSize: K, dimensions, … }))`,
 *   then `new VQVAE({ quantizer: mine({ K: 16 }), … })`
 */
export function defineQuantizer<Options extends object = object>(
  name: string,
  make: (options: Options) => QuantizerDefinition,
): PartFactory<QuantizerDefinition, Options> {
  return quantizers.defineOwn<Options>(name, make);
}

/** The field of a configuration. */
export const quantizerSchema = quantizers.schema;

function wholeNumbers(rows: number) {
  const expected = `a tensor of shape [${rows}, S] and type int32: the codes of each vector`;
  return (value: unknown) => {
    const right = value instanceof tf.Tensor && value.dtype === 'int32' && value.rank === 2 && value.shape[0] === rows;
    return right ? undefined : expected;
  };
}

/** A quantizer of your own with its variables. */
export class OwnQuantizer implements Quantizer {
  readonly codebookSize: number;
  readonly stages: number;
  readonly dimensions: number;
  readonly source: string;
  readonly startsFrom: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly state: Readonly<Record<string, tf.Variable>>;
  private readonly definition: QuantizerDefinition;
  private readonly variables: Readonly<Record<string, tf.Variable>>;

  /** @param options.name the prefix of the variables' names, and of the random numbers' */
  constructor(
    part: QuantizerPart,
    private readonly options: { seed: number; name: string },
  ) {
    const { definition } = part;
    this.definition = definition;
    this.codebookSize = definition.codebookSize;
    this.stages = definition.stages ?? 1;
    this.dimensions = definition.dimensions;
    this.source = definition.source ?? `the quantizer "${part.name}"`;
    this.startsFrom = definition.startFrom ? (definition.startsFrom ?? 0) : 0;
    const nameOf = (key: string) => this.named(key);
    const trained = startedVariables(definition.parameters?.() ?? {}, options.seed, { nameOf });
    const kept = startedVariables(definition.state?.() ?? {}, options.seed, { nameOf, trainable: false });
    this.variables = { ...trained, ...kept };
    this.parameters = renamed(trained, nameOf);
    this.state = renamed(kept, nameOf);
  }

  noise(): Draws {
    const own = Object.entries(this.definition.noise?.() ?? {});
    return Object.fromEntries(own.map(([key, draw]) => [this.named(key), draw]));
  }

  quantize(z: tf.Tensor2D): Quantization {
    return named('quantizer', () => this.quantized(z));
  }

  private quantized(z: tf.Tensor2D): Quantization {
    const indices = sg(() => this.indices(z));
    const q = this.lookup(indices);
    const { definition, variables } = this;
    return {
      quantized:
        definition.quantized?.(z, q, variables) ??
        straightThrough(
          z,
          sg(() => q.clone()),
        ),
      indices,
      terms: definition.terms?.(z, q, variables) ?? {},
      updates: (noise) => this.updates(z, indices, noise),
    };
  }

  indices(z: tf.Tensor2D): tf.Tensor2D {
    return this.definition.indices(z, this.variables);
  }

  lookup(indices: tf.Tensor2D): tf.Tensor2D {
    return this.definition.lookup(indices, this.variables);
  }

  codes(): tf.Tensor2D {
    return tf.tidy(
      () =>
        this.definition.codes?.(this.variables) ??
        this.lookup(tf.range(0, this.codebookSize, 1, 'int32').expandDims<tf.Tensor2D>(1)),
    );
  }

  async start(z: tf.Tensor2D, stream: RandomStream): Promise<void> {
    const values = (await this.definition.startFrom?.(z, stream)) ?? {};
    for (const [key, start] of Object.entries(values)) {
      const variable = this.known(key, '"startFrom"');
      tf.tidy(() => variable.assign(tf.tensor(start, variable.shape)));
    }
  }

  private updates(z: tf.Tensor2D, indices: tf.Tensor2D, noise: Tensors): Record<string, tf.Tensor> {
    const own = Object.keys(this.definition.noise?.() ?? {}).map((key) => [key, noise[this.named(key)]!] as const);
    const updated = this.definition.updates?.({ z, indices, noise: Object.fromEntries(own) }, this.variables) ?? {};
    return Object.fromEntries(
      Object.entries(updated).map(([key, value]) => {
        const { shape } = this.known(key, '"updates"');
        if (value.shape.join() !== shape.join()) {
          throw new TypeError(
            `${this.source}: "updates" gives as "${key}" ${found(value)}, expected [${shape.join(', ')}].`,
          );
        }
        return [this.named(key), value];
      }),
    );
  }

  private known(key: string, who: string): tf.Variable {
    const variable = this.variables[key];
    if (variable) return variable;
    const names = Object.keys(this.variables).join(', ') || 'none';
    throw new TypeError(`${this.source}: ${who} names "${key}", which it does not have; it has ${names}.`);
  }

  private named(key: string): string {
    return `${this.options.name}.${key}`;
  }
}
