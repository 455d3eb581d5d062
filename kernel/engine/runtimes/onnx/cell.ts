/** Where a device's runtime keeps what a step hands on to the next. */
import type * as tf from '@tensorflow/tfjs';
import type { Tensor } from 'onnxruntime-node';
import { Graph } from '../../lower/onnx/graph';
import { elementsOf, sizeOf, type Elements, type TensorType } from '../../trace/program';
import { placeOf } from '../residence';
import { SharedVariables, type DevicePlace } from '../sharedVariables';
import { hostTensor, Session, type Provider } from './session';

/** On the device: a run's outputs are the next run's inputs. Zero at first. */
export class Cell implements DevicePlace {
  private tensor: Tensor;

  constructor(
    private readonly type: TensorType,
    private readonly readers: Readers,
  ) {
    this.tensor = hostTensor(elementsOf(type.dtype, sizeOf(type)), type.dtype, type.shape);
    readers.begin();
  }

  /** The value as an input of a run. */
  input(): Tensor {
    return this.tensor;
  }

  /** Takes what a run has written for the present value. */
  commit(tensor: Tensor): void {
    this.release();
    this.tensor = tensor;
  }

  /** By a graph that does nothing: what a tensor on the device says of its own data would end the process. */
  read(): Elements {
    if (this.tensor.location === 'cpu') return (this.tensor.data as Elements).slice();
    return this.readers.read(this.tensor, this.type);
  }

  /** The value where it lies on a device of its own, if it does. */
  onDevice(): Tensor | undefined {
    return this.tensor.location === 'cpu' ? undefined : this.tensor;
  }

  write(elements: Elements): void {
    const { dtype, shape } = this.type;
    this.commit(hostTensor(elements.slice(), dtype, shape));
  }

  dispose(): void {
    this.release();
    this.readers.end();
  }

  private release(): void {
    if (this.tensor.location !== 'cpu') this.tensor.dispose();
  }
}

/** What brings values back from a device, a graph for each type; kept as long as there is a cell. */
class Readers {
  private readonly sessions = new Map<string, Session>();
  private cells = 0;

  constructor(private readonly provider: Provider) {}

  begin(): void {
    this.cells += 1;
  }

  end(): void {
    this.cells -= 1;
    if (this.cells > 0) return;
    for (const session of this.sessions.values()) session.dispose();
    this.sessions.clear();
  }

  read(tensor: Tensor, type: TensorType): Elements {
    return this.sessionFor(type).run({ x: tensor }, { y: null })['y']!.data as Elements;
  }

  private sessionFor({ dtype, shape }: TensorType): Session {
    const key = `${dtype}[${shape.join()}]`;
    const known = this.sessions.get(key);
    if (known) return known;
    const graph = new Graph('webgpu');
    graph.named(graph.input('x', dtype, shape), 'y');
    graph.output('y', dtype, shape);
    const session = new Session(graph.model('read'), { provider: this.provider });
    this.sessions.set(key, session);
    return session;
  }
}

/** What a provider's device has in this process. */
export interface DeviceCells {
  /** A place for what one step alone has. */
  cell(type: TensorType): Cell;
  readonly variables: SharedVariables<Cell>;
}

const providers = new Map<Provider, DeviceCells>();

export function cellsOn(provider: Provider): DeviceCells {
  const known = providers.get(provider);
  if (known) return known;
  const readers = new Readers(provider);
  const cell = (type: TensorType) => new Cell(type, readers);
  const cells = { cell, variables: new SharedVariables(cell) };
  providers.set(provider, cells);
  return cells;
}

/** A variable as ONNX Runtime's device has it, until the next step; undefined of what lies elsewhere. */
export function cellTensor(tensor: tf.Tensor): Tensor | undefined {
  const there = placeOf(tensor);
  return there instanceof Cell ? there.onDevice() : undefined;
}
