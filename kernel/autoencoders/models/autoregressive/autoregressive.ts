import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { optimizerSchema } from '../../../engine/index';
import type { OptimizerName, OptimizerOptions } from '../../../engine/index';
import type { CheckedCommonConfig } from '../commonConfig';
import type { Objective } from '../explanation';
import { TrainedModel } from '../trainedModel';
import type { CachedPass, CausalNetwork } from '../../networks/causal/causalNetwork';
import type { CodeContext, CodeMap } from '../../networks/causal/codeContext';
import { defaultSeed } from '../../random';
import { checkCount, labelsOf, mapRows, rowRanges, rowsOf, toSamples } from '../../samples';
import { ConfigurationError } from '../../config';
import type { Expected, SampleInput, SampleShape } from '../../samples';
import { isStream } from '../../training/batches/batches';
import type { TrainingData } from '../../training/batches/batches';
import type { TrainingHistory } from '../../training/logs/history';
import type { FitOptions } from '../../training/loop/options';
import { checkCodes } from './codes';
import type { Codes } from './codes';
import { drawCodes, forcedLogits, FullPasses } from './sampling';

/** The fields that priors over maps of codes share. */
export interface AutoregressiveConfig extends CodeMap {
  /** Maps of codes that are known before the first code, for example that of a level above. Default none. */
  conditions?: CodeMap[];
  /** Classes, when labels are known; data then have labels. Default 0: none. */
  classes?: number;
  /** C, the channels of the feature maps. */
  channels?: number;
  /** The seed of the first weights, and of trainings and samples that are given none. */
  seed?: number;
  /** The rule of the training steps. Default `adam`. */
  optimizer?: OptimizerName | OptimizerOptions;
}

const size = z.int().min(1);
const codeMap = { height: size, width: size, codebookSize: z.int().min(2) };

export const odd = size.refine((value) => value % 2 === 1, 'expected an odd number');

export const autoregressiveFields = {
  ...codeMap,
  conditions: z.array(z.strictObject(codeMap)).default([]),
  classes: z.int().min(0).default(0),
  seed: z.int().default(defaultSeed),
  optimizer: optimizerSchema.prefault('adam'),
};

interface CheckedAutoregressiveConfig extends CheckedCommonConfig, CodeMap {
  conditions: CodeMap[];
  classes: number;
  channels: number;
}

/** A score in nats per map of codes, and in bits per code. */
export type AutoregressiveScore = { negativeLogLikelihood: number; total: number; bitsPerCode: number };

export interface CodeSampleOptions {
  /** The seed. Default: the model's own. */
  seed?: number;
  /** T: codes are drawn from softmax(logits / T). Default 1. */
  temperature?: number;
  /** Codes of the conditions, side by side as in the data: [count, P'], P' of them in all. */
  condition?: Codes;
  /** Class of all maps, or of each. */
  label?: number | number[];
  /**
   * False computes the whole map anew for each code. The codes are the same; the work is multiplied by their number.
   */
  cached?: boolean;
}

/**
 * A prior over maps of P = h·w codes $c_1, \dots, c_P$ in raster order, by the chain rule
 *
 * $$p(c \mid s) = \prod_{i=1}^{P} p(c_i \mid c_1, \dots, c_{i-1}, s)$$
 *
 * where one network with masks gives the logits of all conditionals and s is what is known besides: codes of other
 * maps, a class. Training minimises $-\sum_i \log p(c_i \mid c_{<i}, s)$, in nats.
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $c$ | `codes`, one-hot | [n, h, w, K] |
 * | $s$ | `context` | [n, h, w, S] or null |
 * | $\log p(c_i = k \mid c_{<i}, s)$ | log-softmax of `logits` | [n, h, w, K] |
 * | $\log p(c \mid s)$ | `logProb`, summed over positions | [n] |
 *
 * Data are rows of codes as {@link codesDataset} makes them: [codes of the conditions, own codes].
 */
export abstract class AutoregressivePrior<Config extends CheckedAutoregressiveConfig> extends TrainedModel<Config> {
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly termWeights = {};
  /** Codes are checked map by map. */
  readonly support = null;
  override readonly classes: number | null;
  protected readonly termUnit = 'nats';
  private readonly compiledLogits = this.compiled(({ rows, y }) => {
    return { logits: this.logitsOf(rows as tf.Tensor2D, (y as tf.Tensor1D | undefined) ?? null) };
  });
  private readonly compiledLogProb = this.compiled(({ rows, y }) => {
    return { logProb: this.logProb(rows as tf.Tensor2D, (y as tf.Tensor1D | undefined) ?? null) };
  });

  constructor(
    architecture: string,
    config: Config,
    private readonly context: CodeContext,
    private readonly network: CausalNetwork,
  ) {
    super(config);
    const { height, width, codebookSize, classes, conditions } = config;
    const given = [...conditions.map((map) => `${map.height} × ${map.width} codes`), ...(classes ? ['a class'] : [])];
    this.name = `${architecture}, ${height} × ${width} of ${codebookSize} codes`;
    if (given.length > 0) this.name += ` given ${given.join(' and ')}`;
    this.classes = classes > 0 ? classes : null;
    this.parameters = { ...network.parameters, ...context.parameters };
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): { negativeLogLikelihood: tf.Tensor } {
    const y = (tensors['y'] as tf.Tensor1D | undefined) ?? null;
    return {
      negativeLogLikelihood: this.logProb(tensors['x'] as tf.Tensor2D, y)
        .mean()
        .neg(),
    };
  }

  /** log p(c|s): [n]. */
  private logProb(rows: tf.Tensor2D, labels: tf.Tensor1D | null): tf.Tensor1D {
    const { codes } = this.parts(rows);
    const logP = tf.logSoftmax(this.logitsOf(rows, labels));
    return codes.mul(logP.reshape(codes.shape)).sum([1, 2, 3]);
  }

  /** [n, P, K]. */
  private logitsOf(rows: tf.Tensor2D, labels: tf.Tensor1D | null): tf.Tensor3D {
    const { codes, conditions } = this.parts(rows);
    const logits = this.network.apply(codes, this.context.apply(conditions, labels));
    return logits.reshape([-1, this.positions, this.config.codebookSize]);
  }

  get objective(): Objective {
    const given = this.context.channels > 0 ? ', s' : '';
    const formula = `-\\sum_{i=1}^{P} \\log p(c_i \\mid c_1, \\dots, c_{i-1}${given})`;
    const meaning = 'summed over the codes of a map, mean over the batch';
    return { formula, terms: { negativeLogLikelihood: { formula, meaning } }, source: this.source };
  }

  /** The source of the network: authors, year, title. */
  protected abstract readonly source: string;

  override noise(): Record<string, tf.Tensor> {
    return {};
  }

  // --- its data ---------------------------------------------------------------------------------------------------

  /** P, the number of codes in a map. */
  get positions(): number {
    return this.config.height * this.config.width;
  }

  /** Rows of data, taken apart. */
  private parts(rows: tf.Tensor2D): { conditions: tf.Tensor2D[]; codes: tf.Tensor4D } {
    const { conditions, height, width, codebookSize } = this.config;
    const sizes = [...conditions.map((map) => map.height * map.width), this.positions];
    const maps = tf.split(rows.cast('int32'), sizes, 1) as tf.Tensor2D[];
    const codes = tf.oneHot(maps.pop()!.flatten(), codebookSize).cast('float32');
    return { conditions: maps, codes: codes.reshape([-1, height, width, codebookSize]) };
  }

  override expected(caller: string): Expected {
    const { conditions, codebookSize } = this.config;
    const before = conditions.map((map) => `${map.height * map.width} codes of a condition, then `).join('');
    const description = `rows of ${before}${this.positions} codes from 0 to ${codebookSize - 1}`;
    return { caller, width: this.conditionWidth + this.positions, description };
  }

  private get conditionWidth(): number {
    return this.config.conditions.reduce((sum, { height, width }) => sum + height * width, 0);
  }

  /**
   * Trains the prior on rows of codes; see {@link fit}.
   *
   * @throws {DataError} when a value is no code
   */
  override async fit(data: TrainingData, options: FitOptions): Promise<TrainingHistory> {
    if (options.augment !== undefined) {
      const why = '"augment" changes values, and a code is the name of one; augment the images before they are encoded';
      throw new ConfigurationError(`${this.name}: fit`, [why]);
    }
    await this.checkCodes(data, 'fit');
    if (options.validation) await this.checkCodes(options.validation, 'validation');
    return super.fit(data, options);
  }

  /** The maps in a row of data, one after the other. */
  private get maps(): CodeMap[] {
    return [...this.config.conditions, this.config];
  }

  private async checkCodes(data: TrainingData, caller: string): Promise<void> {
    const { maps } = this;
    if (!isStream(data)) {
      const samples = await toSamples(data, this.expected(`${this.name}: ${caller}`), this.inputShape);
      return checkCodes(samples, maps);
    }
    let first = 0;
    for await (const { values } of data.chunks()) {
      checkCodes({ name: data.name, values, width: data.width }, maps, first);
      first += values.length / data.width;
    }
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** log p(c|s) of every row, in nats: [n]. */
  logLikelihood(data: SampleInput): tf.Tensor1D {
    return this.mapLabelled(data, 'logLikelihood', (inputs) => this.compiledLogProb(inputs).logProb as tf.Tensor1D);
  }

  /** Logits of every conditional: [n, P, K], those of position i from the codes before it. */
  logits(data: SampleInput): tf.Tensor3D {
    return this.mapLabelled(data, 'logits', (inputs) => this.compiledLogits(inputs).logits as tf.Tensor3D);
  }

  /** {@link logits} as cached sampling computes them, position by position. */
  cachedLogits(data: SampleInput): tf.Tensor3D {
    return this.mapLabelled(data, 'cachedLogits', ({ rows, y }) => {
      const { codes, conditions } = this.parts(rows as tf.Tensor2D);
      const [n, , , K] = codes.shape;
      const context = this.context.apply(conditions, (y as tf.Tensor1D | undefined) ?? null);
      return forcedLogits(this.network.cached(n, context), codes.reshape([n, this.positions, K]));
    });
  }

  /**
   * The mean of −log p(c|s) over the data, in nats per map, and in bits per code.
   *
   * @throws {DataError} when a value is no code
   */
  override async score(data: TrainingData, options: { seed?: number } = {}): Promise<AutoregressiveScore> {
    await this.checkCodes(data, 'score');
    const { negativeLogLikelihood, total } = await super.score(data, options);
    const bitsPerCode = negativeLogLikelihood! / (this.positions * Math.LN2);
    return { negativeLogLikelihood: negativeLogLikelihood!, total: total!, bitsPerCode };
  }

  /**
   * Draws maps of codes, code by code: int32 [count, P]. One seed gives the same codes with and without caches.
   *
   * @throws TypeError when the condition or the labels that the prior needs are missing
   */
  sample(count: number, options: CodeSampleOptions = {}): tf.Tensor2D {
    const { seed = this.seed, temperature = 1, cached = true } = options;
    checkCount(`${this.name}: sample`, count);
    if (!(temperature > 0)) throw new RangeError(`${this.name}: temperature is ${temperature}, allowed: more than 0.`);
    const { positions } = this;
    const { codebookSize } = this.config;
    return tf.tidy(() => {
      const given = this.given(count, options);
      const pass = cached ? this.cachedPass(count, given) : this.fullPasses(count, given);
      return drawCodes(pass, { count, positions, codebookSize, temperature, seed });
    });
  }

  private cachedPass(count: number, { conditions, labels }: Given): CachedPass {
    const sizes = this.config.conditions.map(({ height, width }) => height * width);
    const maps = conditions ? (tf.split(conditions.cast('int32'), sizes, 1) as tf.Tensor2D[]) : [];
    return this.network.cached(count, this.context.apply(maps, labels));
  }

  private fullPasses(count: number, { conditions, labels }: Given): CachedPass {
    return new FullPasses(count, this.positions, (codes) => {
      const rows = conditions ? tf.concat([conditions, codes], 1) : codes;
      const inputs: Record<string, tf.Tensor> = labels ? { rows, y: labels } : { rows };
      return this.compiledLogits(inputs).logits as tf.Tensor3D;
    });
  }

  private given(count: number, { condition, label }: CodeSampleOptions): Given {
    const { conditionWidth, classes } = this;
    const caller = `${this.name}: sample`;
    if (Array.isArray(condition)) {
      const values = Float32Array.from(condition.flat());
      checkCodes({ name: '"condition"', values, width: conditionWidth }, this.config.conditions);
    }
    const conditions = conditionWidth > 0 ? conditionRows(condition ?? [], count, conditionWidth, caller) : null;
    if (classes === null) return { conditions, labels: null };
    if (label === undefined) throw new TypeError(`${caller} needs the class of each map: give "label".`);
    const labels = Int32Array.from({ length: count }, (_, i) => (Array.isArray(label) ? label[i] : label) ?? -1);
    const all = Int32Array.from(labels.keys());
    return { conditions, labels: labelsOf({ name: '"label"', labels }, all, classes, caller) };
  }

  /** `f` of the rows and their labels, a chunk at a time, joined along the first axis. */
  private mapLabelled<T extends tf.Tensor>(
    data: SampleInput,
    verb: string,
    f: (inputs: Record<string, tf.Tensor>) => T,
  ): T {
    const caller = `${this.name}: ${verb}`;
    const labelled = data instanceof tf.Tensor || Array.isArray(data) ? { name: '', labels: null } : data;
    const ranges = rowRanges(data, this.expected(caller));
    // The codes of a tensor are not checked: they would have to be read back from the device first.
    if (Array.isArray(data))
      checkCodes({ ...labelled, values: Float32Array.from(data.flat()), width: data[0]!.length }, this.maps); // prettier-ignore
    else if (!(data instanceof tf.Tensor)) checkCodes(data, this.maps);
    return tf.tidy(() => {
      const parts = ranges.map(([start, end]) => {
        const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
        const rows = rowsOf(data, start, end);
        const labels = this.classes === null ? {} : { y: labelsOf(labelled, indices, this.classes, caller) };
        return tf.tidy(() => f({ rows, ...labels } as Record<string, tf.Tensor>));
      });
      return parts.length === 1 ? parts[0]! : (tf.concat(parts, 0) as T);
    });
  }
}

/** What sampling knows before the first code: conditions [count, P'] float32, labels int32 [count]. */
interface Given {
  conditions: tf.Tensor2D | null;
  labels: tf.Tensor1D | null;
}

function conditionRows(given: Codes, count: number, width: number, caller: string): tf.Tensor2D {
  const description = `as "condition" ${count} rows of ${width} codes`;
  const rows = mapRows(given, { caller, width, description }, (some) => some.cast('float32').clone() as tf.Tensor2D);
  if (rows.shape[0] === count) return rows;
  throw new TypeError(`${caller} expects ${description}; found ${rows.shape[0]} rows.`);
}

/** A checkpoint's configuration as it was given, without the shape that followed from it. */
export function withoutInput<Given>(config: unknown): Given {
  return Object.fromEntries(Object.entries(config as object).filter(([field]) => field !== 'input')) as Given;
}

/** The shape of the rows that {@link codesDataset} makes. */
export function rowShape(maps: readonly CodeMap[]): SampleShape {
  const width = maps.reduce((sum, map) => sum + map.height * map.width, 0);
  return { kind: 'vector', features: Array.from({ length: width }, (_, i) => `c${i + 1}`) };
}
