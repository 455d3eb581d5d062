import * as tf from '@tensorflow/tfjs';
import type { BackendValues } from '@tensorflow/tfjs';
import type { Dtype, Elements } from '../trace/program';
import { currentRuntime } from '../runtime';
import { withBackend } from '../trace/recordingBackend';

type DataId = tf.TensorInfo['dataId'];

const BACKEND = 'resident';

interface Resident {
  readonly read: () => Elements;
  /** The values without a copy, where that is possible. */
  readonly view: (() => Elements) | undefined;
  /** The place that the values are in; they change there. Undefined for values that never change. */
  readonly owner: Place | undefined;
  /** The rows of a table that the values are, if they are. */
  readonly rows?: TableRows;
  /** Called when the values are no longer needed. */
  readonly release?: () => void;
  references: number;
}

/**
 * A tfjs backend without kernels: its tensors lie where a runtime keeps its weights, and are fetched when somebody else
 * wants them. tfjs then moves the values to the backend that computes, and the tensor has left.
 */
class ResidentBackend extends tf.KernelBackend {
  private readonly residents = new Map<DataId, Resident>();

  admit(
    read: () => Elements,
    view?: () => Elements,
    owner?: Place,
    table?: { rows: TableRows; release: () => void },
  ): DataId {
    const dataId = {};
    this.residents.set(dataId, { read, view, owner, ...table, references: 1 });
    return dataId;
  }

  rows(dataId: DataId): TableRows | undefined {
    return this.residents.get(dataId)?.rows;
  }

  owner(dataId: DataId): Place | undefined {
    return this.residents.get(dataId)?.owner;
  }

  view(dataId: DataId): Elements | undefined {
    return this.residents.get(dataId)?.view?.();
  }

  has(dataId: DataId): boolean {
    return this.residents.has(dataId);
  }

  override readSync(dataId: DataId): Elements {
    const resident = this.residents.get(dataId);
    if (!resident) throw new Error('The runtime no longer has this tensor.');
    return resident.read();
  }

  override async read(dataId: DataId): Promise<Elements> {
    return this.readSync(dataId);
  }

  override refCount(dataId: DataId): number {
    return this.residents.get(dataId)?.references ?? 0;
  }

  override incRef(dataId: DataId): void {
    const resident = this.residents.get(dataId);
    if (resident) resident.references += 1;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const resident = this.residents.get(dataId);
    if (!resident) return true;
    resident.references -= 1;
    if (resident.references > 0 && !force) return false;
    this.residents.delete(dataId);
    resident.release?.();
    return true;
  }

  override write(written: BackendValues): DataId {
    const elements = written as Elements;
    return this.admit(
      () => elements.slice(),
      () => elements,
    );
  }

  override move(dataId: DataId, moved: BackendValues, _: number[], __: tf.DataType, references: number): void {
    const elements = moved as Elements;
    const view = () => elements;
    this.residents.set(dataId, { read: () => elements.slice(), view, owner: undefined, references });
  }

  override numDataIds(): number {
    return this.residents.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.residents.clear();
  }
}

function residents(): ResidentBackend {
  if (!tf.findBackend(BACKEND)) tf.registerBackend(BACKEND, () => new ResidentBackend(), 0);
  return tf.findBackend(BACKEND) as ResidentBackend;
}

/** A tensor over these elements, which are not copied: nobody may change them. */
export function tensorOf(elements: Elements, shape: readonly number[], dtype: Dtype): tf.Tensor {
  return tf.engine().makeTensor(elements, [...shape], dtype, residents());
}

/**
 * A tensor over these values, float32 or int32 as they are, which nobody may change; copied to the device at once where
 * that is not the CPU.
 */
export function hostTensor(values: Float32Array | Int32Array, shape: readonly number[]): tf.Tensor {
  const dtype = values instanceof Int32Array ? 'int32' : 'float32';
  return currentRuntime() === 'eager' ? tf.tensor(values, [...shape], dtype) : tensorOf(values, shape, dtype);
}

/** Batches under way at once: the one that is computed, and the next. */
const MOST_SPARE = 2;

/** Rows of values that stay as they are: a data set, which a device may keep. */
export class RowTable {
  /** @param values row by row, each of `width` values */
  constructor(
    readonly values: Float32Array,
    readonly width: number,
  ) {}

  /** Memory of batches that are done with: new memory costs a fault a page, and the collector its work. */
  private readonly spare: Float32Array[] = [];

  /** How many rows there are. */
  get length(): number {
    return this.values.length / this.width;
  }

  /** These rows, one after the other. */
  gather(rows: Int32Array): Float32Array {
    const { values, width, spare } = this;
    const size = rows.length * width;
    const known = spare.findIndex(({ length }) => length === size);
    const gathered = known < 0 ? new Float32Array(size) : spare.splice(known, 1)[0]!;
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i]! * width;
      gathered.set(values.subarray(from, from + width), i * width);
    }
    return gathered;
  }

  /** Takes back what {@link gather} gave, when nobody reads it any more. */
  giveBack(gathered: Float32Array): void {
    if (this.spare.length < MOST_SPARE) this.spare.push(gathered);
  }
}

export interface TableRows {
  readonly table: RowTable;
  /** Which, counted from 0. */
  readonly rows: Int32Array;
}

/**
 * A tensor [rows.length, width] over rows of a table. They are gathered when somebody looks at them, which a device that
 * has the table does not.
 */
export function tensorOfRows(table: RowTable, rows: Int32Array): tf.Tensor2D {
  const shape: [number, number] = [rows.length, table.width];
  if (currentRuntime() === 'eager') return tf.tensor2d(table.gather(rows), shape);
  let gathered: Float32Array | undefined;
  const view = () => (gathered ??= table.gather(rows));
  const backend = residents();
  const release = () => {
    if (gathered) table.giveBack(gathered);
    gathered = undefined;
  };
  const dataId = backend.admit(() => view().slice(), view, undefined, { rows: { table, rows }, release });
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype: 'float32' }, backend) as tf.Tensor2D;
}

/** The rows that a tensor of {@link tensorOfRows} stands for, as long as it does. */
export function rowsIn({ dataId }: tf.Tensor): TableRows | undefined {
  return residents().rows(dataId);
}

/** The tensor's elements where they lie in memory, if they do: only to be read, and only until the next step. */
export function viewOf({ dataId }: tf.Tensor): Elements | undefined {
  return residents().view(dataId);
}

/** The place of a runtime that the tensor's values are in, if they are in one. */
export function placeOf({ dataId }: tf.Tensor): Place | undefined {
  return residents().owner(dataId);
}

/** Whether a runtime keeps the tensor's elements; an operation on it would move all of them. */
export function isResident({ dataId }: tf.Tensor): boolean {
  return residents().has(dataId);
}

/** Copies of variables' values, by what tfjs knows the values by: other values have another. */
const copies = new WeakMap<DataId, Elements>();

/**
 * The tensor's elements, only to be read, and only until the next step; copied where they lie elsewhere, those of a
 * variable once: a model is asked again and again.
 */
export function elementsIn(tensor: tf.Tensor): Elements {
  const { dataId } = tensor;
  const known = viewOf(tensor) ?? copies.get(dataId);
  if (known) return known;
  const elements = tf.engine().readSync(dataId) as Elements;
  if (tensor instanceof tf.Variable && !isResident(tensor)) copies.set(dataId, elements);
  return elements;
}

/** Where a runtime keeps the values of one variable. */
export interface Place {
  /** A copy of the values as they are now. */
  read(): Elements;
  /** The values themselves, where they lie in memory. */
  view?(): Elements;
  write(elements: Elements): void;
}

/**
 * A variable whose values a runtime keeps, and may change in place.
 *
 * tfjs's tensors never change, so whoever took a copy of the variable has, by then, had its values moved elsewhere;
 * {@link arrive} notices that, and gives the variable a new tensor here before the next change. Several steps may have
 * places for one variable: the values are in the place where they changed last.
 */
export class Residence {
  /** The tensor whose values are in the place, as long as it is in no other place. */
  private seen: DataId | undefined;

  constructor(
    readonly variable: tf.Variable,
    private readonly place: Place,
  ) {}

  /** Brings in what has been assigned to the variable since, or changed elsewhere; the variable stays where it is. */
  bringIn(): void {
    const { dataId } = this.variable;
    const owner = residents().owner(dataId);
    if (owner === this.place || (owner === undefined && dataId === this.seen)) return;
    this.place.write(elementsIn(this.variable));
    // In another's place the values change under the same tensor.
    this.seen = owner === undefined ? dataId : undefined;
  }

  /** From here on the variable's values are those in the place, and change as they do. */
  arrive(): void {
    const backend = residents();
    if (backend.owner(this.variable.dataId) === this.place) return;
    const { shape, dtype } = this.variable;
    const { place } = this;
    const dataId = backend.admit(() => place.read(), place.view && (() => place.view!()), place);
    const tensor = tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype }, backend);
    // tfjs counts references on the backend that is active, not on the tensor's own.
    withBackend(BACKEND, () => this.variable.assign(tensor));
    tensor.dispose();
    this.seen = dataId;
  }

  /** Copies the values to where they would lie without this runtime, if they are still here. */
  leave(): void {
    if (this.variable.isDisposed || residents().owner(this.variable.dataId) !== this.place) return;
    const { shape, dtype } = this.variable;
    tf.tidy(() => this.variable.assign(tf.tensor(this.place.read(), [...shape], dtype)));
  }
}
