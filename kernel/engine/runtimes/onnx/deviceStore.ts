/** Where a device's runtime keeps what a step hands on to the next. */
import type { Tensor } from 'onnxruntime-node';
import { Graph } from '../../lower/onnx/graph';
import { elementsOf, sizeOf, type Elements, type TensorType } from '../../trace/program';
import { hostTensor, Session, type Provider } from './session';

/** On the device: a run's outputs are the next run's inputs. */
export class DeviceStore {
  private readonly tensors = new Map<string, Tensor>();
  private readonly readers = new Map<string, Session>();

  constructor(
    private readonly types: Readonly<Record<string, TensorType>>,
    private readonly provider: Provider,
  ) {
    for (const [name, type] of Object.entries(types)) this.write(name, elementsOf(type.dtype, sizeOf(type)));
  }

  /** The value as an input of a run. */
  input(name: string): Tensor {
    return this.tensors.get(name)!;
  }

  /** Takes what a run has written for the present values. */
  commit(results: Readonly<Record<string, Tensor>>): void {
    for (const [name, tensor] of Object.entries(results)) {
      this.release(name);
      this.tensors.set(name, tensor);
    }
  }

  /** Drops what a run has written. */
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
