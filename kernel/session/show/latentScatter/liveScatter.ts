/** A latent scatter in the kernel: all rows behind it, and the answers to what its reader asks. */
import type { Dataset } from '../../../autoencoders/index';
import type { SelectionMade, ViewRequest, ViewResult } from '../../../protocol';
import { colourColumn, type ColourColumn } from '../../../views/index';
import type { Region } from '../../../views/scatter/selecting';
import { liveColumn } from './colours';
import { decodeAll, reconstructAll, sampleOf, squaredError, type LatentModel } from './model';
import { rowsOf, selectionOf, type LatentSelection } from './selections';

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
  /** The class that points are decoded as, of a model that looks at classes. */
  label: number;
}

/** The notebook's variables. */
export interface Binding {
  propose(): string;
  /** @throws Error for a name that is none, or is taken */
  bind(name: string, value: LatentSelection): Promise<void>;
}

export class LiveScatter {
  constructor(
    private readonly parts: ScatterParts,
    private readonly binding: Binding,
  ) {}

  async answer(request: ViewRequest): Promise<ViewResult> {
    switch (request.kind) {
      case 'decode':
        return this.decoded(request.z);
      case 'point':
        return this.point(request.point);
      case 'colours':
        return { kind: 'colours', column: await this.column(request.name) };
      case 'select':
        return {
          kind: 'selected',
          rows: this.rows(request.selection).length,
          of: this.parts.data.length,
          name: this.binding.propose(),
        };
      case 'keep':
        return this.keep(request.selection, request.name ?? this.binding.propose());
      default:
        throw new Error(`A latent scatter answers no "${request.kind}" request.`);
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
    const indices = this.rows(selection);
    if (indices.length === 0) throw new Error('The selection is empty; draw it around some points.');
    await this.binding.bind(name, selectionOf(indices, this.parts.data));
    return { kind: 'kept', name, rows: indices.length, type: SELECTION_TYPE };
  }

  private rows(selection: SelectionMade): Int32Array {
    const { data, shown, labels } = this.parts;
    const coordinates = (space: Region['space'], axes: [number, number]) => this.coordinates(space, axes);
    return rowsOf(selection, { data, shown, labels, coordinates });
  }

  /** [2n] of all rows; undefined where only the shown ones have any. */
  private coordinates(space: Region['space'], [x, y]: [number, number]): Float32Array | undefined {
    const { latents, data, model } = this.parts;
    if (space !== 'latent') return undefined;
    const d = model.latentDimensions;
    const plane = new Float32Array(2 * data.length);
    for (let i = 0; i < data.length; i++) {
      plane[2 * i] = latents[i * d + x]!;
      // The height of a point has no meaning in one dimension, and shapes there hold every height.
      plane[2 * i + 1] = d > 1 ? latents[i * d + y]! : 0;
    }
    return plane;
  }
}
