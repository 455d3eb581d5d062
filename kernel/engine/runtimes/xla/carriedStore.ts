import type { TensorType } from '../../ops/types';
import { elementsOf, sizeOf, type Elements } from '../../trace/program';
import type { DeviceBuffer } from '../pjrt/buffer';
import type { Client } from '../pjrt/client';

/** Weights, states and the optimizer's slots on a device. What is written goes there with the next run. */
export class CarriedStore {
  private readonly buffers = new Map<string, DeviceBuffer>();
  private readonly written = new Map<string, Elements>();

  constructor(private readonly types: Readonly<Record<string, TensorType>>) {
    for (const [name, type] of Object.entries(types)) this.written.set(name, elementsOf(type.dtype, sizeOf(type)));
  }

  /** The value as an input of a run. */
  input(name: string, client: Client): DeviceBuffer {
    const elements = this.written.get(name);
    if (elements) {
      this.replace(name, client.upload(elements, this.types[name]!));
      this.written.delete(name);
    }
    return this.buffers.get(name)!;
  }

  /** Takes what a run has made for the present values. */
  commit(made: Readonly<Record<string, DeviceBuffer>>): void {
    for (const [name, buffer] of Object.entries(made)) {
      this.written.delete(name);
      this.replace(name, buffer);
    }
  }

  /** A copy; waits for a run under way. */
  read(name: string): Elements {
    return this.written.get(name)?.slice() ?? this.buffers.get(name)!.readNow();
  }

  /** The value where it lies on the device, if it does. */
  onDevice(name: string): DeviceBuffer | undefined {
    return this.written.has(name) ? undefined : this.buffers.get(name);
  }

  write(name: string, elements: Elements): void {
    this.written.set(name, elements.slice());
  }

  dispose(): void {
    for (const buffer of this.buffers.values()) buffer.dispose();
    this.buffers.clear();
    this.written.clear();
  }

  private replace(name: string, buffer: DeviceBuffer): void {
    this.buffers.get(name)?.dispose();
    this.buffers.set(name, buffer);
  }
}
