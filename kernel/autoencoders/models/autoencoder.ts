import * as tf from '@tensorflow/tfjs';
import { object, takes } from '../arguments';
import { checkCount, mapRows, shapeText, widthOf } from '../samples';
import type { Expected, SampleInput } from '../samples';
import type { ExportedFunctions } from '../training/checkpoints/onnxFiles';
import type { CommonConfig } from './commonConfig';
import { Model } from './model';
import type { Given } from './model';

/** How latents are drawn. */
export interface LatentDraws {
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
 * A model with latents: beside its terms a class states {@link latentDimensions}, {@link encodeRows} and
 * {@link decodeRows}, and can then encode, decode, reconstruct, and be written as ONNX.
 */
export abstract class Autoencoder<Config extends object = CommonConfig, G extends Given = Given> extends Model<
  Config,
  G
> {
  /** k, the numbers in one latent. */
  abstract readonly latentDimensions: number;
  private readonly encoding = this.compiledRows((x) => this.encodeRows(x));
  private readonly decoding = this.compiledRows((z) => this.decodeRows(z));

  /** Latents: [n, d] → [n, latentDimensions]. */
  protected encodeRows(x: tf.Tensor2D): tf.Tensor2D;
  protected encodeRows(): tf.Tensor2D {
    throw this.lacks('encodeRows(x: [n, d]): [n, latentDimensions]');
  }

  /** What latents stand for: [n, latentDimensions] → [n, d]. */
  protected decodeRows(z: tf.Tensor2D): tf.Tensor2D;
  protected decodeRows(): tf.Tensor2D {
    throw this.lacks('decodeRows(z: [n, latentDimensions]): [n, d]');
  }

  /**
   * Latents of every row: [n, d] → [n, latentDimensions]. For a variational model the means of the posterior, for a
   * quantised one the vectors of its codes, side by side.
   */
  encode(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: encode`), this.encoding);
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
    return tf.tidy(() => this.encode(x).tile([draws, 1]));
  }

  /** What latents stand for: [n, latentDimensions] → [n, d]. For a likelihood its mean. */
  decode(z: tf.Tensor2D | number[][]): tf.Tensor2D {
    return mapRows(z, this.expectedLatents(), this.decoding);
  }

  /** Every row encoded and decoded again: [n, d] → [n, d]. */
  reconstruct(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: reconstruct`), (rows) => this.decoding(this.encoding(rows)));
  }

  /** `encoder`, `decoder`, and `model`, which is both: rows to reconstructed rows. */
  protected override exported(): ExportedFunctions {
    const [d, k] = [widthOf(this.inputShape), this.latentDimensions];
    const rows = `x: [n, ${d}], a row for each ${shapeText(this.inputShape)}`;
    return {
      encoder: {
        documentation: `encoder. ${rows}.`,
        inputs: { x: [d] },
        run: ({ x }) => this.encoderOutputs(x as tf.Tensor2D),
      },
      decoder: {
        documentation: `decoder. z: [n, ${k}].`,
        inputs: { z: [k] },
        run: ({ z }) => this.decoderOutputs(z as tf.Tensor2D),
      },
      model: {
        documentation: `reconstruction. ${rows}.`,
        inputs: { x: [d] },
        run: ({ x }) => {
          const outputs = this.encoderOutputs(x as tf.Tensor2D);
          return { ...outputs, ...this.decoderOutputs(outputs.z as tf.Tensor2D) };
        },
      },
    };
  }

  /** The latents and what else the encoder knows, for ONNX. */
  encoderOutputs(x: tf.Tensor2D): Record<string, tf.Tensor> & { z: tf.Tensor } {
    return { z: this.encodeRows(x) };
  }

  /** What the decoder knows, for ONNX. */
  decoderOutputs(z: tf.Tensor2D): Record<string, tf.Tensor> & { xHat: tf.Tensor } {
    return { xHat: this.decodeRows(z) };
  }

  /** What `decode` takes. */
  protected expectedLatents(): Expected {
    const width = this.latentDimensions;
    return { caller: `${this.name}: decode`, width, description: `rows of ${width} latent values` };
  }

  private lacks(method: string): TypeError {
    return new TypeError(
      `${this.kind} has no ${method}; a class that extends Autoencoder states it to encode and decode.`,
    );
  }
}
