import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cudaToolsOf, findLibrariesOf, loadLibrariesOf } from '../../../../kernel/engine/devices/xla/librariesOfWheels';
import { loadLibrary } from '../../../../kernel/engine/runtimes/pjrt/foreign';

let site: string;
beforeEach(() => {
  site = mkdtempSync(path.join(tmpdir(), 'latentlab-wheels-'));
});
afterEach(() => rmSync(site, { recursive: true }));

function put(...parts: string[]): string {
  const file = path.join(site, ...parts);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

describe('the libraries of a plugin on Windows', () => {
  it.each([
    ['winjax_cuda13_pjrt', 'plugin.dll'],
    ['jax_plugins', 'xla_cuda13', 'plugin.dll'],
  ])('are found through the PATH, before what is there: %s', (...plugin) => {
    const library = put(...plugin);
    put('nvidia', 'cu13', 'bin', 'x86_64', 'cublas64_13.dll');
    put('nvidia', 'cudnn', 'bin', 'cudnn64_9.DLL');
    put('nvidia', 'cudnn', 'include', 'cudnn.h');
    const env = { PATH: 'C:\\Windows' };
    const folders = findLibrariesOf(library, env, 'win32');
    expect(folders.toSorted()).toEqual([
      path.join(site, 'nvidia', 'cu13', 'bin', 'x86_64'),
      path.join(site, 'nvidia', 'cudnn', 'bin'),
    ]);
    expect(env.PATH).toBe([...folders, 'C:\\Windows'].join(';'));
    // A second look adds nothing.
    expect(findLibrariesOf(library, env, 'win32')).toEqual([]);
  });

  it('are none where no wheel lies beside it, and on other systems', () => {
    const env = { PATH: '/usr/bin' };
    expect(findLibrariesOf(put('winjax', 'plugin.dll'), env, 'win32')).toEqual([]);
    put('nvidia', 'cudnn', 'bin', 'cudnn64_9.dll');
    expect(findLibrariesOf(put('winjax', 'plugin.dll'), env, 'linux')).toEqual([]);
    expect(env.PATH).toBe('/usr/bin');
  });
});

/** What NVIDIA's wheels of CUDA 12.9 hold, as pip lays them. */
const CUDA_12 = [
  'cublas/lib/libcublas.so.12',
  'cublas/lib/libcublasLt.so.12',
  'cublas/lib/libnvblas.so.12',
  'cuda_cupti/lib/libcupti.so.12',
  'cuda_cupti/lib/libnvperf_host.so',
  'cuda_nvcc/bin/ptxas',
  'cuda_nvcc/nvvm/lib64/libnvvm.so',
  'cuda_nvcc/nvvm/libdevice/libdevice.10.bc',
  'cuda_nvrtc/lib/libnvrtc-builtins.so.12.9',
  'cuda_nvrtc/lib/libnvrtc.alt.so.12',
  'cuda_nvrtc/lib/libnvrtc.so.12',
  'cuda_runtime/lib/libcudart.so.12',
  'cufft/lib/libcufft.so.11',
  'cufft/lib/libcufftw.so.11',
  'cusolver/lib/libcusolver.so.11',
  'cusolver/lib/libcusolverMg.so.11',
  'cusparse/lib/libcusparse.so.12',
  'nvjitlink/lib/libnvJitLink.so.12',
];
/** The same of CUDA 13.5. */
const CUDA_13 = [
  'cu13/bin/nvlink',
  'cu13/bin/ptxas',
  'cu13/lib/libcheckpoint.so',
  'cu13/lib/libcublas.so.13',
  'cu13/lib/libcublasLt.so.13',
  'cu13/lib/libcudart.so.13',
  'cu13/lib/libcufft.so.12',
  'cu13/lib/libcupti.so.13',
  'cu13/lib/libcusolver.so.12',
  'cu13/lib/libcusparse.so.12',
  'cu13/lib/libnvJitLink.so.13',
  'cu13/lib/libnvrtc-builtins.so.13.5',
  'cu13/lib/libnvrtc.so.13',
  'cu13/lib/libnvvm.so.4',
  'cu13/nvvm/libdevice/libdevice.10.bc',
];
/** Both have these, in the same place. */
const OF_EITHER = ['cudnn/lib/libcudnn.so.9', 'cudnn/lib/libcudnn_graph.so.9', 'nccl/lib/libnccl.so.2'];

describe('the libraries of CUDA on Linux', () => {
  const plugin = (version: number) => put('jax_plugins', `xla_cuda${version}`, 'xla_cuda_plugin.so');
  const putAll = (files: readonly string[]) => files.forEach((file) => put('nvidia', ...file.split('/')));
  const loadedFor = (library: string) => {
    const loaded: string[] = [];
    const failures = loadLibrariesOf(library, (file) => void loaded.push(path.relative(site, file)), 'linux');
    return { loaded, failures };
  };
  const CUDA_12_LOADED = [
    'nvidia/cuda_runtime/lib/libcudart.so.12',
    'nvidia/cuda_nvrtc/lib/libnvrtc.so.12',
    'nvidia/cublas/lib/libcublasLt.so.12',
    'nvidia/cublas/lib/libcublas.so.12',
    'nvidia/nvjitlink/lib/libnvJitLink.so.12',
    'nvidia/cusparse/lib/libcusparse.so.12',
    'nvidia/cusolver/lib/libcusolver.so.11',
    'nvidia/cufft/lib/libcufft.so.11',
    'nvidia/nccl/lib/libnccl.so.2',
    'nvidia/cuda_cupti/lib/libcupti.so.12',
    'nvidia/cudnn/lib/libcudnn.so.9',
  ];
  const CUDA_13_LOADED = [
    ...['libcudart.so.13', 'libnvrtc.so.13', 'libcublasLt.so.13', 'libcublas.so.13', 'libnvJitLink.so.13'],
    ...['libcusparse.so.12', 'libcusolver.so.12', 'libcufft.so.12'],
  ].map((name) => `nvidia/cu13/lib/${name}`);

  it('are those of the plugin’s version, what others need first', () => {
    putAll([...CUDA_12, ...OF_EITHER]);
    expect(loadedFor(plugin(12))).toEqual({ loaded: CUDA_12_LOADED, failures: [] });
    // Those of CUDA 13 beside them, some by the same names, are the other plugin's.
    putAll(CUDA_13);
    expect(loadedFor(plugin(12)).loaded).toEqual(CUDA_12_LOADED);
    expect(loadedFor(plugin(13)).loaded).toEqual([
      ...CUDA_13_LOADED,
      'nvidia/nccl/lib/libnccl.so.2',
      'nvidia/cu13/lib/libcupti.so.13',
      'nvidia/cudnn/lib/libcudnn.so.9',
    ]);
  });

  it('bring the folder of the assembler and the device library', () => {
    expect(cudaToolsOf(plugin(12))).toBeUndefined();
    putAll(CUDA_12);
    expect(cudaToolsOf(plugin(12))).toBe(path.join(site, 'nvidia', 'cuda_nvcc'));
    putAll(CUDA_13);
    expect(cudaToolsOf(plugin(12))).toBe(path.join(site, 'nvidia', 'cuda_nvcc'));
    expect(cudaToolsOf(plugin(13))).toBe(path.join(site, 'nvidia', 'cu13'));
  });

  it('are none where no wheel lies beside the plugin, and on Windows', () => {
    expect(loadedFor(plugin(12))).toEqual({ loaded: [], failures: [] });
    putAll(CUDA_12);
    expect(loadLibrariesOf(plugin(12), () => expect.unreachable(), 'win32')).toEqual([]);
  });

  // By numbers that no other library has.
  it.runIf(process.platform === 'linux')('are found by their names then, and one that is broken is named', () => {
    const library = plugin(12);
    const cublas = put('nvidia', 'cublas', 'lib', 'libcublas.so.9912');
    const cusolver = put('nvidia', 'cusolver', 'lib', 'libcusolver.so.9911');
    put('nvidia', 'cufft', 'lib', 'libcufft.so.9911');
    const source = put('empty.c');
    const shared = (out: string, ...rest: string[]) =>
      execFileSync('cc', [
        '-shared',
        '-o',
        out,
        source,
        `-Wl,-soname,${path.basename(out)}`,
        '-Wl,--no-as-needed',
        ...rest,
      ]);
    shared(cublas);
    // It needs the other and does not say where that lies.
    shared(cusolver, cublas, '-Wl,-rpath,/nowhere');
    expect(() => loadLibrary(cusolver)).toThrow('libcublas.so.9912: cannot open shared object file');
    const failures = loadLibrariesOf(library, loadLibrary);
    expect(failures).toEqual([expect.stringMatching(/^libcufft\.so\.9911: .*(file too short|invalid ELF header)/)]);
    loadLibrary('libcusolver.so.9911');
  });
});
