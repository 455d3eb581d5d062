import type { TensorType } from '../../ops/types';
import { DeviceBuffer } from './buffer';
import type { Client } from './client';
import { XlaError } from './errors';
import { finished } from './event';
import { addressOf } from './foreign';
import { keep } from './keep';

/** A compiled program. */
export class Executable {
  private disposed = false;

  constructor(
    private readonly client: Client,
    private readonly address: bigint,
    private readonly outputs: readonly TensorType[],
    private readonly donated: readonly number[],
  ) {
    const { plugin, resources } = client;
    resources.add(this, address, () => void plugin.call('PJRT_LoadedExecutable_Destroy', { executable: address }));
  }

  /**
   * Runs it once; the event loop goes on meanwhile.
   *
   * @returns its results, which stay on the device. Arguments that it was compiled to take over are gone.
   */
  async execute(inputs: readonly DeviceBuffer[]): Promise<DeviceBuffer[]> {
    if (this.disposed) throw new XlaError('This compiled program has been disposed of.');
    const { client, outputs, donated } = this;
    const { plugin, resources } = client;
    const addresses = inputs.map((input) => input.address);
    const results = new BigUint64Array(Math.max(1, outputs.length));
    const events = new BigUint64Array(1);
    await resources.during([this.address, ...addresses], async () => {
      const given = BigUint64Array.from(addresses.length === 0 ? [0n] : addresses);
      // Lists of one list: there is one device.
      const [givenLists, resultLists] = [given, results].map((list) => BigUint64Array.of(addressOf(list)));
      await plugin.callAsync('PJRT_LoadedExecutable_Execute', {
        executable: this.address,
        options: plugin.struct('PJRT_ExecuteOptions', {}),
        argument_lists: givenLists!,
        num_devices: 1,
        num_args: inputs.length,
        output_lists: resultLists!,
        device_complete_events: events,
      });
      await finished(plugin, events[0]!);
      keep(given);
    });
    donated.forEach((position) => inputs[position]?.donate());
    return outputs.map((type, i) => new DeviceBuffer(client, results[i]!, type));
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.client.resources.release(this, this.address);
  }
}
