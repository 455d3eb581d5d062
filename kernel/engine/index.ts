/**
 * Where arithmetic happens. The library states a step (`StepDefinition`) and asks for its runtime here; it knows no
 * device and no runtime by name.
 */
import { EagerStep } from './runtimes/eager';
import type { StepDefinition, TrainingStep } from './step';

export * from './step';
export { installFastMatMul } from './wasmMatMul';

/** A runtime for the step, on the tfjs backend that is active when it runs. */
export function trainingStep(definition: StepDefinition): TrainingStep {
  return new EagerStep(definition);
}
