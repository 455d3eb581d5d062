/** A plugin's client: the devices that it has, what is compiled for them and what lies on them. */
import { sizeOf, type TensorType } from '../../ops/types';
import type { Elements } from '../../trace/program';
import { DeviceBuffer } from './buffer';
import { ELEMENT_TYPES, IMMUTABLE_ONLY_DURING_CALL, NAMED_VALUES } from './abi';
import { compileOptions, type CompileSettings } from './compileOptions';
import { devicesOf, type Device } from './device';
import { XlaError } from './errors';
import { Executable } from './executable';
import type { Plugin } from './plugin';
import { Resources } from './resources';
import { keep } from './keep';
import type { Struct } from './struct';

/** Options of the plugin's own, `{ visible_devices: …, preallocate: false }` for example. */
export type ClientOptions = Readonly<Record<string, string | number | boolean>>;

export class Client {
  readonly platform: string;
  readonly platformVersion: string;
  readonly devices: readonly Device[];
  readonly resources = new Resources();
  private disposed = false;

  /**
   * @param settings what its programs are compiled with
   * @throws {XlaError} when the plugin finds no device
   */
  static async create(plugin: Plugin, options: ClientOptions = {}, settings: CompileSettings = {}): Promise<Client> {
    const values = Object.entries(options).map(([name, value]) => namedValue(plugin, name, value));
    const address = await createdWith(plugin, values);
    const client = new Client(plugin, address, settings);
    if (client.devices.length > 0) return client;
    client.dispose();
    throw new XlaError(`${plugin.file} finds no device.`, 'NOT_FOUND');
  }

  private constructor(
    readonly plugin: Plugin,
    private readonly address: bigint,
    private readonly settings: CompileSettings,
  ) {
    const client = address;
    this.platform = plugin.text(plugin.call('PJRT_Client_PlatformName', { client }), 'platform_name');
    this.platformVersion = plugin.text(plugin.call('PJRT_Client_PlatformVersion', { client }), 'platform_version');
    this.devices = devicesOf(plugin, client);
  }

  /**
   * Compiles StableHLO's text.
   *
   * @param outputs types of its results; @param donated positions of the arguments whose memory it takes over
   * @throws {XlaError} what the plugin finds wrong with it
   */
  async compile(text: string, outputs: readonly TensorType[], donated: readonly number[] = []): Promise<Executable> {
    const compiled = await this.plugin.callAsync('PJRT_Client_Compile', this.compiling(text));
    return new Executable(this, compiled.get('executable'), outputs, donated);
  }

  /** The same, and the event loop waits for it. */
  compileNow(text: string, outputs: readonly TensorType[], donated: readonly number[] = []): Executable {
    const compiled = this.plugin.call('PJRT_Client_Compile', this.compiling(text));
    return new Executable(this, compiled.get('executable'), outputs, donated);
  }

  /** What {@link Executable.serialize} has made of a program. @throws {XlaError} when the plugin cannot take it */
  async load(program: Buffer, outputs: readonly TensorType[], donated: readonly number[] = []): Promise<Executable> {
    const loaded = await this.plugin.callAsync('PJRT_Executable_DeserializeAndLoad', this.loading(program));
    return new Executable(this, loaded.get('loaded_executable'), outputs, donated);
  }

  /** The same, and the event loop waits for it. */
  loadNow(program: Buffer, outputs: readonly TensorType[], donated: readonly number[] = []): Executable {
    const loaded = this.plugin.call('PJRT_Executable_DeserializeAndLoad', this.loading(program));
    return new Executable(this, loaded.get('loaded_executable'), outputs, donated);
  }

  private loading(program: Buffer) {
    this.expectOpen();
    return { client: this.address, serialized_executable: program, serialized_executable_size: program.length };
  }

  private compiling(text: string) {
    this.expectOpen();
    const [code, format] = [text, 'mlir'].map((words) => Buffer.from(words)) as [Buffer, Buffer];
    const fields = { code, code_size: code.length, format, format_size: format.length };
    const program = this.plugin.struct('PJRT_Program', fields);
    const options = compileOptions(this.platform, this.settings);
    return {
      client: this.address,
      program,
      compile_options: options,
      compile_options_size: options.length,
    };
  }

  /** Copies elements to a device; they are the caller's again when this returns. */
  upload(elements: Elements, type: TensorType, device: Device = this.devices[0]!): DeviceBuffer {
    this.expectOpen();
    if (elements.length !== sizeOf(type)) {
      throw new XlaError(`[${type.shape.join()}] has ${sizeOf(type)} elements, not ${elements.length}.`);
    }
    const dims = dimensionsOf(type);
    const sent = this.plugin.call('PJRT_Client_BufferFromHostBuffer', {
      client: this.address,
      data: elements.length === 0 ? new Uint8Array(8) : elements,
      type: ELEMENT_TYPES[type.dtype],
      dims,
      num_dims: type.shape.length,
      host_buffer_semantics: IMMUTABLE_ONLY_DURING_CALL,
      device: device.address,
    });
    this.plugin.call('PJRT_Event_Destroy', { event: sent.get('done_with_host_buffer') });
    return new DeviceBuffer(this, sent.get('buffer'), type);
  }

  /** Frees it and all that it has, as soon as nothing of that is in use. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    const { plugin, address } = this;
    this.resources.close(() => void plugin.call('PJRT_Client_Destroy', { client: address }));
  }

  private expectOpen(): void {
    if (this.disposed) throw new XlaError('The client of this XLA plugin has been disposed of.');
  }
}

const dimensions = new WeakMap<TensorType, BigInt64Array>();

/** At least one number, so that there is an address; of a type that is given again and again they are made once. */
function dimensionsOf(type: TensorType): BigInt64Array {
  const known = dimensions.get(type);
  if (known) return known;
  const made = BigInt64Array.from(type.shape.length === 0 ? [0] : type.shape, BigInt);
  dimensions.set(type, made);
  return made;
}

/** The options are alive, with what they point at, until the client is there. */
async function createdWith(plugin: Plugin, options: readonly Struct<'PJRT_NamedValue'>[]): Promise<bigint> {
  const list = options.length === 0 ? 0 : Buffer.concat(options.map(({ bytes }) => bytes));
  const created = await plugin.callAsync('PJRT_Client_Create', { create_options: list, num_options: options.length });
  keep(options);
  return created.get('client');
}

function namedValue(plugin: Plugin, name: string, value: string | number | boolean): Struct<'PJRT_NamedValue'> {
  const written = Buffer.from(name);
  const of = (type: keyof typeof NAMED_VALUES, content: Buffer | number, size = 1) =>
    plugin.struct('PJRT_NamedValue', {
      name: written,
      name_size: written.length,
      type: NAMED_VALUES[type],
      value: content,
      value_size: size,
    });
  if (typeof value === 'boolean') return of('bool', Number(value));
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? of('int64', value)
      : of('float', Buffer.from(Float32Array.of(value).buffer).readInt32LE());
  }
  const text = Buffer.from(value);
  return of('string', text, text.length);
}
