/**
 * ONNX Runtime's C API, called directly: the library that npm's `onnxruntime-node` brings. The API is a table of
 * functions that only grows, so that a function's place holds for every version; it stands in `onnxruntime_c_api.h`.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { LibraryHandle } from 'koffi';
import { koffi } from '../../../foreign';
import { onnxRuntimeFolder } from '../installation';

/** Addresses of objects, and of a status; 0 is none. */
type Address = number | bigint;

/** Place, result and arguments of each function, as koffi writes types: addresses of objects are numbers of eight bytes. */
const FUNCTIONS = {
  errorMessage: [2, 'const char*', ['uint64_t']],
  createEnvironment: [3, 'uint64_t', ['int', 'const char*', 'void*']],
  createSession: [8, 'uint64_t', ['uint64_t', 'void*', 'uint64_t', 'uint64_t', 'void*']],
  run: [9, 'uint64_t', ['uint64_t', 'uint64_t', 'void*', 'void*', 'uint64_t', 'void*', 'uint64_t', 'void*']],
  createOptions: [10, 'uint64_t', ['void*']],
  setLogLevel: [22, 'uint64_t', ['uint64_t', 'int']],
  setOptimization: [23, 'uint64_t', ['uint64_t', 'int']],
  setThreads: [24, 'uint64_t', ['uint64_t', 'int']],
  createTensor: [49, 'uint64_t', ['uint64_t', 'void*', 'uint64_t', 'void*', 'uint64_t', 'int', 'void*']],
  createCpuMemory: [69, 'uint64_t', ['int', 'int', 'void*']],
  releaseStatus: [93, 'void', ['uint64_t']],
  releaseSession: [95, 'void', ['uint64_t']],
  releaseValue: [96, 'void', ['uint64_t']],
  releaseOptions: [100, 'void', ['uint64_t']],
  setConfig: [130, 'uint64_t', ['uint64_t', 'const char*', 'const char*']],
} as const;

type Functions = Record<keyof typeof FUNCTIONS, (...given: unknown[]) => unknown>;

/** The first version of the API that has all of them. */
const API_VERSION = 5;

export interface OnnxApi {
  /** Calls a function that returns a status. @throws what ONNX Runtime says against it */
  call(name: keyof typeof FUNCTIONS, ...given: unknown[]): void;
  /** The same for one that writes the address of what it has made to its last argument. */
  made(name: keyof typeof FUNCTIONS, ...given: unknown[]): bigint;
  release(name: 'releaseSession' | 'releaseValue' | 'releaseOptions', object: bigint): void;
  /** This process’s. */
  readonly environment: bigint;
  /** The processor's. */
  readonly memory: bigint;
}

let loaded: OnnxApi | undefined;
/** A library is unloaded when the collector takes its handle, whatever points into it. */
const libraries: LibraryHandle[] = [];

/** @throws when the library or koffi is not there, or is older than the API */
export function onnxApi(): OnnxApi {
  if (loaded) return loaded;
  const functions = functionsOf(libraryFile());
  const call = (name: keyof typeof FUNCTIONS, ...given: unknown[]) => {
    const status = functions[name](...given) as Address;
    if (!status) return;
    const message = functions.errorMessage(status) as string;
    functions.releaseStatus(status);
    throw new Error(message);
  };
  const made = (name: keyof typeof FUNCTIONS, ...given: unknown[]) => {
    const address = new BigUint64Array(1);
    call(name, ...given, address);
    return address[0]!;
  };
  loaded = {
    call,
    made,
    release: (name, object) => void functions[name](object),
    environment: made('createEnvironment', LOG_ERRORS, 'latentlab'),
    memory: made('createCpuMemory', ARENA, DEFAULT_MEMORY),
  };
  return loaded;
}

/** `ORT_LOGGING_LEVEL_ERROR`, `OrtArenaAllocator`, `OrtMemTypeDefault` */
export const LOG_ERRORS = 3;
const ARENA = 1;
const DEFAULT_MEMORY = 0;

/** The file that the package's own binding loads: a second one would be another ONNX Runtime. */
function libraryFile(): string {
  const folder = path.join(onnxRuntimeFolder(), 'bin', 'napi-v6', process.platform, process.arch);
  const name = existsSync(folder) ? readdirSync(folder).find((file) => LIBRARY.test(file)) : undefined;
  if (name === undefined) throw new Error(`There is no ONNX Runtime in ${folder}.`);
  return path.join(folder, name);
}

const LIBRARY = /^(libonnxruntime\.so\.1|libonnxruntime\.1\.dylib|onnxruntime\.dll)$/;

function functionsOf(file: string): Functions {
  const { load, decode, proto } = koffi();
  const library = load(file);
  libraries.push(library);
  const base = library.func('OrtGetApiBase', 'uint64_t', [])() as Address;
  const functionAt = (table: Address, index: number, result: string, given: readonly string[]) =>
    decode(decode(BigInt(table), index * 8, 'void*'), proto(result, [...given])) as (...given: unknown[]) => unknown;
  const getApi = functionAt(base, 0, 'uint64_t', ['uint32_t']);
  const api = getApi(API_VERSION) as Address;
  if (!api) throw new Error(`The ONNX Runtime in ${file} does not offer version ${API_VERSION} of its API.`);
  const entries = Object.entries(FUNCTIONS).map(([name, [index, result, given]]) => [
    name,
    functionAt(api, index, result, given),
  ]);
  return Object.fromEntries(entries) as Functions;
}
