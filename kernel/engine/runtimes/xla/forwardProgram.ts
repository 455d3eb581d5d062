import * as tf from '@tensorflow/tfjs';
import { stableHlo, type StableHlo } from '../../lower/stablehlo/lower';
import type { Elements, Program, Value } from '../../trace/program';
import { refusalOf } from '../compileTraced';
import type { DeviceBuffer } from '../pjrt/buffer';
import type { Executable } from '../pjrt/executable';
import { elementsIn, placeOf } from '../residence';
import { Cell } from './cell';
import { compiledNow } from './compiled';
import type { XlaDevice } from './device';
import { XLA } from './words';

/** A function of tensors, compiled. The event loop waits for it: tfjs reads what it returns at once. */
export class XlaForwardProgram {
  private readonly outputs: readonly string[];
  private readonly executable: Executable;
  /** Variables that no training has on the device, by the input: uploaded once, until they get other values. */
  private readonly weights = new Map<number, { dataId: object; buffer: DeviceBuffer }>();

  /** @throws {ProgramLoweringError} when a kernel has no StableHLO form; {TraceRefusal} with what XLA says */
  constructor(
    private readonly device: XlaDevice,
    program: Program,
  ) {
    const lowered: StableHlo = stableHlo(program, { precision: device.precision });
    this.outputs = lowered.outputs;
    try {
      const results = this.outputs.map((name) => program.outputs[name]!);
      this.executable = compiledNow(device.client, { text: lowered.text, results });
    } catch (error) {
      throw refusalOf(error, XLA);
    }
  }

  /** @param given what each of the program's inputs holds, in their order: variables of a training stay on the device */
  run(given: readonly { value: Value; tensor: tf.Tensor }[]): Record<string, Elements> {
    const { client } = this.device;
    const uploaded: DeviceBuffer[] = [];
    const inputs = given.map(({ value, tensor }, i) => {
      const place = placeOf(tensor);
      const there = place instanceof Cell ? place.onDevice() : undefined;
      if (there?.isOn(client)) return there;
      if (tensor instanceof tf.Variable && !place) return this.weight(i, value, tensor);
      const buffer = client.upload(elementsIn(tensor), value);
      uploaded.push(buffer);
      return buffer;
    });
    try {
      const results = this.executable.executeNow(inputs);
      const elements = results.map((result) => result.readNow());
      results.forEach((result) => result.dispose());
      return Object.fromEntries(this.outputs.map((name, i) => [name, elements[i]!]));
    } finally {
      uploaded.forEach((buffer) => buffer.dispose());
    }
  }

  dispose(): void {
    for (const { buffer } of this.weights.values()) buffer.dispose();
    this.weights.clear();
    this.executable.dispose();
  }

  private weight(input: number, value: Value, variable: tf.Variable): DeviceBuffer {
    const { dataId } = variable;
    const known = this.weights.get(input);
    if (known?.dataId === dataId) return known.buffer;
    known?.buffer.dispose();
    const buffer = this.device.client.upload(elementsIn(variable), value);
    this.weights.set(input, { dataId, buffer });
    return buffer;
  }
}
