import { elementsOf, type Elements } from '../../trace/program';
import { sizeOf, type TensorType } from '../../ops/types';
import type { Context } from './context';
import { XlaError } from './errors';
import { finished, finishedNow } from './event';

/** A tensor on a device. */
export class DeviceBuffer {
  private gone: string | undefined;

  constructor(
    private readonly context: Context,
    private readonly at: bigint,
    readonly type: TensorType,
  ) {
    const { plugin, resources } = context;
    resources.add(this, at, () => void plugin.call('PJRT_Buffer_Destroy', { buffer: at }));
  }

  /** @throws {XlaError} when it has been disposed of or given away */
  get address(): bigint {
    if (this.gone !== undefined) throw new XlaError(`This tensor on the device ${this.gone}.`);
    return this.at;
  }

  /** Whether it lies on a device of this client. */
  isOn(client: Context): boolean {
    return this.context === client;
  }

  /** Copies its elements from the device. */
  async read(into: Elements = this.elements()): Promise<Elements> {
    const { plugin, resources } = this.context;
    return resources.during([this.address], async () => {
      await finished(plugin, this.copyTo(into));
      return into;
    });
  }

  /** The same, and the event loop waits for it. */
  readNow(into: Elements = this.elements()): Elements {
    finishedNow(this.context.plugin, this.copyTo(into));
    return into;
  }

  private elements(): Elements {
    return elementsOf(this.type.dtype, sizeOf(this.type));
  }

  /** @returns the event that it is done; `into` has to live until then */
  private copyTo(into: Elements): bigint {
    if (into.length === 0) return 0n;
    const args = { src: this.address, dst: into, dst_size: into.byteLength };
    return this.context.plugin.call('PJRT_Buffer_ToHostBuffer', args).get('event');
  }

  dispose(): void {
    this.leave('has been disposed of');
  }

  /** An execution has taken its memory. */
  donate(): void {
    this.leave('was given to a run that reused its memory');
  }

  private leave(how: string): void {
    if (this.gone !== undefined) return;
    this.gone = how;
    this.context.resources.release(this, this.at);
  }
}
