/** What XLA plugins compute on in this process: one client a platform, made when it is first needed. */
import type { Precision } from '../../lower/stablehlo/body';
import type { XlaPlatform } from '../../runtime';
import { Client, type ClientOptions } from '../pjrt/client';
import type { CompileSettings } from '../pjrt/compileOptions';
import { XlaError } from '../pjrt/errors';
import { Plugin } from '../pjrt/plugin';
import { SharedVariables } from '../sharedVariables';
import { Cell } from './cell';
import { Tables } from './tables';

export interface XlaOffer {
  /** The plugin's shared library. */
  readonly library: string;
  readonly options?: ClientOptions;
  readonly settings?: CompileSettings;
  readonly precision: Precision;
  /** Loads what the plugin needs, before it is loaded. @returns what of that is missing, and why */
  readonly prepare?: () => readonly string[];
}

export class XlaDevice {
  readonly tables: Tables;
  /** What all steps on it train and read. */
  readonly variables = new SharedVariables((type) => new Cell(type));

  /**
   * @param overlaps whether a run returns before it is done, so that what follows can be given its results. On a processor
   * it does not: it is waited for in another thread, and what it is given stays as it is until then.
   */
  constructor(
    readonly client: Client,
    readonly precision: Precision,
    readonly overlaps = client.platform !== 'cpu',
  ) {
    this.tables = new Tables(client);
  }
}

const offers = new Map<XlaPlatform, XlaOffer>();
const devices = new Map<XlaPlatform, Promise<XlaDevice>>();
const started = new Map<XlaPlatform, XlaDevice>();

/** For the device ladder: what the platform's plugin is, until it is needed. */
export function offerXla(platform: XlaPlatform, offer: XlaOffer): void {
  if (!devices.has(platform)) offers.set(platform, offer);
}

/** @throws {XlaError} when there is no plugin for the platform, or it finds no device */
export function xlaDevice(platform: XlaPlatform): Promise<XlaDevice> {
  const known = devices.get(platform);
  if (known) return known;
  const device = start(platform);
  devices.set(platform, device);
  device.catch(() => devices.delete(platform));
  return device;
}

/** The same where nothing can wait: a device that has been started. */
export function startedXlaDevice(platform: XlaPlatform): XlaDevice {
  const device = started.get(platform);
  if (!device) throw new XlaError(`The XLA plugin for ${platform} has not been started.`);
  return device;
}

async function start(platform: XlaPlatform): Promise<XlaDevice> {
  const offer = offers.get(platform);
  if (!offer) throw new XlaError(`There is no XLA plugin for ${platform}.`);
  const client = await clientOf(offer);
  expectKind(platform, client.platform, offer.library);
  const device = new XlaDevice(client, offer.precision);
  started.set(platform, device);
  return device;
}

/** @throws {XlaError} when a variable names the processor's plugin for a GPU, or the other way round */
function expectKind(platform: XlaPlatform, found: string, library: string): void {
  if ((platform === 'cpu') === (found === 'cpu')) return;
  throw new XlaError(`${library} is XLA’s plugin for ${found}, not for ${platform}.`);
}

/** @throws {XlaError} with what could not be loaded, for without it a plugin may not see its device */
async function clientOf({ library, options, settings, prepare }: XlaOffer): Promise<Client> {
  const missing = prepare?.() ?? [];
  try {
    return await Client.create(Plugin.load(library), options, settings);
  } catch (error) {
    if (missing.length === 0 || !(error instanceof XlaError)) throw error;
    throw new XlaError(`${error.message} (not loaded: ${missing.join('; ')})`, error.code, { cause: error });
  }
}
