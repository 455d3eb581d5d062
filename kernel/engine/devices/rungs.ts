/** The rungs of the device ladder, best first: how each is loaded, and how exact it has to be. */
import type { RungDefinition } from './rung';
import { loadCpu, loadWasm } from './portable';
import { loadTensorFlow } from './tensorflow';
import { loadWebgpu } from './webgpu';

const FLOAT32 = 1e-5;
const TENSOR_FLOAT32 = 2e-3;

export const RUNGS: readonly RungDefinition[] = [
  {
    name: 'tfjs-node-gpu',
    native: true,
    optionalPackage: {
      name: '@tensorflow/tfjs-node-gpu',
      note: 'Linux and Windows on x64, with CUDA 11.2 and cuDNN 8.1',
    },
    tolerance: TENSOR_FLOAT32,
    load: () => loadTensorFlow('@tensorflow/tfjs-node-gpu'),
  },
  {
    name: 'webgpu',
    native: true,
    optionalPackage: { name: 'webgpu', note: 'Linux, Windows and macOS' },
    tolerance: TENSOR_FLOAT32,
    load: loadWebgpu,
  },
  {
    name: 'tfjs-node',
    native: true,
    optionalPackage: { name: '@tensorflow/tfjs-node', note: 'x64 and macOS on arm64' },
    tolerance: FLOAT32,
    load: () => loadTensorFlow('@tensorflow/tfjs-node'),
  },
  { name: 'wasm', native: false, tolerance: FLOAT32, load: loadWasm },
  { name: 'cpu', native: false, tolerance: FLOAT32, load: loadCpu },
];

/** What a user may ask for. */
export const DEVICE_NAMES: readonly string[] = ['auto', ...RUNGS.map(({ name }) => name)];
