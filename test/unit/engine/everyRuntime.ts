import type { StepDefinition, TrainingStep } from '../../../kernel/engine/index';
import { EagerStep } from '../../../kernel/engine/runtimes/eager';
import { CpuStep } from '../../../kernel/engine/runtimes/onnx/cpuStep';
import { UpdateStep } from '../../../kernel/engine/runtimes/onnx/updateStep';

/** Every way of running a step, on the processor. */
export const RUNTIMES: [string, (definition: StepDefinition) => TrainingStep][] = [
  ['operation by operation', (definition) => new EagerStep(definition)],
  ['traced, weights updated in place', (definition) => new CpuStep(definition)],
  ['traced with its optimizer', (definition) => new UpdateStep(definition, { provider: 'cpu', seriesLength: 1 })],
  ['traced as a series', (definition) => new UpdateStep(definition, { provider: 'cpu', seriesLength: 4 })],
];
