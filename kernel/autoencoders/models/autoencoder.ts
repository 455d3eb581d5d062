import * as tf from '@tensorflow/tfjs';
import { object, takes } from '../arguments';
import { conditioningOf } from '../conditioning/fields';
import type { ConditioningConfig } from '../conditioning/fields';
import { givenLabels, mapLabelledRows } from '../conditioning/labelledRows';
import type { Labelled } from '../conditioning/labelledRows';
import { checkCount, rowRanges, shapeText, widthOf } from '../samples';
import type { Expected, SampleInput, Samples } from '../samples';
import type { ExportedFunctions } from '../training/checkpoints/onnxFiles';
import type { CommonConfig } from './commonConfig';
import { Model } from './model';
import type { Given } from './model';

/** How latents are drawn. */
export interface LatentDraws extends Labelled {
  /** Seeds the draws; the model's own unless told. */
  seed?: number;
  /** Draws for each row. Default 1. */
  draws?: number;
}

/** `VAE, 2 latents`. */
export function nameWithLatents(model: string, latents: number): string {
  return `${model}, ${latents} latent${latents === 1 ? '' : 's'}`;
}

/**
 * A model with latents. In addition to its terms, a class defines {@link latentDimensions}, {@link encodeRows} and
 * {@link decodeRows}. Then it can encode, decode, reconstruct, and be saved as ONNX.
 *
 * With `classes` in the configuration, all of these take the class of each row. With `missing`, NaN in x marks a
 * missing value, and the encoder sees 0 for it. A class reads both through {@link seen} and builds its networks with
 * {@link conditioned}.
 */
export abstract class Autoencoder<Config extends object = CommonConfig, G extends Given = Given> extends Model<
  Config,
  G
> {
  /** k, the numbers in one latent. */
  abstract readonly latentDimensions: number;
  private readonly encoding = this.compiledSeen((x, y) => this.encodeRows(x, y));
  private readonly decoding = this.compiledRows((zAndY) => this.decodeRows(...this.conditioning.apart(zAndY)));

  /** @throws {ConfigurationError} for an impossible shape, seed, optimizer or number of classes */
  constructor(config: Config & CommonConfig & ConditioningConfig) {
    super(config, conditioningOf(new.target.name, config));
  }

  /**
   * Latents: [n, d] → [n, latentDimensions].
   *
   * @param x 0 for what is missing
   * @param y the classes as zeros and ones, [n, C]; undefined for a model without
   */
  protected encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D;
  protected encodeRows(): tf.Tensor2D {
    throw this.lacks('encodeRows(x: [n, d]): [n, latentDimensions]');
  }

  /** What latents stand for: [n, latentDimensions], and y as for {@link encodeRows} → [n, d]. */
  protected decodeRows(z: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D;
  protected decodeRows(): tf.Tensor2D {
    throw this.lacks('decodeRows(z: [n, latentDimensions]): [n, d]');
  }

  /**
   * Latents of every row: [n, d] → [n, latentDimensions]. For a variational model the means of the posterior, for a
   * quantised one the vectors of its codes, side by side.
   *
   * @param options.labels the class of every row, or one for all, for a model of classes whose data do not name them
   * @throws TypeError when a model of classes is not told them
   */
  encode(x: SampleInput, options: Labelled = {}): tf.Tensor2D {
    return this.mapped(x, options, 'encode', this.encoding);
  }

  /**
   * Latents as the decoder meets them in training, which is what a density of latents is to be fitted to: [n, d] →
   * [draws · n, latentDimensions], all rows once, then all again. For a variational model they are draws of q(z|x), whose
   * spread about its means `encode` leaves out; for others those of `encode`, the same at every draw.
   */
  drawLatents(x: SampleInput, options: LatentDraws = {}): tf.Tensor2D {
    takes(`${this.name}: drawLatents`, ['options', options, object()]);
    const { draws = 1 } = options;
    checkCount(`${this.name}: drawLatents`, draws);
    return tf.tidy(() => this.encode(x, options).tile([draws, 1]));
  }

  /**
   * What latents stand for: [n, latentDimensions] → [n, d]. For a likelihood its mean.
   *
   * @param options.labels the class of every row, or one for all, for a model of classes
   */
  decode(z: tf.Tensor2D | number[][], options: Labelled = {}): tf.Tensor2D {
    return this.mappedLatents(z, options, this.expectedLatents(), this.decoding);
  }

  /** Every row encoded and decoded again, with its own class: [n, d] → [n, d]. */
  reconstruct(x: SampleInput, options: Labelled = {}): tf.Tensor2D {
    return this.mapped(x, options, 'reconstruct', (xAndY) => {
      const [, y] = this.conditioning.apart(xAndY);
      return this.decoding(this.conditioning.beside(this.encoding(xAndY), y));
    });
  }

  /**
   * `encoder`, `decoder`, and `model`, which is both: rows to reconstructed rows; with the class of each row as zeros and
   * ones, `y` [n, C], where the model has some.
   */
  protected override exported(): ExportedFunctions {
    const [d, k] = [widthOf(this.inputShape), this.latentDimensions];
    const absent = this.missing ? ', NaN where a value is missing' : '';
    const { words, inputs } = this.conditioning.exported;
    const rows = `x: [n, ${d}], a row for each ${shapeText(this.inputShape)}${absent}${words}`;
    const encoded = (x: tf.Tensor, y?: tf.Tensor) => {
      const seen = this.conditioning.seenBeside(this.conditioning.beside(x as tf.Tensor2D, y as tf.Tensor2D));
      return this.encoderOutputs(seen.x, seen.y);
    };
    const decoded = (z: tf.Tensor, y?: tf.Tensor) => this.decoderOutputs(z as tf.Tensor2D, y as tf.Tensor2D);
    return {
      encoder: {
        documentation: `encoder. ${rows}.`,
        inputs: { x: [d], ...inputs },
        run: ({ x, y }) => encoded(x!, y),
      },
      decoder: {
        documentation: `decoder. z: [n, ${k}]${words}.`,
        inputs: { z: [k], ...inputs },
        run: ({ z, y }) => decoded(z!, y),
      },
      model: {
        documentation: `reconstruction. ${rows}.`,
        inputs: { x: [d], ...inputs },
        run: ({ x, y }) => {
          const outputs = encoded(x!, y);
          return { ...outputs, ...decoded(outputs.z, y) };
        },
      },
    };
  }

  /** The latents and what else the encoder knows, for ONNX. */
  encoderOutputs(x: tf.Tensor2D, y?: tf.Tensor2D): Record<string, tf.Tensor> & { z: tf.Tensor } {
    return { z: this.encodeRows(x, y) };
  }

  /** What the decoder knows, for ONNX. */
  decoderOutputs(z: tf.Tensor2D, y?: tf.Tensor2D): Record<string, tf.Tensor> & { xHat: tf.Tensor } {
    return { xHat: this.decodeRows(z, y) };
  }

  /** What `decode` takes. */
  protected expectedLatents(): Expected {
    const width = this.latentDimensions;
    return { caller: `${this.name}: decode`, width, description: `rows of ${width} latent values` };
  }

  /** A function of what is seen of rows that may have their classes beside them; for {@link mapped}. */
  protected compiledSeen(f: (x: tf.Tensor2D, y?: tf.Tensor2D) => tf.Tensor2D): (xAndY: tf.Tensor2D) => tf.Tensor2D {
    return this.compiledRows((xAndY) => {
      const { x, y } = this.conditioning.seenBeside(xAndY);
      return f(x, y);
    });
  }

  /** The class that is not known, for samples of a model of classes that have no labels, in {@link Trainable.diagnostics}. */
  protected unlessLabelled(samples: Samples): Labelled {
    return this.conditioning.classes === null || samples.labels ? {} : { labels: -1 };
  }

  /** `f` of rows with their classes beside them, where the model has some; the method is `verb`. */
  protected mapped<T extends tf.Tensor>(
    x: SampleInput,
    options: Labelled,
    verb: string,
    f: (xAndY: tf.Tensor2D) => T,
  ): T {
    const caller = `${this.name}: ${verb}`;
    takes(caller, ['options', options, object()]);
    return mapLabelledRows(this.conditioning, x, options.labels, this.expected(caller), f);
  }

  /** The same for latents, whose classes have to be given. */
  protected mappedLatents<T extends tf.Tensor>(
    z: tf.Tensor2D | number[][],
    options: Labelled,
    expected: Expected,
    f: (zAndY: tf.Tensor2D) => T,
  ): T {
    const { caller } = expected;
    takes(caller, ['options', options, object()]);
    if (this.conditioning.classes === null) return mapLabelledRows(this.conditioning, z, undefined, expected, f);
    const [, count] = rowRanges(z, expected).at(-1)!;
    return mapLabelledRows(this.conditioning, z, givenLabels(options.labels, count, caller), expected, f);
  }

  private lacks(method: string): TypeError {
    return new TypeError(
      `${this.kind} has no ${method}; a class that extends Autoencoder defines it in order to encode and decode.`,
    );
  }
}
