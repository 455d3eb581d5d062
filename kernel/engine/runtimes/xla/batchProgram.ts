import { stableHlo } from '../../lower/stablehlo/lower';
import { elementsOf, sizeOf, type Elements, type TensorType } from '../../trace/program';
import type { TracedUpdate } from '../../trace/traceStep';
import type { Readings } from '../carried';
import { compileTraced, refusalOf } from '../compileTraced';
import type { DeviceBuffer } from '../pjrt/buffer';
import type { Executable } from '../pjrt/executable';
import { compiled } from './compiled';
import type { XlaDevice } from './device';
import type { Held } from './seriesProgram';
import { XLA } from './words';

/** One batch of an update by several, compiled: it adds to the sums of gradients, or makes the update with them. */
export class BatchProgram {
  private constructor(
    private readonly device: XlaDevice,
    private readonly traced: TracedUpdate,
    private readonly executable: Executable,
    private readonly outputs: readonly string[],
  ) {}

  /** @throws {TraceRefusal} when the batch cannot be traced or has no StableHLO form, or with what XLA says */
  static async compile(device: XlaDevice, trace: (places: boolean) => TracedUpdate): Promise<BatchProgram> {
    const { precision } = device;
    const { traced, lowered } = compileTraced(
      trace,
      (traced) => ({ traced, lowered: stableHlo(traced.program, { precision }) }),
      XLA,
    );
    const results = lowered.outputs.map((name) => traced.program.outputs[name]!);
    const executable = await compiled(device.client, { text: lowered.text, results }).catch((error: unknown) => {
      throw refusalOf(error, XLA);
    });
    return new BatchProgram(device, traced, executable, lowered.outputs);
  }

  /**
   * @param given elements by the names of the program's inputs; @param sums those of the batches before, 0 where there are none
   * @returns what is carried, by name, with losses and norm
   */
  async run(
    held: Held,
    given: Readonly<Record<string, Elements>>,
    sums: ReadonlyMap<string, DeviceBuffer>,
  ): Promise<{ next: Record<string, DeviceBuffer>; readings: Readings }> {
    const { client } = this.device;
    const own: DeviceBuffer[] = [];
    const upload = (elements: Elements, type: TensorType) => {
      const buffer = client.upload(elements, type);
      own.push(buffer);
      return buffer;
    };
    const inputs = this.traced.program.inputs.map(({ name, value }) => {
      const [elements, gathered] = [given[name], sums.get(name)];
      if (gathered) return gathered;
      if (elements) return upload(elements, value);
      if (name.startsWith('sum/')) return upload(elementsOf(value.dtype, sizeOf(value)), value);
      return held.held(name);
    });
    try {
      const results = await this.executable.execute(inputs);
      const named = Object.fromEntries(this.outputs.map((name, i) => [name, results[i]!]));
      const next: Record<string, DeviceBuffer> = {};
      const readings: Record<string, Float32Array> = {};
      for (const [name, buffer] of Object.entries(named)) {
        if (name.startsWith('next/')) next[name.slice('next/'.length)] = buffer;
        else {
          readings[name] = (await buffer.read()) as Float32Array;
          buffer.dispose();
        }
      }
      return { next, readings };
    } finally {
      own.forEach((buffer) => buffer.dispose());
    }
  }

  dispose(): void {
    this.executable.dispose();
  }
}
