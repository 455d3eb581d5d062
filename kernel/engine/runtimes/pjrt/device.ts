/** The devices that a client can use. */
import type { Plugin } from './plugin';

export interface Device {
  readonly address: bigint;
  /** Its kind as the plugin names it: `cpu`, `NVIDIA H100 80GB HBM3`. */
  readonly name: string;
  /** What it holds now, where the plugin tells. */
  memory(): DeviceMemory | undefined;
}

/** In bytes. */
export interface DeviceMemory {
  readonly inUse: number;
  /** What there is at all, where that is known. */
  readonly limit: number | undefined;
}

export function devicesOf(plugin: Plugin, client: bigint): Device[] {
  const found = plugin.call('PJRT_Client_AddressableDevices', { client });
  const addresses = plugin.pointers(found.get('addressable_devices'), Number(found.get('num_addressable_devices')));
  return addresses.map((address) => ({
    address,
    name: nameOf(plugin, address),
    memory: () => memoryOf(plugin, address),
  }));
}

function nameOf(plugin: Plugin, device: bigint): string {
  const description = plugin.call('PJRT_Device_GetDescription', { device });
  const device_description = description.get('device_description');
  return plugin.text(plugin.call('PJRT_DeviceDescription_Kind', { device_description }), 'device_kind');
}

/** A processor does not tell. */
function memoryOf(plugin: Plugin, device: bigint): DeviceMemory | undefined {
  try {
    const stats = plugin.call('PJRT_Device_MemoryStats', { device });
    const limit = stats.get('bytes_limit_is_set') ? Number(stats.get('bytes_limit')) : undefined;
    return { inUse: Number(stats.get('bytes_in_use')), limit };
  } catch {
    return undefined;
  }
}
