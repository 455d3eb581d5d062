/** How a latent space came about: where a model put some rows, epoch by epoch, each turned to lie as the next one does. */
import { dataset, modelWith, object, optional, takes, whole } from '../../../autoencoders/arguments';
import type { Dataset } from '../../../autoencoders/index';
import { encode } from '../../../views/encoding';
import { fairSample } from '../../../views/thinning';
import type { LatentFrames as FramesOfView } from '../../../views/types';
import { alignedTo, type Alignment } from './procrustes';
import { read, type LatentModel } from './model';

/** Options of {@link latentFrames}. */
export interface LatentFramesOptions {
  /** Rows that are followed, a fair sample of all. Default 500; fewer where a latent has many dimensions. */
  rows?: number;
  /** Frames that are kept at most: of more, every other one goes, and from then on every other one is taken. Default 24. */
  frames?: number;
}

interface Frame {
  epoch: number;
  step: number;
  /** [m · k] */
  latents: Float32Array;
}

const ROWS = 500;
const FRAMES = 24;
/** Coordinates of all frames together: what a saved view may take. */
const MOST_COORDINATES = 40_000;

/** Latents of the same samples, kept after each epoch of a training, for {@link latentScatter} to play. */
export class LatentFrames {
  /** Which rows of the data set are followed, ascending. */
  readonly rows: Int32Array;
  private readonly sample: Dataset;
  private frames: Frame[] = [];
  private readonly most: number;
  /** Epochs from one frame to the next. */
  private stride = 1;

  /** For `fit(data, { callbacks: frames.callbacks })`. */
  readonly callbacks = {
    started: () => this.record(),
    epochEnded: () => this.record(),
  };

  /** @internal */
  constructor(
    private readonly model: LatentModel,
    data: Dataset,
    options: LatentFramesOptions,
  ) {
    this.most = options.frames ?? FRAMES;
    const fits = Math.max(20, Math.floor(MOST_COORDINATES / (this.most * model.latentDimensions)));
    this.rows = Int32Array.from(fairSample(data.length, options.rows ?? Math.min(ROWS, fits), 0));
    this.sample = data.select(this.rows);
  }

  /** How many there are. */
  get length(): number {
    return this.frames.length;
  }

  /** Takes the latents as they are now, if it is their turn: what {@link callbacks} do after each epoch. */
  async record(): Promise<void> {
    const { step = 0, epoch = this.frames.length } = this.model.position ?? {};
    if (epoch % this.stride !== 0 || this.frames.at(-1)?.step === step) return;
    const latents = await read(this.model.encode(this.sample));
    this.frames.push({ epoch, step, latents });
    if (this.frames.length <= this.most) return;
    this.stride *= 2;
    this.frames = this.frames.filter(({ epoch: taken }) => taken % this.stride === 0);
  }

  /**
   * As a view holds them, up to the latents that it shows.
   *
   * @param now where the rows are in the view: [m · k]; frames are turned to lie as it does
   */
  view(now: Float32Array): FramesOfView {
    const d = this.model.latentDimensions;
    const m = this.rows.length;
    const alignments: Alignment[] = [];
    let later = now;
    // From the last to the first, each to the one after it: neighbours are alike, ends are not.
    for (const { latents } of this.frames.toReversed()) {
      const aligned = alignedTo(latents, later, d);
      alignments.unshift(aligned);
      later = aligned.aligned;
    }
    const frames = this.frames.length;
    const all = (latents: readonly Float32Array[]) => {
      const joined = new Float32Array(frames * m * d);
      latents.forEach((one, i) => joined.set(one, i * m * d));
      return encode('float32', joined, [frames, m, d]);
    };
    return {
      rows: encode('int32', this.rows),
      epochs: this.frames.map(({ epoch }) => epoch),
      steps: this.frames.map(({ step }) => step),
      stride: this.stride,
      latents: all(this.frames.map(({ latents }) => latents)),
      ...(d > 1 && { aligned: all(alignments.map(({ aligned }) => aligned)) }),
    };
  }
}

/**
 * Follows some rows of data through the trainings of a model: where it puts them after each epoch, for
 * `latentScatter(model, data, { frames })`.
 *
 * ```ts
 * const frames = latentFrames(vae, heldOut);
 * await vae.fit(train, { epochs: 30, callbacks: frames.callbacks });
 * await latentScatter(vae, heldOut, { frames })
 * ```
 */
export function latentFrames(model: LatentModel, data: Dataset, options: LatentFramesOptions = {}): LatentFrames {
  takes('latentFrames', ['model', model, modelWith('encode')], ['data', data, dataset], ['options', options, object()]);
  takes('latentFrames', ['rows', options.rows, optional(whole(2))], ['frames', options.frames, optional(whole(2))]);
  return new LatentFrames(model, data, options);
}
