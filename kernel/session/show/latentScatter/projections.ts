/** The latents of a scatter on other axes: principal components of all rows, UMAP of those that are shown. */
import { Worker } from 'node:worker_threads';
import { Dataset, PCA } from '../../../autoencoders/index';
import { featureNames } from '../../../autoencoders/samples';
import { builtFile } from '../../../engine/packageRoot';
import { encode, encodeCodes } from '../../../views/encoding';
import type { Projections } from '../../../views/index';
import { turnedRows } from '../../../views/scatter/turned';
import type { Turned } from '../../../views/scatter/turned';
import type { UmapMessage, UmapTask } from './umapThread';

/** Components that a reader can choose axes from. */
const MOST_COMPONENTS = 12;
/** UMAP's own default. */
const NEIGHBOURS = 15;
const FEWEST = 4;
/** Bytes of a coordinate on other axes, as a view has it. */
const CODE_BYTES = 2;

/** Bytes that a view takes for each point on these axes, beside its latents. */
export function bytesOnAxes(axes: 'pca' | 'umap' | undefined, d: number, shown: 2 | 3): number {
  if (axes === undefined) return 0;
  // The places in a plane are there for those who leave the three dimensions.
  const coordinates = axes === 'pca' ? Math.min(MOST_COMPONENTS, d) : shown === 3 ? 2 + 3 : 2;
  return CODE_BYTES * coordinates;
}

interface Components {
  mean: Float32Array;
  /** [k · d] */
  directions: Float32Array;
  /** [n · k] of all rows. */
  scores: Float32Array;
  shares: Float32Array;
}

export class LatentProjections {
  private components: Promise<Components> | undefined;
  /** By their dimensions, 2 or 3. */
  private readonly places = new Map<2 | 3, Float32Array>();
  private worker: { worker: Worker; cancel(): void } | undefined;

  /**
   * @param latents [n · d] of all rows
   * @param shown   which rows the view holds
   */
  constructor(
    private readonly latents: Float32Array,
    private readonly d: number,
    private readonly shown: ArrayLike<number>,
  ) {}

  /** @param tell hears the share of the work that is done */
  async project(by: 'pca' | 'umap' | 'umap3', tell: (share: number) => void): Promise<Projections> {
    const { d, shown } = this;
    const n = shown.length;
    if (by !== 'pca') {
      const size = by === 'umap' ? 2 : 3;
      const places = encodeCodes(await this.embedded(size, tell), [n, size]);
      return by === 'umap' ? { umap: { places } } : { umap3: { places } };
    }
    const { mean, directions, scores, shares } = await this.principal();
    const k = shares.length;
    const own = rowsAt(scores, k, shown);
    return {
      pca: {
        mean: encode('float32', mean),
        directions: encode('float32', directions, [k, d]),
        scores: encodeCodes(own, [n, k]),
        shares: encode('float32', shares),
      },
    };
  }

  /** Ends what is under way. */
  stop(): void {
    this.worker?.cancel();
  }

  /** [n · 2] of all rows on two components; undefined if they have not been asked for. */
  async componentPlane([x, y]: readonly [number, number]): Promise<Float32Array | undefined> {
    if (!this.components) return undefined;
    const { scores, shares } = await this.components;
    const k = shares.length;
    return Float32Array.from(
      { length: (2 * scores.length) / k },
      (_, i) => scores[(i >> 1) * k + (i % 2 === 0 ? x : y)]!,
    );
  }

  /** The same of three components, as they are turned. */
  async componentsTurned(turned: Turned): Promise<Float32Array | undefined> {
    if (!this.components) return undefined;
    const { scores, shares } = await this.components;
    return turnedRows(scores, shares.length, turned).plane;
  }

  private principal(): Promise<Components> {
    this.components ??= principalOf(this.latents, this.d).catch((error: unknown) => {
      this.components = undefined;
      throw error;
    });
    return this.components;
  }

  private async embedded(size: 2 | 3, tell: (share: number) => void): Promise<Float32Array> {
    const known = this.places.get(size);
    if (known) return known;
    const { d, shown } = this;
    const rows = rowsAt(this.latents, d, shown);
    const finite = Array.from({ length: shown.length }, (_, i) => i).filter((i) => isFinite(rows, d, i));
    if (finite.length < FEWEST) {
      throw new Error(`UMAP needs at least ${FEWEST} points with finite coordinates; found ${finite.length}.`);
    }
    const { scores, shares } = await this.principal();
    const k = shares.length;
    const start = Float32Array.from({ length: size * finite.length }, (_, i) => {
      const [point, component] = [Math.floor(i / size), i % size];
      return component < k ? scores[shown[finite[point]!]! * k + component]! : 0;
    });
    const n = finite.length;
    const neighbours = Math.min(NEIGHBOURS, n - 1);
    const found = await this.run({ rows: rowsAt(rows, d, finite), n, d, size, start, neighbours, seed: 0 }, tell);
    const places = new Float32Array(size * shown.length).fill(NaN);
    finite.forEach((point, i) => places.set(found.subarray(size * i, size * (i + 1)), size * point));
    this.places.set(size, places);
    return places;
  }

  private run(task: UmapTask, tell: (share: number) => void): Promise<Float32Array> {
    this.stop();
    return new Promise((resolve, reject) => {
      const worker = new Worker(builtFile('umapThread.js'), { workerData: task, execArgv: [] });
      const end = (settle: () => void) => {
        if (this.worker?.worker === worker) this.worker = undefined;
        void worker.terminate();
        settle();
      };
      const fail = (message: string) => end(() => reject(new Error(message)));
      this.worker = { worker, cancel: () => fail('UMAP was cancelled.') };
      worker.on('message', (message: UmapMessage) => {
        if ('share' in message) tell(message.share);
        else end(() => resolve(message.places));
      });
      worker.on('error', (error) => fail(`UMAP failed: ${error.message}`));
      worker.on('exit', () => fail('UMAP ended before it had finished.'));
      worker.unref();
    });
  }
}

async function principalOf(latents: Float32Array, d: number): Promise<Components> {
  const n = latents.length / d;
  const finite = Array.from({ length: n }, (_, i) => i).filter((i) => isFinite(latents, d, i));
  if (finite.length < 2)
    throw new Error(`PCA needs at least 2 points with finite coordinates; found ${finite.length}.`);
  const k = Math.min(MOST_COMPONENTS, d, finite.length - 1);
  const values = rowsAt(latents, d, finite);
  const pca = await PCA.fit(new Dataset({ values, shape: { kind: 'vector', features: featureNames(d) } }), k);
  const { mean, components: directions } = pca;
  const scores = new Float32Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (latents[i * d + j]! - mean[j]!) * directions[c * d + j]!;
      scores[i * k + c] = sum;
    }
  }
  return { mean, directions, scores, shares: Float32Array.from(pca.explainedVarianceRatio) };
}

function rowsAt(rows: Float32Array, width: number, indices: ArrayLike<number>): Float32Array {
  const chosen = new Float32Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    chosen.set(rows.subarray(indices[i]! * width, (indices[i]! + 1) * width), i * width);
  }
  return chosen;
}

function isFinite(rows: Float32Array, width: number, row: number): boolean {
  for (let j = 0; j < width; j++) if (!Number.isFinite(rows[row * width + j])) return false;
  return true;
}
