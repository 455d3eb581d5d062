import type { StepDefinition, TrainingStep } from '../../../kernel/engine/index';
import { EagerStep } from '../../../kernel/engine/runtimes/eager';
import { CpuStep } from '../../../kernel/engine/runtimes/onnx/cpuStep';
import { UpdateStep } from '../../../kernel/engine/runtimes/onnx/updateStep';
import { XlaStep } from '../../../kernel/engine/runtimes/xla/xlaStep';
import { PLUGIN, xlaTestDevice, xlaTestGpu } from './xlaPlugin';

type Way = [string, (definition: StepDefinition) => TrainingStep];

const BY_XLA: Way[] = [
  ['by XLA', (definition) => new XlaStep(definition, xlaTestDevice)],
  ['by XLA as on a GPU', (definition) => new XlaStep(definition, xlaTestGpu)],
];

/** Every way of running a step, on the processor; by XLA where there is a plugin. */
export const RUNTIMES: Way[] = [
  ['operation by operation', (definition) => new EagerStep(definition)],
  ['traced, weights updated in place', (definition) => new CpuStep(definition)],
  ['traced with its optimizer', (definition) => new UpdateStep(definition, { provider: 'cpu' })],
  ...(PLUGIN ? BY_XLA : []),
];
