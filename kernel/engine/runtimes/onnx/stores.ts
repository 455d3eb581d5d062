/** Where a device's runtime keeps what a step hands on to the next. */
import type { Tensor } from 'onnxruntime-node';
import { Graph } from '../../lower/onnx/graph';
import { elementsOf, sizeOf, type Elements, type TensorType } from '../../trace/program';
import { hostTensor, Session, type Provider } from './session';

export interface Store {
  /** Whether outputs of a run stay on the device. */
  readonly onDevice: boolean;
  /** The value as an input of a run. */
  input(name: string): Tensor;
  /** Where a run writes its next value; null: wherever the run likes. */
  output(name: string): Tensor | null;
  /** Takes what a run has written for the present values. */
  commit(results: Readonly<Record<string, Tensor>>): void;
  /** Drops what a run has written. */
  discard(results: Readonly<Record<string, Tensor>>): void;
  /** A copy. */
  read(name: string): Elements;
  write(name: string, elements: Elements): void;
  dispose(): void;
}

/** In memory, twice: a run reads the one and writes the other. */
export class HostStore implements Store {
  readonly onDevice = false;
  private readonly buffers = new Map<string, { present: Elements; next: Elements; type: TensorType }>();

  constructor(types: Readonly<Record<string, TensorType>>) {
    for (const [name, type] of Object.entries(types)) {
      const room = () => elementsOf(type.dtype, sizeOf(type));
      this.buffers.set(name, { present: room(), next: room(), type });
    }
  }

  input(name: string): Tensor {
    const { present, type } = this.buffers.get(name)!;
    return hostTensor(present, type.dtype, type.shape);
  }

  output(name: string): Tensor {
    const { next, type } = this.buffers.get(name)!;
    return hostTensor(next, type.dtype, type.shape);
  }

  commit(results: Readonly<Record<string, Tensor>>): void {
    for (const name of Object.keys(results)) {
      const buffers = this.buffers.get(name)!;
      [buffers.present, buffers.next] = [buffers.next, buffers.present];
    }
  }

  discard(): void {}

  read(name: string): Elements {
    return this.buffers.get(name)!.present.slice();
  }

  write(name: string, elements: Elements): void {
    this.buffers.get(name)!.present.set(elements);
  }

  dispose(): void {
    this.buffers.clear();
  }
}

/** On the device: a run's outputs are the next run's inputs. */
export class DeviceStore implements Store {
  readonly onDevice = true;
  private readonly tensors = new Map<string, Tensor>();
  private readonly readers = new Map<string, Session>();

  constructor(
    private readonly types: Readonly<Record<string, TensorType>>,
    private readonly provider: Provider,
  ) {
    for (const [name, type] of Object.entries(types)) this.write(name, elementsOf(type.dtype, sizeOf(type)));
  }

  input(name: string): Tensor {
    return this.tensors.get(name)!;
  }

  output(): null {
    return null;
  }

  commit(results: Readonly<Record<string, Tensor>>): void {
    for (const [name, tensor] of Object.entries(results)) {
      this.release(name);
      this.tensors.set(name, tensor);
    }
  }

  discard(results: Readonly<Record<string, Tensor>>): void {
    for (const tensor of Object.values(results)) tensor.dispose();
  }

  /** By a graph that does nothing: what a tensor on the device says of its own data would end the process. */
  read(name: string): Elements {
    const tensor = this.tensors.get(name)!;
    if (tensor.location === 'cpu') return (tensor.data as Elements).slice();
    return this.reader(this.types[name]!).run({ x: tensor }, { y: null })['y']!.data as Elements;
  }

  write(name: string, elements: Elements): void {
    const { dtype, shape } = this.types[name]!;
    this.release(name);
    this.tensors.set(name, hostTensor(elements.slice(), dtype, shape));
  }

  dispose(): void {
    for (const name of this.tensors.keys()) this.release(name);
    for (const session of this.readers.values()) session.dispose();
    this.tensors.clear();
    this.readers.clear();
  }

  private release(name: string): void {
    const tensor = this.tensors.get(name);
    if (tensor && tensor.location !== 'cpu') tensor.dispose();
  }

  private reader({ dtype, shape }: TensorType): Session {
    const key = `${dtype}[${shape.join()}]`;
    const known = this.readers.get(key);
    if (known) return known;
    const graph = new Graph('webgpu');
    graph.named(graph.input('x', dtype, shape), 'y');
    graph.output('y', dtype, shape);
    const session = new Session(graph.model('read'), { provider: this.provider });
    this.readers.set(key, session);
    return session;
  }
}
