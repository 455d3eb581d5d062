import { elementsOf, sizeOf, type Elements, type TensorType } from '../../trace/program';
import type { DeviceBuffer } from '../pjrt/buffer';
import type { Client } from '../pjrt/client';
import type { DevicePlace } from '../sharedVariables';

/** A weight, a state or an optimizer's slot on a device; zero at first. What is written goes there with the next run. */
export class Cell implements DevicePlace {
  private buffer: DeviceBuffer | undefined;
  private written: Elements | undefined;

  constructor(private readonly type: TensorType) {
    this.written = elementsOf(type.dtype, sizeOf(type));
  }

  /** The value as an input of a run. */
  input(client: Client): DeviceBuffer {
    if (this.written) this.commit(client.upload(this.written, this.type));
    return this.buffer!;
  }

  /** Takes what a run has made for the present value. */
  commit(buffer: DeviceBuffer): void {
    this.written = undefined;
    this.buffer?.dispose();
    this.buffer = buffer;
  }

  /** A copy; waits for a run under way. */
  read(): Elements {
    return this.written?.slice() ?? this.buffer!.readNow();
  }

  /** The value where it lies on the device, if it does. */
  onDevice(): DeviceBuffer | undefined {
    return this.written ? undefined : this.buffer;
  }

  write(elements: Elements): void {
    this.written = elements.slice();
  }

  dispose(): void {
    this.buffer?.dispose();
    this.buffer = undefined;
  }
}
