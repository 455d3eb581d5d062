/** The device that was asked for is unknown or cannot be used. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}
