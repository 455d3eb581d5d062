import * as tf from '@tensorflow/tfjs';
import { object, takes } from '../../arguments';
import { ConfigurationError } from '../../config';
import type { CachedPass, CausalNetwork } from '../../networks/causal/causalNetwork';
import { CodeContext } from '../../networks/causal/codeContext';
import type { Terms } from '../../objectives/terms';
import { checkCount } from '../../samples';
import type { Expected, SampleInput } from '../../samples';
import type { TrainingData } from '../../training/batches/batches';
import type { TrainingHistory } from '../../training/logs/history';
import type { FitOptions } from '../../training/loop/options';
import { Model } from '../model';
import type { Given } from '../model';
import type { CheckedAutoregressiveConfig } from './autoregressiveConfig';
import { CodeRows } from './codeRows';
import type { Known, LabelledRows } from './codeRows';
import type { Codes } from './codes';
import { drawCodes, forcedLogits, FullPasses } from './sampling';

export type { AutoregressiveConfig } from './autoregressiveConfig';

/** A score in nats per map of codes, and in bits per code. */
export type AutoregressiveScore = { negativeLogLikelihood: number; total: number; bitsPerCode: number };

/** How codes are drawn from a prior over them. */
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

/** The batch, rows of codes, and their classes where the prior looks at them. */
interface CodesGiven extends Given {
  y?: tf.Tensor1D;
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
export abstract class AutoregressivePrior<Config extends CheckedAutoregressiveConfig> extends Model<
  Config,
  CodesGiven
> {
  /** The name in captions. */
  abstract readonly title: string;
  override readonly classes: number | null;
  /** How rows of data are made up. Codes are checked map by map. */
  private readonly rows: CodeRows;
  private readonly context: CodeContext;
  private readonly causal: CausalNetwork;
  private readonly compiledLogits = this.compiled((inputs) => ({ logits: this.logitsOf(labelled(inputs)) }));
  private readonly compiledLogProb = this.compiled((inputs) => ({ logProb: this.logProbOf(labelled(inputs)) }));

  /** @param network from one-hot codes to logits, given that many channels of context */
  constructor(config: Config, network: (contextChannels: number) => CausalNetwork) {
    super(config);
    this.classes = config.classes > 0 ? config.classes : null;
    this.rows = new CodeRows(config, config.conditions, this.classes, config.input);
    this.context = new CodeContext({ ...config, map: config });
    this.causal = this.adopt(network(this.context.channels));
    this.adopt(this.context);
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms({ x, y }: CodesGiven): Terms {
    const given = this.context.channels > 0 ? ', s' : '';
    return {
      negativeLogLikelihood: {
        value: this.logProbOf({ rows: x, ...(y && { y }) })
          .mean()
          .neg(),
        formula: `-\\sum_{i=1}^{P} \\log p(c_i \\mid c_1, \\dots, c_{i-1}${given})`,
        meaning: 'summed over the codes of a map, mean over the batch',
      },
    };
  }

  /** log p(c|s): [n]. */
  private logProbOf(given: LabelledRows): tf.Tensor1D {
    const { codes } = this.rows.apart(given.rows);
    const logP = tf.logSoftmax(this.logitsOf(given));
    return codes.mul(logP.reshape(codes.shape)).sum([1, 2, 3]);
  }

  /** [n, P, K]. */
  private logitsOf({ rows, y }: LabelledRows): tf.Tensor3D {
    const { codes, conditions } = this.rows.apart(rows);
    const logits = this.causal.apply(codes, this.context.apply(conditions, y ?? null));
    return logits.reshape([-1, this.positions, this.config.codebookSize]);
  }

  // --- its data ---------------------------------------------------------------------------------------------------

  /** P, the number of codes in a map. */
  get positions(): number {
    return this.rows.positions;
  }

  override expected(caller: string): Expected {
    return this.rows.expected(caller);
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
    await this.rows.check(data, `${this.name}: fit`);
    if (options.validation) await this.rows.check(options.validation, `${this.name}: validation`);
    return super.fit(data, options);
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    const { height, width, codebookSize, classes, conditions } = this.config;
    const given = [...conditions.map((map) => `${map.height} × ${map.width} codes`), ...(classes ? ['a class'] : [])];
    const after = given.length > 0 ? ` given ${given.join(' and ')}` : '';
    return `${this.title}, ${height} × ${width} of ${codebookSize} codes${after}`;
  }

  /** log p(c|s) of every row, in nats: [n]. */
  logProb(data: SampleInput): tf.Tensor1D {
    const logProb = (inputs: LabelledRows) => this.compiledLogProb({ ...inputs }).logProb;
    return this.rows.map(data, `${this.name}: logProb`, logProb);
  }

  /** Logits of every conditional: [n, P, K], those of position i from the codes before it. */
  logits(data: SampleInput): tf.Tensor3D {
    return this.rows.map(data, `${this.name}: logits`, (inputs) => this.compiledLogits({ ...inputs }).logits);
  }

  /** {@link logits} as cached sampling computes them, position by position. */
  cachedLogits(data: SampleInput): tf.Tensor3D {
    return this.rows.map(data, `${this.name}: cachedLogits`, ({ rows, y }) => {
      const { codes, conditions } = this.rows.apart(rows);
      const [n, , , K] = codes.shape;
      const context = this.context.apply(conditions, y ?? null);
      return forcedLogits(this.causal.cached(n, context), codes.reshape([n, this.positions, K]));
    });
  }

  /**
   * The mean of −log p(c|s) over the data, in nats per map, and in bits per code.
   *
   * @throws {DataError} when a value is no code
   */
  override async score(data: TrainingData, options: { seed?: number } = {}): Promise<AutoregressiveScore> {
    await this.rows.check(data, `${this.name}: score`);
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
    const caller = `${this.name}: sample`;
    takes(caller, ['options', options, object()]);
    const { seed = this.seed, temperature = 1, cached = true } = options;
    checkCount(caller, count);
    if (!(temperature > 0)) throw new RangeError(`${this.name}: temperature is ${temperature}, allowed: more than 0.`);
    const { positions } = this;
    const { codebookSize } = this.config;
    return tf.tidy(() => {
      const known = this.rows.known(count, options, caller);
      const pass = cached ? this.cachedPass(count, known) : this.fullPasses(count, known);
      return drawCodes(pass, { count, positions, codebookSize, temperature, seed });
    });
  }

  private cachedPass(count: number, { conditions, labels }: Known): CachedPass {
    return this.causal.cached(count, this.context.apply(this.rows.conditionsApart(conditions), labels));
  }

  private fullPasses(count: number, { conditions, labels }: Known): CachedPass {
    return new FullPasses(count, this.positions, (codes) => {
      const rows = conditions ? tf.concat([conditions, codes], 1) : codes;
      return this.compiledLogits({ rows, ...(labels && { y: labels }) }).logits;
    });
  }
}

function labelled({ rows, y }: Readonly<Record<string, tf.Tensor>>): LabelledRows {
  return { rows: rows as tf.Tensor2D, ...(y && { y: y as tf.Tensor1D }) };
}
