/**
 * Values whose elements are those of a smaller value, repeated. The gradient of a mean is one number in every place, and
 * tfjs multiplies it, element by element, by tensors of ones: here it stays one number until something needs all of it.
 * The arithmetic of each element is the same.
 */
import { broadcast, sizeOf } from '../ops/types';
import { newValue, type Call, type Elements, type Program, type Value } from '../trace/program';

const UNARY = new Set([
  'Neg',
  'Square',
  'Sqrt',
  'Rsqrt',
  'Reciprocal',
  'Exp',
  'Log',
  'Abs',
  'Sign',
  'Cast',
  'Identity',
]);
const BINARY = new Set(['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference']);

export function narrowed(program: Program): Program {
  const narrowing = new Narrowing(program);
  program.calls.forEach((call) => narrowing.take(call));
  return narrowing.finish();
}

class Narrowing {
  private readonly calls: Call[] = [];
  private readonly constants: { value: Value; elements: Elements }[] = [];
  /** What a value repeats. */
  private readonly cores = new Map<Value, Value>();
  private readonly widened = new Set<Value>();

  constructor(private readonly program: Program) {
    for (const { value, elements } of program.constants) {
      this.constants.push({ value, elements });
      if (
        elements instanceof Float32Array &&
        elements.length > 1 &&
        elements.every((one) => Object.is(one, elements[0]))
      ) {
        this.cores.set(value, this.number(elements[0]!));
        this.widened.add(value);
      }
    }
  }

  take(call: Call): void {
    if (!this.narrow(call)) this.emit({ ...call, inputs: this.whole(call.inputs) });
  }

  finish(): Program {
    const outputs = this.whole(this.program.outputs);
    return { inputs: this.program.inputs, constants: this.constants, calls: this.calls, outputs };
  }

  /** @returns whether the call could be computed on what its inputs repeat */
  private narrow(call: Call): boolean {
    const [output] = call.outputs;
    if (call.outputs.length !== 1 || output!.dtype !== 'float32') return false;
    if (UNARY.has(call.kernel))
      return this.onCore(call, { x: call.inputs['x']! }, this.coreOf(call.inputs['x']!).shape);
    if (BINARY.has(call.kernel)) {
      const { a, b } = call.inputs;
      return this.onCore(call, { a: a!, b: b! }, broadcast(this.coreOf(a!), this.coreOf(b!)));
    }
    if (call.kernel === 'Reshape') return this.reshapedCore(call.inputs['x']!, output!);
    return false;
  }

  private onCore(call: Call, inputs: Record<string, Value>, shape: readonly number[]): boolean {
    if (!Object.values(inputs).some((value) => this.cores.has(value))) return false;
    const [output] = call.outputs;
    const cores = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, this.coreOf(value)]));
    if (shape.join() === output!.shape.join()) {
      this.emit({ ...call, inputs: cores });
      return true;
    }
    const core = newValue({ shape, dtype: output!.dtype });
    if (!isSmaller(core, output!)) return false;
    this.emit({ ...call, inputs: cores, outputs: [core] });
    this.cores.set(output!, core);
    return true;
  }

  /** One number repeated stays so in any shape. */
  private reshapedCore(x: Value, output: Value): boolean {
    const core = this.coreOf(x);
    if (core.shape.length > 0 || output.shape.length === 0) return false;
    this.cores.set(output, core);
    return true;
  }

  private coreOf(value: Value): Value {
    return this.cores.get(value) ?? value;
  }

  /** The values themselves, repeated where they are not computed yet. */
  private whole(values: Readonly<Record<string, Value>>): Record<string, Value> {
    for (const value of Object.values(values)) {
      const core = this.cores.get(value);
      if (!core || this.widened.has(value)) continue;
      this.widened.add(value);
      this.emit({ kernel: 'BroadcastTo', inputs: { x: core }, attrs: { shape: [...value.shape] }, outputs: [value] });
    }
    return { ...values };
  }

  private emit(call: Call): void {
    this.calls.push(call);
  }

  private number(one: number): Value {
    const value = newValue({ shape: [], dtype: 'float32' });
    this.constants.push({ value, elements: Float32Array.of(one) });
    return value;
  }
}

function isSmaller(core: Value, value: Value): boolean {
  const difference = sizeOf(value) - sizeOf(core);
  return difference > 0 || (difference === 0 && core.shape.length < value.shape.length);
}
