import { xlaPlatformOf, type Runtime } from '../runtime';
import type { StepDefinition, TrainingStep } from '../step';
import { EagerStep } from './eager';
import { CpuStep } from './onnx/cpuStep';
import { UpdateStep } from './onnx/updateStep';
import { xlaDevice } from './xla/device';
import { XlaStep } from './xla/xlaStep';

/** The step by this runtime and no other: it throws a `TraceRefusal` where it cannot be traced. */
export function stepOn(runtime: Runtime, definition: StepDefinition): TrainingStep {
  const platform = xlaPlatformOf(runtime);
  if (platform) return new XlaStep(definition, () => xlaDevice(platform));
  switch (runtime) {
    case 'cpu':
      return new CpuStep(definition);
    case 'webgpu':
      return new UpdateStep(definition, { provider: 'webgpu' });
    default:
      return new EagerStep(definition);
  }
}
