import * as tf from '@tensorflow/tfjs';
import { labelled, labelsOfDraws } from '../../conditioning/labelledRows';
import { ConfigurationError } from '../../config';
import type { Level, LevelCodes, VQVAE2 } from '../quantized/vqvae2';
import type { CodeMap } from '../../networks/causal/codeContext';
import { isStream } from '../../training/batches/batches';
import type { SampleInput, SampleShape } from '../../samples';
import type { TrainingHistory } from '../../training/logs/history';
import type { FitOptions } from '../../training/loop/options';
import { codesDataset } from './codes';
import { PixelCNN } from './pixelCnn';
import type { PixelCNNConfig } from './pixelCnn';
import { PixelSNAIL } from './pixelSnail';
import type { PixelSNAILConfig } from './pixelSnail';

/** The prior of a level: an existing one, or the configuration of a new one, whose maps follow from the model. */
export type LevelPrior = PixelCNN | PixelSNAIL | NewPrior;

/** A prior over the codes of a level that is made with the model: a PixelCNN or PixelSNAIL with its options. */
export type NewPrior =
  | ({ kind: 'PixelCNN' } & Omit<PixelCNNConfig, keyof CodeMap | 'conditions'>)
  | ({ kind: 'PixelSNAIL' } & Omit<PixelSNAILConfig, keyof CodeMap | 'conditions'>);

/**
 * The second stage of VQ-VAE-2 (Razavi, van den Oord and Vinyals 2019, section 3.2): priors over the codes of a trained
 * model, one for the top, and one for each level below, given all levels above it,
 *
 * $$p(c) = p(c^{\text{top}})\,p(c^{\text{bottom}} \mid c^{\text{top}})$$
 *
 * By default, as in the paper, the top has attention (PixelSNAIL), and the large map below it has none (PixelCNN).
 */
export class VQVAE2Prior {
  readonly name: string;
  /** The priors by level. */
  readonly priors: Readonly<LevelCodes<PixelCNN | PixelSNAIL>>;

  /**
   * @param model a trained model, whose codes must not change any more
   * @param priors priors by level; by default a {@link PixelSNAIL} at the top and {@link PixelCNN}s below
   * @throws {ConfigurationError} when a prior is for other maps than the model's
   */
  constructor(
    readonly model: VQVAE2,
    priors: Partial<Record<Level, LevelPrior>> = {},
  ) {
    this.name = `prior of ${model.name}`;
    const built = model.levels.map((level) => {
      const kind = level === 'top' ? 'PixelSNAIL' : 'PixelCNN';
      const usual = { kind, seed: model.seed } as NewPrior;
      return [level, priorOf(priors[level] ?? usual, level, model)];
    });
    this.priors = Object.fromEntries(built) as LevelCodes<PixelCNN | PixelSNAIL>;
  }

  /** The shape of what {@link sample} draws. */
  get inputShape(): SampleShape {
    return this.model.inputShape;
  }

  /**
   * Encodes the data, then trains the priors one by one, starting at the top.
   *
   * @param options for all trainings, or for each level
   * @returns the histories by level
   */
  async fit(data: SampleInput, options: FitOptions | LevelCodes<FitOptions>): Promise<LevelCodes<TrainingHistory>> {
    const histories: Partial<Record<Level, TrainingHistory>> = {};
    for (const level of this.model.levels) {
      const { validation, ...given } = ('top' in options ? options[level] : options) as FitOptions;
      if (validation && isStream(validation)) throw new TypeError(`VQVAE2Prior: validation data have to be in memory.`);
      const heldOut = validation && { validation: await this.codesOf(validation, level) };
      histories[level] = await this.prior(level).fit(await this.codesOf(data, level), { ...given, ...heldOut });
    }
    return histories as LevelCodes<TrainingHistory>;
  }

  /** The model's codes of the data as the prior of a level takes them: [codes of the levels above, its own]. */
  async codesOf(data: SampleInput, level: Level): Promise<Awaited<ReturnType<typeof codesDataset>>> {
    const codes = this.model.codes(data);
    const labels = data instanceof tf.Tensor || Array.isArray(data) ? null : data.labels;
    const conditions = this.above(level).map((upper) => codes[upper]!);
    try {
      return await codesDataset(codes[level]!, { conditions, labels: labels ?? null, name: `codes of the ${level}` });
    } finally {
      tf.dispose(Object.values(codes));
    }
  }

  /** −log p of the codes of the data by level, in nats per sample and in bits per code, and the sum of all levels. */
  async score(data: SampleInput): Promise<LevelCodes<LevelScore> & { negativeLogLikelihood: number }> {
    const scores: Partial<Record<Level, LevelScore>> = {};
    let negativeLogLikelihood = 0;
    for (const level of this.model.levels) {
      const score = await this.prior(level).score(await this.codesOf(data, level));
      negativeLogLikelihood += score.negativeLogLikelihood;
      scores[level] = score;
    }
    return { ...(scores as LevelCodes<LevelScore>), negativeLogLikelihood };
  }

  /** Draws codes from the top down: int32 [count, P] by level. */
  sampleCodes(count: number, { seed = this.model.seed, temperature = 1, label }: SampleOptions = {}): LevelCodes {
    const drawn = new Map<Level, tf.Tensor2D>();
    for (const level of this.model.levels) {
      const codes = tf.tidy(() => {
        const known = this.above(level).map((upper) => drawn.get(upper)!.toFloat());
        const condition = known.length > 0 ? { condition: tf.concat(known, 1) as tf.Tensor2D } : {};
        const labelled = this.prior(level).classes === null ? {} : { label };
        return this.prior(level).sample(count, { seed, temperature, ...condition, ...labelled });
      });
      drawn.set(level, codes);
    }
    return Object.fromEntries(drawn) as LevelCodes;
  }

  /** Draws images, the decoded codes of {@link sampleCodes}: [count, d]. */
  sample(count: number, options: SampleOptions = {}): tf.Tensor2D {
    const labels = labelsOfDraws(this.model, options.label, count, 'VQVAE2Prior: sample');
    return tf.tidy(() => this.model.decodeCodes(this.sampleCodes(count, options), labelled(labels)));
  }

  /** Frees the priors; the model stays. */
  dispose(): void {
    for (const level of this.model.levels) this.prior(level).dispose();
  }

  private prior(level: Level): PixelCNN | PixelSNAIL {
    return this.priors[level]!;
  }

  private above(level: Level): Level[] {
    return this.model.levels.slice(0, this.model.levels.indexOf(level));
  }
}

/** How likely the prior of a level finds the codes of held-out samples. */
export interface LevelScore {
  /** −log p of the codes, in nats per sample. */
  negativeLogLikelihood: number;
  /** The same in bits, for each code. */
  bitsPerCode: number;
}

export interface SampleOptions {
  /** The seed. Default: the model's own. */
  seed?: number;
  /** The temperature of all levels. Default 1. */
  temperature?: number;
  /** Class of all samples, or of each, for priors that know classes. */
  label?: number | number[];
}

function priorOf(given: LevelPrior, level: Level, model: VQVAE2): PixelCNN | PixelSNAIL {
  const conditions = model.levels.slice(0, model.levels.indexOf(level)).map((upper) => model.maps[upper]!);
  const maps = { ...model.maps[level]!, conditions };
  if (given instanceof PixelCNN || given instanceof PixelSNAIL) return checkedPrior(given, level, maps);
  const { kind, ...config } = given;
  return kind === 'PixelCNN' ? new PixelCNN({ ...config, ...maps }) : new PixelSNAIL({ ...config, ...maps });
}

function checkedPrior(
  prior: PixelCNN | PixelSNAIL,
  level: Level,
  { conditions, ...map }: CodeMap & { conditions: CodeMap[] },
): PixelCNN | PixelSNAIL {
  const expected = [...conditions, map].map(mapText).join(', then ');
  const found = [...prior.config.conditions, prior.config].map(mapText).join(', then ');
  if (found === expected) return prior;
  throw new ConfigurationError('VQVAE2Prior', [`the prior of the ${level} is for ${found}; expected ${expected}`]);
}

function mapText({ height, width, codebookSize }: CodeMap): string {
  return `${height} × ${width} of ${codebookSize} codes`;
}
