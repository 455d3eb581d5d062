/**
 * `latentlab/notebook`: all that cells import as `latentlab`, the functions that cells have without an import, and the
 * library, for scripts that were exported from notebooks. What a cell would show is printed, and its pictures are saved.
 */
export * from '../session/latentlab';
export { chooseDevice, device, DeviceError, type Device, type DeviceName, type Rung } from './device';
export * as engine from './engine';
export type { EngineReport } from './engine';
export { alert, confirm, prompt } from './questions';
export { display, show } from './show';
