/** A latent scatter in the kernel: all rows behind it, and the answers to what its reader asks. */
import type { Dataset } from '../../../autoencoders/index';
import type { SelectionMade, ViewRequest, ViewResult } from '../../../protocol';
import { colourColumn, type ColourColumn } from '../../../views/index';
import type { Region } from '../../../views/scatter/selecting';
import { turnedRows } from '../../../views/scatter/turned';
import { lerp, slerp } from '../../../autoencoders/index';
import { liveColumn } from './colours';
import { decodeAll, reconstructAll, sampleOf, squaredError, type LatentModel } from './model';
import type { LatentProjections } from './projections';
import { rowsOf, selectionOf, type LatentSelection } from './selections';

/** Milliseconds between words of a training that continues. */
const BETWEEN_MS = 1000;
/** Steps that a way may have. */
const MOST_STEPS = 100;
/** The type of a kept selection, as cells would write it. */
const SELECTION_TYPE = "import('latentlab').LatentSelection";

export interface ScatterParts {
  model: LatentModel;
  data: Dataset;
  /** [n · d] of all rows. */
  latents: Float32Array;
  /** Which row each point of the view is. */
  shown: ArrayLike<number>;
  /** [n] class of each row as the view has it, or null. */
  labels: ArrayLike<number> | null;
  /** The class that points are decoded as, for a model with classes. */
  label: number;
}

/** The notebook's variables, and its views. */
export interface Binding {
  propose(): string;
  /** @throws Error for a name that is none, or is taken */
  bind(name: string, value: LatentSelection): Promise<void>;
  /** Tells the views of the scatter what is new. */
  tell(change: { projected: number } | { newer: number }): void;
}

export class LiveScatter {
  /** The model's steps when the view was made. */
  private readonly steps: number;
  private told = 0;
  private due = 0;

  constructor(
    private readonly parts: ScatterParts,
    private readonly projections: LatentProjections,
    private readonly binding: Binding,
  ) {
    this.steps = parts.model.position?.step ?? 0;
  }

  /** A training continues, or has ended: of this model, perhaps. */
  trained(): void {
    const now = performance.now();
    if (this.newer === this.told || now < this.due) return;
    this.due = now + BETWEEN_MS;
    this.tellNewer();
  }

  /** Steps that the model has been trained since the view was made. */
  private get newer(): number {
    return (this.parts.model.position?.step ?? 0) - this.steps;
  }

  private tellNewer(): void {
    this.told = this.newer;
    if (this.told > 0) this.binding.tell({ newer: this.told });
  }

  async answer(request: ViewRequest): Promise<ViewResult> {
    switch (request.kind) {
      case 'watch':
        this.tellNewer();
        return { kind: 'watched' };
      case 'decode':
        return this.decoded(request.z);
      case 'point':
        return this.point(request.point);
      case 'colours':
        return { kind: 'colours', column: await this.column(request.name) };
      case 'way':
        return this.way(request);
      case 'project': {
        const projections = await this.projections.project(request.by, (share) =>
          this.binding.tell({ projected: share }),
        );
        return { kind: 'projected', projections };
      }
      case 'stopProjecting':
        this.projections.stop();
        return { kind: 'stopped' };
      case 'select':
        return {
          kind: 'selected',
          rows: (await this.rows(request.selection)).length,
          of: this.parts.data.length,
          name: this.binding.propose(),
        };
      case 'keep':
        return this.keep(request.selection, request.name ?? this.binding.propose());
      default:
        throw new Error(`A latent scatter does not answer "${request.kind}".`);
    }
  }

  private async decoded(z: number[]): Promise<ViewResult> {
    const { model, label } = this.parts;
    if (z.length !== model.latentDimensions || !z.every(Number.isFinite)) {
      throw new Error(
        `${model.name} decodes points of ${model.latentDimensions} finite numbers; found [${z.join(', ')}].`,
      );
    }
    return { kind: 'decoded', sample: sampleOf(model, await decodeAll(model, [z], label), 'decoded point') };
  }

  private async point(point: number): Promise<ViewResult> {
    const { model, data, shown } = this.parts;
    const row = shown[point];
    if (row === undefined) throw new Error(`The view has ${shown.length} points, and no point ${point}.`);
    const one = data.select([row]);
    const xHat = await reconstructAll(model, one);
    const input = sampleOf(model, one.values, 'input');
    const reconstruction = sampleOf(model, xHat, 'reconstruction');
    return { kind: 'point', input, reconstruction, error: squaredError(one.values, xHat) };
  }

  private async column(name: string): Promise<ColourColumn> {
    const { shown, data } = this.parts;
    return colourColumn(await liveColumn(name, this.parts), shown, data.length);
  }

  private async keep(selection: SelectionMade, name: string): Promise<ViewResult> {
    const indices = await this.rows(selection);
    if (indices.length === 0) throw new Error('The selection is empty; draw it around points.');
    await this.binding.bind(name, selectionOf(indices, this.parts.data));
    return { kind: 'kept', name, rows: indices.length, type: SELECTION_TYPE };
  }

  /** A way through the latent space, decoded. */
  private async way({ from, to, way, steps }: Extract<ViewRequest, { kind: 'way' }>): Promise<ViewResult> {
    const { model, label } = this.parts;
    const k = model.latentDimensions;
    if (from.length !== k || to.length !== k || !Number.isInteger(steps) || steps < 2 || steps > MOST_STEPS) {
      const found = `${from.length} and ${to.length} numbers, ${steps} steps`;
      throw new Error(`A path goes between two points of ${k} numbers in 2 to ${MOST_STEPS} steps; found ${found}.`);
    }
    const along = way === 'lerp' ? lerp : slerp;
    const points = Array.from({ length: steps }, (_, i) => along(from, to, i / (steps - 1)));
    return { kind: 'way', points, samples: sampleOf(model, await decodeAll(model, points, label), 'way') };
  }

  private async rows(selection: SelectionMade): Promise<Int32Array> {
    const { data, shown, labels } = this.parts;
    const regions = selection.regions as Region[];
    const planes = await Promise.all(regions.map((region) => this.coordinates(region)));
    return rowsOf(selection, { data, shown, labels, planes });
  }

  /** [2n] of all rows; undefined if only the shown ones have any. */
  private async coordinates({ space, axes: [x, y], turned }: Region): Promise<Float32Array | undefined> {
    const { latents, data, model } = this.parts;
    if (space === 'umap') return undefined;
    if (space === 'pca' && turned) return this.projections.componentsTurned(turned);
    if (space === 'pca') return this.projections.componentPlane([x, y]);
    const d = model.latentDimensions;
    if (turned) return turnedRows(latents, d, turned).plane;
    const plane = new Float32Array(2 * data.length);
    for (let i = 0; i < data.length; i++) {
      plane[2 * i] = latents[i * d + x]!;
      // The height of a point has no meaning in one dimension, and shapes there hold every height.
      plane[2 * i + 1] = d > 1 ? latents[i * d + y]! : 0;
    }
    return plane;
  }
}
