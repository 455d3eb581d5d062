/** The backend that tfjs's own tests are run on: the lowerings, computed by ONNX Runtime on the CPU. */
import { LOWERINGS } from '../../kernel/engine/lower/onnx/table';
import { computeOnCpu } from '../../kernel/engine/runtimes/onnx/programCache';
import { registerLazyBackend } from '../../kernel/engine/trace/lazyBackend';

registerLazyBackend((program, inputs) => computeOnCpu(program, inputs, 1));

export const subject = { backend: 'lowered', kernels: new Set(Object.keys(LOWERINGS)) };
