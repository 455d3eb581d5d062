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

let device: Promise<XlaDevice> | undefined;

/** The device that steps are run on. */
export function xlaTestDevice(): Promise<XlaDevice> {
  return (device ??= xlaClient().then((client) => new XlaDevice(client, 'HIGHEST')));
}

/** Says in a file's results what was not run without a plugin. */
export function sayWithoutPlugin(what: string): void {
  if (!PLUGIN) it.skip(`${what}: not run, for LATENTLAB_XLA_PLUGIN names no plugin`);
}
