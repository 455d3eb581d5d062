/**
 * The package `latentlab`, for programs without a notebook: the library that cells import, tfjs, and the device that
 * they compute on.
 */
export * from '../autoencoders/index';
export * as tf from '@tensorflow/tfjs';
export { chooseDevice, device, DeviceError, type Device, type DeviceName, type Rung } from './device';
export * as engine from './engine';
export type { EngineReport } from './engine';
