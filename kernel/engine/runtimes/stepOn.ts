import type { Runtime } from '../runtime';
import type { StepDefinition, TrainingStep } from '../step';
import { EagerStep } from './eager';
import { CpuStep } from './onnx/cpuStep';
import { UpdateStep } from './onnx/updateStep';

/** Steps in one run on CUDA, where weights cross the bus with each run: a tenth of a second at 3 ms a step. */
const CUDA_SERIES = 32;

/** The step by this runtime and no other: it throws a `TraceRefusal` where it cannot be traced. */
export function stepOn(runtime: Runtime, definition: StepDefinition): TrainingStep {
  switch (runtime) {
    case 'eager':
      return new EagerStep(definition);
    case 'cpu':
      return new CpuStep(definition);
    case 'webgpu':
      return new UpdateStep(definition, { provider: 'webgpu', seriesLength: 1 });
    case 'cuda':
      return new UpdateStep(definition, { provider: 'cuda', seriesLength: CUDA_SERIES });
  }
}
