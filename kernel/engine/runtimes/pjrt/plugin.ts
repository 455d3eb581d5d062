/** An XLA plugin: a shared library with PJRT's C API. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { API_VERSION_AT, FUNCTIONS, type Callable, type FieldOf, type FunctionName, type StructName } from './abi';
import { codeName, XlaError } from './errors';
import { addressFrom, addressOf, bytesAt, functionAt, type ForeignFunction } from './foreign';
import { libraryFormat } from './libraryFormat';
import { layoutOf, Struct, type FieldValue } from './struct';

type Fields<S extends StructName> = Partial<Record<FieldOf<S>, FieldValue>>;
type ArgsOf<F extends Callable> = `${F}_Args`;

const { offsets: VERSION_FIELDS, size: VERSION_SIZE } = layoutOf('PJRT_Api_Version');
/** Functions stand behind the version, one pointer each. */
const TABLE_AT = API_VERSION_AT + VERSION_SIZE;
const MAJOR = 0;

export class Plugin {
  private static readonly loaded = new Map<string, Plugin>();
  private readonly functions = new Map<FunctionName, ForeignFunction>();
  private readonly structs = new Map<FunctionName, Struct<StructName>>();

  /**
   * Loads a plugin, which then stays for as long as the process.
   *
   * @throws {XlaError} when there is no such file, it is no plugin for this machine, or its API is another one
   */
  static load(file: string): Plugin {
    if (!existsSync(file)) throw new XlaError(`There is no XLA plugin at ${file}.`);
    if (!statSync(file).isFile()) throw new XlaError(`${file} is no file: name the XLA plugin’s shared library.`);
    const real = realpathSync(file);
    const known = Plugin.loaded.get(real);
    if (known) return known;
    const plugin = new Plugin(file, apiOf(real));
    plugin.call('PJRT_Plugin_Initialize', {});
    Plugin.loaded.set(real, plugin);
    return plugin;
  }

  /** The API's version, `0.81`. */
  readonly version: string;

  /** @param api address of its table of functions */
  constructor(
    readonly file: string,
    private readonly api: bigint,
  ) {
    const [major, minor] = ['major_version', 'minor_version'].map((field) =>
      bytesAt(api, TABLE_AT).readInt32LE(API_VERSION_AT + VERSION_FIELDS[field]!),
    );
    this.version = `${major}.${minor}`;
    const size = Number(bytesAt(api, 8).readBigUInt64LE());
    if (major !== MAJOR) {
      throw new XlaError(`${file} has version ${this.version} of PJRT’s API; LatentLab needs ${MAJOR}.x.`);
    }
    if (size < TABLE_AT + 8 * FUNCTIONS.length) {
      throw new XlaError(
        `${file} is too old: version ${this.version} of PJRT’s API lacks functions that LatentLab needs.`,
      );
    }
  }

  /**
   * @returns its arguments, with what it has written there, until the next call of this function: memory is not littered
   * with them
   * @throws {XlaError} what the plugin says
   */
  call<F extends Callable>(name: F, fields: Fields<ArgsOf<F>>): Struct<ArgsOf<F>> {
    const args = this.argumentsOf(name, fields);
    try {
      this.check(name, this.functionOf(name)(args.bytes));
    } finally {
      args.letGo();
    }
    return args;
  }

  /** The same in another thread: it may take its time. */
  async callAsync<F extends Callable>(name: F, fields: Fields<ArgsOf<F>>): Promise<Struct<ArgsOf<F>>> {
    const args = this.struct(`${name}_Args`, fields);
    // The closure holds the struct, and that all bytes whose addresses it has, until the call has returned.
    return new Promise((resolve, reject) => {
      this.functionOf(name).async(args.bytes, (failure, error) => {
        try {
          if (failure) throw failure;
          this.check(name, error);
          resolve(args);
        } catch (thrown) {
          reject(thrown as Error);
        }
      });
    });
  }

  struct<S extends StructName>(name: S, fields: Fields<S>): Struct<S> {
    return new Struct(name, fields, addressOf);
  }

  /** The text that a struct points at. */
  text<S extends StructName>(struct: Struct<S>, field: FieldOf<S>): string {
    const length = Number(struct.get(`${field}_size` as FieldOf<S>));
    return length === 0 ? '' : bytesAt(struct.get(field), length).toString('utf8');
  }

  /** Pointers that lie one behind another. */
  pointers(address: bigint, count: number): bigint[] {
    const bytes = count === 0 ? Buffer.alloc(0) : bytesAt(address, 8 * count);
    return Array.from({ length: count }, (_, i) => bytes.readBigUInt64LE(8 * i));
  }

  private argumentsOf<F extends Callable>(name: F, fields: Fields<ArgsOf<F>>): Struct<ArgsOf<F>> {
    const known = this.structs.get(name) as Struct<ArgsOf<F>> | undefined;
    if (known) return known.fill(fields);
    const made = this.struct(`${name}_Args`, fields);
    this.structs.set(name, made as Struct<StructName>);
    return made;
  }

  private functionOf(name: FunctionName): ForeignFunction {
    const known = this.functions.get(name);
    if (known) return known;
    const found = functionAt(this.api, TABLE_AT + 8 * FUNCTIONS.indexOf(name));
    this.functions.set(name, found);
    return found;
  }

  /** Throws what the plugin hands back, and frees it. */
  private check(name: FunctionName, address: number | bigint): void {
    const error = BigInt(address);
    if (error === 0n) return;
    const message = this.struct('PJRT_Error_Message_Args', { error });
    this.functionOf('PJRT_Error_Message')(message.bytes);
    const words = this.text(message, 'message');
    const code = this.struct('PJRT_Error_GetCode_Args', { error });
    this.functionOf('PJRT_Error_GetCode')(code.bytes);
    this.functionOf('PJRT_Error_Destroy')(this.struct('PJRT_Error_Destroy_Args', { error }).bytes);
    throw new XlaError(`${name}: ${words}`, codeName(Number(code.get('code'))));
  }
}

function apiOf(file: string): bigint {
  let address: bigint;
  const [format, here] = [libraryFormat(file), `${process.platform}-${process.arch}`];
  if (format !== undefined && format !== here) {
    throw new XlaError(`${file} is not an XLA plugin for this machine: it is for ${format}; this is ${here}.`);
  }
  try {
    address = addressFrom(file, 'GetPjrtApi');
  } catch (error) {
    if (error instanceof XlaError) throw error;
    throw new XlaError(`${file} is not an XLA plugin for this machine: ${(error as Error).message}`, undefined, {
      cause: error,
    });
  }
  if (address === 0n) throw new XlaError(`${file} is an XLA plugin, but provides no API.`);
  return address;
}
