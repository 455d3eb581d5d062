import type { TensorType } from '../../ops/types';
import { DeviceBuffer } from './buffer';
import type { Context } from './context';
import { XlaError } from './errors';
import { finished, finishedNow } from './event';
import { addressOf, bytesAt, callAt } from './foreign';
import { keep } from './keep';
import type { Plugin } from './plugin';
import type { FieldValue } from './struct';

/** One execution. The lists live as long as it does: the plugin has their addresses alone. */
interface Run {
  readonly args: Record<string, FieldValue> & { executable: bigint };
  readonly given: BigUint64Array;
  readonly results: BigUint64Array;
  readonly events: BigUint64Array;
}

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
    throw new XlaError(`This program has ${count} results; expected ${outputs.length}.`);
  }

  /**
   * Runs it once; the event loop continues meanwhile.
   *
   * @param keepInputs whether arguments that it was compiled to take over stay as they are this time
   * @returns its results, which stay on the device
   */
  async execute(inputs: readonly DeviceBuffer[], { keepInputs = false } = {}): Promise<DeviceBuffer[]> {
    const { plugin, resources } = this.context;
    const run = this.prepared(inputs, keepInputs ? this.donated : []);
    return resources.during([this.address, ...run.given], async () => {
      await plugin.callAsync('PJRT_LoadedExecutable_Execute', run.args);
      const made = this.madeBy(run, keepInputs ? [] : inputs);
      try {
        await finished(plugin, run.events[0]!);
        keep(run);
        return made;
      } catch (error) {
        made.forEach((buffer) => buffer.dispose());
        throw error;
      }
    });
  }

  /** The same, and the event loop waits for it. */
  executeNow(inputs: readonly DeviceBuffer[]): DeviceBuffer[] {
    const { plugin } = this.context;
    const run = this.prepared(inputs);
    plugin.call('PJRT_LoadedExecutable_Execute', run.args);
    const made = this.madeBy(run, inputs);
    try {
      finishedNow(plugin, run.events[0]!);
      keep(run);
      return made;
    } catch (error) {
      made.forEach((buffer) => buffer.dispose());
      throw error;
    }
  }

  /**
   * Starts it; neither the caller nor the event loop waits.
   *
   * @param keepInputs as in {@link execute}
   * @returns its results, which may be read and given to other runs at once, and when they are there
   */
  launch(
    inputs: readonly DeviceBuffer[],
    { keepInputs = false } = {},
  ): { results: DeviceBuffer[]; done: Promise<void> } {
    const { plugin, resources } = this.context;
    const run = this.prepared(inputs, keepInputs ? this.donated : []);
    plugin.call('PJRT_LoadedExecutable_Execute', run.args);
    const results = this.madeBy(run, keepInputs ? [] : inputs);
    const done = resources.during([this.address, ...run.given], async () => {
      await finished(plugin, run.events[0]!);
      keep(run);
    });
    return { results, done };
  }

  /** The compiled program as bytes, for a plugin of this version on such a device. @throws {XlaError} if it has none */
  serialize(): Buffer {
    const { plugin } = this.context;
    return withUnloaded(plugin, this.address, (executable) => {
      const written = plugin.call('PJRT_Executable_Serialize', { executable });
      const bytes = bytesAt(written.get('serialized_bytes'), Number(written.get('serialized_bytes_size')));
      callAt(written.get('serialized_executable_deleter'), written.get('serialized_executable'));
      return bytes;
    });
  }

  /** @param kept positions of arguments whose memory is not to be taken over although it could be */
  private prepared(inputs: readonly DeviceBuffer[], kept: readonly number[] = []): Run {
    if (this.disposed) throw new XlaError('This compiled program has been disposed of.');
    const given = BigUint64Array.from(inputs, (input) => input.address);
    const results = new BigUint64Array(this.outputs.length);
    const events = new BigUint64Array(1);
    // Lists of one list: there is one device.
    const listOf = (list: BigUint64Array) => BigUint64Array.of(addressOf(list));
    const args = {
      executable: this.address,
      options: this.context.plugin.struct('PJRT_ExecuteOptions', {
        ...(kept.length > 0 && {
          non_donatable_input_indices: BigInt64Array.from(kept, BigInt),
          num_non_donatable_input_indices: kept.length,
        }),
      }),
      argument_lists: listOf(given.length === 0 ? events : given),
      num_devices: 1,
      num_args: inputs.length,
      output_lists: listOf(results.length === 0 ? events : results),
      device_complete_events: events,
    };
    return { args, given, results, events };
  }

  /** @param inputs those that are given away: they are gone, also when the run fails */
  private madeBy({ results }: Run, inputs: readonly DeviceBuffer[]): DeviceBuffer[] {
    this.donated.forEach((position) => inputs[position]?.donate());
    return this.outputs.map((type, i) => new DeviceBuffer(this.context, results[i]!, type));
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.context.resources.release(this, this.address);
  }
}

function resultsOf(plugin: Plugin, loaded: bigint): number {
  return withUnloaded(plugin, loaded, (executable) =>
    Number(plugin.call('PJRT_Executable_NumOutputs', { executable }).get('num_outputs')),
  );
}

/** Looks at what a loaded program is made from. */
function withUnloaded<T>(plugin: Plugin, loaded_executable: bigint, look: (executable: bigint) => T): T {
  const executable = plugin.call('PJRT_LoadedExecutable_GetExecutable', { loaded_executable }).get('executable');
  try {
    return look(executable);
  } finally {
    plugin.call('PJRT_Executable_Destroy', { executable });
  }
}
