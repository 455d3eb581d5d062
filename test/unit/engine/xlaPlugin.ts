/** The plugin that tests of XLA run on, where there is one: `LATENTLAB_XLA_PLUGIN=/path/to/xla_cpu_pjrt.so`. */
import { it } from 'vitest';
import { Client } from '../../../kernel/engine/runtimes/pjrt/client';
import { Plugin } from '../../../kernel/engine/runtimes/pjrt/plugin';
import { XlaDevice } from '../../../kernel/engine/runtimes/xla/device';

export const PLUGIN = process.env['LATENTLAB_XLA_PLUGIN'];

let started: Promise<Client> | undefined;

/** One client for a process. */
export async function xlaClient(): Promise<Client> {
  return (started ??= Client.create(Plugin.load(PLUGIN!)));
}

const devices = new Map<boolean, Promise<XlaDevice>>();

/** @param overlaps whether it is given its runs as a GPU is, which gives its memory away */
function xlaTestDeviceOf(overlaps: boolean): Promise<XlaDevice> {
  const known = devices.get(overlaps);
  if (known) return known;
  const device = xlaClient().then((client) => new XlaDevice(client, 'HIGHEST', overlaps));
  devices.set(overlaps, device);
  return device;
}

/** The device that steps are run on. */
export const xlaTestDevice = () => xlaTestDeviceOf(false);
/** The same, as a GPU is used. */
export const xlaTestGpu = () => xlaTestDeviceOf(true);

/** Says in a file's results what was not run without a plugin. */
export function sayWithoutPlugin(what: string): void {
  if (!PLUGIN) it.skip(`${what}: not run, for LATENTLAB_XLA_PLUGIN names no plugin`);
}
