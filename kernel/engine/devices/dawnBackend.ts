/** tfjs's WebGPU backend on Dawn. It is written for browsers; this adds what Node lacks. */
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** Dawn's callbacks that wait for the event loop's next turn. */
const waiting = new Set<() => void>();

/**
 * Makes the adapter's device the backend `webgpu`.
 *
 * @throws when the adapter gives no device
 */
export async function registerDawnBackend(gpu: GPU, adapter: GPUAdapter): Promise<void> {
  if (tf.findBackendFactory('webgpu')) return;
  overhearSetImmediate();
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  publish(gpu);
  tf.registerBackend('webgpu', () => new DawnBackend(device, adapter.info));
}

/** Where tfjs looks for it. This also keeps it alive: Dawn's devices do not outlive the object that made them. */
function publish(gpu: GPU): void {
  const navigator = (globalThis.navigator as Navigator | undefined) ?? {};
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

/** Reads tensors synchronously without a canvas, which a browser would use for that. */
class DawnBackend extends WebGPUBackend {
  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { values, dtype, resource } = this.tensorMap.get(dataId);
    if (values || dtype === 'string' || dtype === 'complex64') return super.readSync(dataId);
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    this.submitQueue();
    const bytes = readBuffer(this.device, resource as GPUBuffer);
    return tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype);
  }
}

function readBuffer(device: GPUDevice, source: GPUBuffer): ArrayBuffer {
  const staging = device.createBuffer({ size: source.size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
  device.queue.submit([encoder.finish()]);
  const mapped = staging.mapAsync(GPUMapMode.READ);
  // A failure shows in `mapState`, below.
  mapped.catch(() => undefined);
  while (staging.mapState === 'pending') runWaiting();
  if (staging.mapState !== 'mapped')
    throw new Error('The GPU gave a tensor’s values not back; its device may be lost.');
  const bytes = staging.getMappedRange().slice(0);
  staging.destroy();
  return bytes;
}

/**
 * Dawn answers from callbacks that it hands to `setImmediate`. Keeping those in sight lets a synchronous read run them
 * without giving up its turn. They are told from the callbacks of JavaScript by being native and without a name.
 */
function overhearSetImmediate(): void {
  const original = globalThis.setImmediate;
  if (original.name === 'overheardSetImmediate') return;
  const overheardSetImmediate = (callback: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
    if (callback.name !== '' || !Function.prototype.toString.call(callback).includes('[native code]')) {
      return original(callback, ...args);
    }
    waiting.add(callback);
    return original(() => {
      if (waiting.delete(callback)) callback();
    });
  };
  globalThis.setImmediate = Object.defineProperties(
    overheardSetImmediate,
    Object.getOwnPropertyDescriptors(original),
  ) as typeof setImmediate;
}

function runWaiting(): void {
  if (waiting.size === 0)
    throw new Error('Dawn waits for nothing: this version of `webgpu` cannot read synchronously.');
  for (const callback of [...waiting]) {
    waiting.delete(callback);
    callback();
  }
}
