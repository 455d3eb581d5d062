/** tfjs's WebGPU backend on Dawn. It is written for browsers; this adds what Node lacks. */
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { overhearDawn, runDawn } from './dawnEvents';
import { splitLongSums } from './longSums';

/**
 * Makes the adapter's device the backend `webgpu`.
 *
 * @throws when the adapter gives no device
 */
export async function registerDawnBackend(gpu: GPU, adapter: GPUAdapter): Promise<void> {
  if (tf.findBackendFactory('webgpu')) return;
  overhearDawn();
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  publish(gpu);
  tf.registerBackend('webgpu', () => new DawnBackend(device, adapter.info));
  splitLongSums(limits.maxStorageBuffersPerShaderStage - 1);
  // Dawn crashes when the process ends while a device is in use.
  process.once('exit', () => device.destroy());
}

/** Where tfjs looks for it. This also keeps it alive: Dawn's devices do not outlive the object that made them. */
function publish(gpu: GPU): void {
  const navigator = (globalThis.navigator as Navigator | undefined) ?? {};
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

/**
 * Reads tensors synchronously without a canvas, which a browser would use for that; and fails where the device refused an
 * operation, instead of handing out the zeros that are left then.
 */
class DawnBackend extends WebGPUBackend {
  /** What the device refused since the last read. */
  private refusal: string | undefined;

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    device.onuncapturederror = ({ error }) => (this.refusal ??= error.message.split('\n')[0]!);
  }

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    const values = await super.read(dataId);
    this.complain();
    return values;
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { values, dtype, resource } = this.tensorMap.get(dataId);
    if (values || dtype === 'string' || dtype === 'complex64') return super.readSync(dataId);
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    this.submitQueue();
    const bytes = readBuffer(this.device, resource as GPUBuffer);
    this.complain();
    return tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype);
  }

  private complain(): void {
    const { refusal } = this;
    this.refusal = undefined;
    if (refusal !== undefined) throw new Error(`WebGPU refused an operation, so its results are lost: ${refusal}`);
  }
}

function readBuffer(device: GPUDevice, source: GPUBuffer): ArrayBuffer {
  const staging = device.createBuffer({ size: source.size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
  device.queue.submit([encoder.finish()]);
  let failure: unknown = 'no answer';
  staging.mapAsync(GPUMapMode.READ).catch((error: unknown) => (failure = error));
  while (staging.mapState === 'pending') runDawn();
  if (staging.mapState !== 'mapped') throw new Error(`The GPU did not return a tensor's values: ${String(failure)}`);
  const bytes = staging.getMappedRange().slice(0);
  staging.destroy();
  return bytes;
}
