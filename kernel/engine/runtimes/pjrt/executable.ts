import type { TensorType } from '../../ops/types';
import { DeviceBuffer } from './buffer';
import type { Context } from './context';
import { XlaError } from './errors';
import { finished } from './event';
import { addressOf } from './foreign';
import { keep } from './keep';
import type { Plugin } from './plugin';

/** A compiled program. */
export class Executable {
  private disposed = false;

  constructor(
    private readonly context: Context,
    private readonly address: bigint,
    private readonly outputs: readonly TensorType[],
    private readonly donated: readonly number[],
  ) {
    const { plugin, resources } = context;
    resources.add(this, address, () => void plugin.call('PJRT_LoadedExecutable_Destroy', { executable: address }));
    const count = resultsOf(plugin, address);
    if (count === outputs.length) return;
    // The plugin would write past the end of their list.
    this.dispose();
    throw new XlaError(`This program has ${count} results, not the ${outputs.length} that are expected.`);
  }

  /**
   * Runs it once; the event loop goes on meanwhile.
   *
   * @returns its results, which stay on the device. Arguments that it was compiled to take over are gone.
   */
  async execute(inputs: readonly DeviceBuffer[]): Promise<DeviceBuffer[]> {
    if (this.disposed) throw new XlaError('This compiled program has been disposed of.');
    const { context, outputs, donated } = this;
    const { plugin, resources } = context;
    const addresses = inputs.map((input) => input.address);
    const results = new BigUint64Array(Math.max(1, outputs.length));
    const events = new BigUint64Array(1);
    return resources.during([this.address, ...addresses], async () => {
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
      keep(given);
      donated.forEach((position) => inputs[position]?.donate());
      const made = outputs.map((type, i) => new DeviceBuffer(context, results[i]!, type));
      try {
        await finished(plugin, events[0]!);
        return made;
      } catch (error) {
        made.forEach((buffer) => buffer.dispose());
        throw error;
      }
    });
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.context.resources.release(this, this.address);
  }
}

function resultsOf(plugin: Plugin, loaded_executable: bigint): number {
  const executable = plugin.call('PJRT_LoadedExecutable_GetExecutable', { loaded_executable }).get('executable');
  try {
    return Number(plugin.call('PJRT_Executable_NumOutputs', { executable }).get('num_outputs'));
  } finally {
    plugin.call('PJRT_Executable_Destroy', { executable });
  }
}
