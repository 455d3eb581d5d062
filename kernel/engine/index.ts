/**
 * Where arithmetic happens. The library states a step (`StepDefinition`) and asks for its runtime here; it knows no
 * device and no runtime by name.
 */
import { currentRivals, currentRuntime } from './runtime';
import { RacedStep } from './runtimes/race';
import { stepOn } from './runtimes/stepOn';
import { TracedOrEagerStep } from './runtimes/tracedOrEager';
import type { StepDefinition, TrainingStep } from './step';
import { registerGradients } from './gradients/index';

registerGradients();

export * from './step';
export * from './optimizers/config';
export { meant, nearest } from './nearest';
export { checkClaims, OptimizerGroupError, partsOf } from './optimizers/parts';
export { forward, type Forward } from './forward';
export { evaluateAbstractly } from './trace/abstract';
export type { TensorType } from './ops/types';
export { dataflow, type FlowNode, type Use } from './trace/dataflow';
export { named } from './trace/regions';
export { stepText } from './trace/print/stepText';
export { TraceRefusal } from './trace/refusal';
export { tracing } from './trace/tracer';
export { ready } from './runtime';
export { inOrder } from './runtimes/inOrder';
export { hostTensor, RowTable, tensorOfRows } from './runtimes/residence';
export { ExportError, toOnnx, type OnnxFunction } from './exportOnnx';
export { installFastMatMul } from './wasmMatMul';
export { installMovesFirst } from './wasmMoves';
export { mendWasmKernels } from './wasmKernels';

/** A runtime for the step, on the device that has been chosen. */
export function trainingStep(definition: StepDefinition): TrainingStep {
  const runtime = currentRuntime();
  const rivals = currentRivals();
  if (rivals.length > 0) return new TracedOrEagerStep(definition, new RacedStep(definition, [runtime, ...rivals]));
  const step = stepOn(runtime, definition);
  return runtime === 'eager' ? step : new TracedOrEagerStep(definition, step);
}
