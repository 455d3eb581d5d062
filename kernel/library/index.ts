/**
 * The package `latentlab`, for programs without a notebook: the library that cells import, tfjs, and the device that
 * they compute on.
 */
export * from '../autoencoders/index';
export { select, type Selected, type SelectOptions } from '../selection/select';
export { ModelError, type ModelClass } from '../selection/savedModel';
export { sweepRuns, type SweepRun } from '../selection/sweepRuns';
export * as tf from '@tensorflow/tfjs';
export { chooseDevice, device, DeviceError, type Device, type DeviceName, type Rung } from './device';
export * as engine from './engine';
export type { EngineReport } from './engine';
