import { DeviceError } from './deviceError';
import type { Precision } from './rung';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable by which products in full float32 are asked for; VS Code's setting `latentlab.precision` sets it. */
export const PRECISION = 'LATENTLAB_PRECISION';

/**
 * What products on GPUs that have TF32 may be rounded to: TF32, unless float32 is asked for here or by NVIDIA's own
 * variable.
 *
 * @throws {DeviceError} when the variable says neither
 */
export function wantedPrecision(env: Environment = process.env): Precision {
  const wanted = env[PRECISION];
  if (wanted !== undefined && wanted !== '' && wanted !== 'float32' && wanted !== 'TF32') {
    throw new DeviceError(`${PRECISION} is ${JSON.stringify(wanted)}; expected TF32 or float32.`);
  }
  return wanted === 'float32' || env['NVIDIA_TF32_OVERRIDE'] === '0' ? 'float32' : 'TF32';
}

/** Before a device is chosen: CUDA's own libraries read NVIDIA's variable. */
export function applyPrecision(env: NodeJS.ProcessEnv = process.env): void {
  if (wantedPrecision(env) === 'float32') env['NVIDIA_TF32_OVERRIDE'] = '0';
}
