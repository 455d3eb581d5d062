/** The rungs of the device ladder, best first: how each is loaded, and how exact it has to be. */
import { commandLine } from '../commandLine';
import type { RungName } from './names';
import type { RungDefinition } from './rung';
import { loadCpu, loadWasm } from './portable';
import { loadTensorFlow } from './tensorflow';
import { loadTracedCpu, loadTracedWebgpu, onnxRuntimeAbsent, tracedCpuIdentity } from './traced';
import { loadWebgpu } from './webgpu';
import { xlaRung } from './xla/rungs';

const FLOAT32 = 1e-5;
const TENSOR_FLOAT32 = 2e-3;

export const RUNGS: readonly (RungDefinition & { name: RungName })[] = [
  {
    name: 'tfjs-node-gpu',
    about: 'TensorFlow on NVIDIA GPUs, operation by operation',
    native: true,
    gpu: true,
    optionalPackage: {
      name: '@tensorflow/tfjs-node-gpu',
      note: `Linux and Windows on x64, with CUDA 11.2 and cuDNN 8.1; \`${commandLine('setup:tfjs-node', '--gpu')}\` builds it for CUDA 12`,
      setUp: 'setup:tfjs-node',
    },
    tolerance: TENSOR_FLOAT32,
    load: () => loadTensorFlow('@tensorflow/tfjs-node-gpu'),
  },
  xlaRung('cuda'),
  xlaRung('rocm'),
  xlaRung('metal'),
  xlaRung('intel'),
  {
    name: 'traced-webgpu',
    about: 'traced steps, by ONNX Runtime on any GPU through WebGPU',
    native: true,
    gpu: true,
    optionalPackage: {
      name: 'webgpu',
      note: 'Linux, Windows and macOS; it tells which adapter there is',
      setUp: 'setup:webgpu',
    },
    absent: onnxRuntimeAbsent,
    tolerance: TENSOR_FLOAT32,
    load: loadTracedWebgpu,
  },
  {
    name: 'traced-cpu',
    about: 'traced steps, by ONNX Runtime on the processor',
    native: true,
    gpu: false,
    absent: onnxRuntimeAbsent,
    identity: tracedCpuIdentity,
    tolerance: FLOAT32,
    load: loadTracedCpu,
  },
  xlaRung('cpu'),
  {
    name: 'tfjs-node',
    about: 'TensorFlow on the processor, operation by operation',
    native: true,
    gpu: false,
    optionalPackage: {
      name: '@tensorflow/tfjs-node',
      note: `x64 and macOS on arm64; where that fails, \`${commandLine('setup:tfjs-node')}\` builds it on Linux`,
      setUp: 'setup:tfjs-node',
    },
    tolerance: FLOAT32,
    load: () => loadTensorFlow('@tensorflow/tfjs-node'),
  },
  {
    name: 'webgpu',
    about: 'TensorFlow.js on any GPU through WebGPU, operation by operation',
    native: true,
    gpu: true,
    optionalPackage: { name: 'webgpu', note: 'Linux, Windows and macOS', setUp: 'setup:webgpu' },
    tolerance: TENSOR_FLOAT32,
    load: loadWebgpu,
  },
  {
    name: 'wasm',
    about: 'TensorFlow.js in WebAssembly, operation by operation',
    native: false,
    gpu: false,
    tolerance: FLOAT32,
    load: loadWasm,
  },
  {
    name: 'cpu',
    about: 'TensorFlow.js in plain JavaScript, operation by operation',
    native: false,
    gpu: false,
    tolerance: FLOAT32,
    load: loadCpu,
  },
];
