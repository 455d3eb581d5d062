/** Kernels that follow each other and are quicker as one. */
import type { Call, Program, Value } from '../trace/program';

/** dy · step(x), the gradient of y = relu(x), is dy where y > 0: then nobody but relu needs x. */
export function rectifierGradients(program: Program): Program {
  const { producer } = indexed(program);
  /** What has been computed by then: relu(x) by x. */
  const rectified = new Map<Value, Value>();
  const steppedFrom = (value: Value): Value | undefined => {
    const call = producer.get(value);
    if (call?.kernel === 'Cast') return steppedFrom(call.inputs['x']!);
    return call?.kernel === 'Step' && call.attrs['alpha'] === 0 ? call.inputs['x'] : undefined;
  };
  return mapCalls(program, (call) => {
    if (call.kernel === 'Relu') rectified.set(call.inputs['x']!, call.outputs[0]!);
    if (call.kernel !== 'Multiply') return call;
    const { a, b } = call.inputs as { a: Value; b: Value };
    for (const [dy, slope] of [
      [a, b],
      [b, a],
    ] as const) {
      const x = steppedFrom(slope);
      if (!x || x.dtype !== 'float32' || x.shape.join() !== dy.shape.join()) continue;
      return { ...call, kernel: 'ReluGradient', inputs: { dy, y: rectified.get(x) ?? x }, attrs: {} };
    }
    return call;
  });
}

/** Kernels that have a form with a bias for each of the last axis, and its name. */
const WITH_BIAS: Readonly<Record<string, string>> = { BatchMatMul: '_FusedMatMul', Conv2D: 'FusedConv2D' };

/** A bias for each of the last axis goes into the product or convolution that it is added to. */
export function biases(program: Program): Program {
  const { producer, uses } = indexed(program);
  return mapCalls(program, (call) => {
    if (call.kernel !== 'Add') return call;
    const { a, b: bias } = call.inputs as { a: Value; b: Value };
    const before = producer.get(a);
    const name = before && WITH_BIAS[before.kernel];
    const fits = bias.shape.length === 1 && bias.shape[0] === a.shape.at(-1) && a.dtype === 'float32';
    const channelsLast = (before?.attrs['dataFormat'] ?? 'NHWC') === 'NHWC';
    if (!name || !fits || !channelsLast || uses.get(a) !== 1) return call;
    const attrs = { ...before.attrs, activation: 'linear' };
    return { ...before, kernel: name, inputs: { ...before.inputs, bias }, attrs, outputs: call.outputs };
  });
}

const FUSED = new Set(Object.values(WITH_BIAS));

/** So does a rectifier. */
export function rectifiers(program: Program): Program {
  const { producer, uses } = indexed(program);
  return mapCalls(program, (call) => {
    const before = call.kernel === 'Relu' && producer.get(call.inputs['x']!);
    if (!before || !FUSED.has(before.kernel) || uses.get(call.inputs['x']!) !== 1) return call;
    return { ...before, attrs: { ...before.attrs, activation: 'relu' }, outputs: call.outputs };
  });
}

function indexed({ calls, outputs }: Program): { producer: Map<Value, Call>; uses: Map<Value, number> } {
  const producer = new Map<Value, Call>();
  const uses = new Map<Value, number>();
  const use = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const call of calls) {
    for (const output of call.outputs) producer.set(output, call);
    Object.values(call.inputs).forEach(use);
  }
  Object.values(outputs).forEach(use);
  return { producer, uses };
}

function mapCalls(program: Program, f: (call: Call) => Call): Program {
  return { ...program, calls: program.calls.map(f) };
}
