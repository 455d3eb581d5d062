/** The history of a latent space: where a model put some rows after each epoch, each frame rotated onto the next. */
import { dataset, flag, modelWith, object, optional, takes, whole } from '../../../autoencoders/arguments';
import type { Dataset } from '../../../autoencoders/index';
import { encode, encodeCodes } from '../../../views/encoding';
import { classSample } from '../../../views/thinning';
import type { LatentFrames as FramesOfView } from '../../../views/types';
import { alignedTo, type Alignment } from './procrustes';
import { read, type LatentModel } from './model';

/** Options of {@link latentFrames}. */
export interface LatentFramesOptions {
  /** How many rows to follow, with each class in proportion. Default 500, and fewer if latents have many dimensions. */
  rows?: number;
  /**
   * The most frames to keep. Once there are more, every other frame is dropped, and from then on every other epoch is
   * recorded. Default 24.
   */
  frames?: number;
  /**
   * Keeps every row, frame and digit, however large the view becomes. Default: the frames of a view stay below 300 kB,
   * and the view says how many of the followed rows it has.
   */
  full?: boolean;
}

interface Frame {
  epoch: number;
  step: number;
  /** [m · k] */
  latents: Float32Array;
}

const ROWS = 500;
const FRAMES = 24;
/** Coordinates of all frames together: what a saved view may take, twice (turned alike, and as they were), as codes. */
const MOST_COORDINATES = 50_000;
/** Rows that are kept before frames go. */
const LEAST_ROWS = 20;

/** How many rows and frames of so many fit into a view. */
function fitting(rows: number, frames: number, dimensions: number): { rows: number; frames: number } {
  const keptFrames = Math.max(1, Math.min(frames, Math.floor(MOST_COORDINATES / (LEAST_ROWS * dimensions))));
  return { rows: Math.max(1, Math.min(rows, Math.floor(MOST_COORDINATES / (keptFrames * dimensions)))), frames: keptFrames }; // prettier-ignore
}

/** Records the latents of the same samples after each epoch of a training, for the slider of {@link latentScatter}. */
export class LatentFrames {
  /** Which rows of the data set are followed, ascending. */
  readonly rows: Int32Array;
  private readonly sample: Dataset;
  private readonly isFull: boolean;
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
    this.isFull = options.full ?? false;
    this.most = options.frames ?? (this.isFull ? Infinity : FRAMES);
    const fits = this.isFull ? data.length : Math.min(ROWS, fitting(ROWS, this.most, model.latentDimensions).rows);
    this.rows = Int32Array.from(classSample(data.labels ?? null, data.length, options.rows ?? fits, 0));
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

  /** What of it a view holds: places among {@link rows}, and frames. */
  get kept(): { places: number[]; frames: number[] } {
    const [m, f] = [this.rows.length, this.frames.length];
    const { rows, frames } = this.isFull ? { rows: m, frames: f } : fitting(m, f, this.model.latentDimensions);
    // Evenly, the first and the last of them.
    const evenly = (i: number) => Math.round((i * (f - 1)) / Math.max(1, frames - 1));
    return {
      places: classSample(this.sample.labels ?? null, m, rows, 0),
      frames: Array.from({ length: Math.min(f, frames) }, (_, i) => evenly(i)),
    };
  }

  /**
   * As a view holds them, up to the latents that it shows.
   *
   * @param nowOf where rows of the data are in the view: [rows · k]; frames are turned to lie as it does
   */
  view(nowOf: (rows: Int32Array) => Float32Array): FramesOfView {
    const d = this.model.latentDimensions;
    const { places, frames: kept } = this.kept;
    const rows = Int32Array.from(places, (place) => this.rows[place]!);
    const frames = kept.map((i) => this.frames[i]!);
    const alignments: Alignment[] = [];
    let later = nowOf(this.rows);
    // From the last to the first, each to the one after it: neighbours are alike, ends are not.
    for (const { latents } of frames.toReversed()) {
      const aligned = alignedTo(latents, later, d);
      alignments.unshift(aligned);
      later = aligned.aligned;
    }
    const [f, m] = [frames.length, rows.length];
    const all = (latents: readonly Float32Array[]) => {
      const joined = new Float32Array(f * m * d);
      latents.forEach((one, i) =>
        places.forEach((place, at) => joined.set(one.subarray(place * d, (place + 1) * d), (i * m + at) * d)),
      );
      return this.isFull ? encode('float32', joined, [f, m, d]) : encodeCodes(joined, [f, m, d]);
    };
    return {
      rows: encode('int32', rows),
      followed: this.rows.length,
      epochs: frames.map(({ epoch }) => epoch),
      steps: frames.map(({ step }) => step),
      stride: this.stride,
      latents: all(frames.map(({ latents }) => latents)),
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
  takes('latentFrames', ['full', options.full, optional(flag)]);
  return new LatentFrames(model, data, options);
}
