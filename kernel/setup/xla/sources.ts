/** Where XLA's plugins come from: wheels of the Python package index, each looked into for what stands here. */
import type { XlaPlatform } from '../../engine/devices/xla/plugins';

export interface XlaSource {
  platform: XlaPlatform;
  /** What the plugin computes on, for people. */
  computesOn: string;
  /** Where there are wheels for it: Node's platform and processor. */
  machines: readonly string[];
  /** The packages, the plugin's own first. A wheel that is none of `wheels.json` has to be this version or a later one. */
  wheels: readonly Wanted[];
  /** The shared library, relative to the plugin's folder. */
  library: string;
  /**
   * The folder that takes the place of Python's `site-packages`: the libraries beside the plugin are found by the search
   * path in it, relative to itself.
   */
  site: string;
  /** Whose terms the wheels are under, as their METADATA says. */
  terms: string;
  /** What has to be on the machine, in words. */
  needs: string;
}

export interface Wanted {
  name: string;
  atLeast: string;
}

const wanted = (versions: Readonly<Record<string, string>>): Wanted[] =>
  Object.entries(versions).map(([name, atLeast]) => ({ name, atLeast }));

/**
 * What `jax-cuda13-plugin[with-cuda]` 0.12.0.1 requires, by its METADATA. Left out are nvidia-nvshmem-cu13, which joins
 * machines and does not lie on the plugin's search path, and Windows' nvidia-nccl-cu13, which there is not.
 */
const CUDA_13 = {
  'nvidia-cublas': '13.0.0.19',
  'nvidia-cuda-cupti': '13.0.48',
  'nvidia-cuda-nvcc': '13.0.48',
  'nvidia-cuda-runtime': '13.0.48',
  'nvidia-cudnn-cu13': '9.12.0.46',
  'nvidia-cufft': '12.0.0.15',
  'nvidia-cusolver': '12.0.3.29',
  'nvidia-cusparse': '12.6.2.49',
  'nvidia-nvjitlink': '13.0.39',
  'nvidia-cuda-nvrtc': '13.0.48',
  'nvidia-nvvm': '13.0.48',
};

/** The same of `jax-cuda12-plugin[with-cuda]` 0.12.0.1, without nvidia-nvshmem-cu12. */
const CUDA_12 = {
  'nvidia-cublas-cu12': '12.1.3.1',
  'nvidia-cuda-cupti-cu12': '12.1.105',
  'nvidia-cuda-nvcc-cu12': '12.6.85',
  'nvidia-cuda-runtime-cu12': '12.1.105',
  'nvidia-cudnn-cu12': '9.10.2.21',
  'nvidia-cufft-cu12': '11.0.2.54',
  'nvidia-cusolver-cu12': '11.4.5.107',
  'nvidia-cusparse-cu12': '12.1.0.106',
  'nvidia-nccl-cu12': '2.18.1',
  'nvidia-nvjitlink-cu12': '12.1.105',
  'nvidia-cuda-nvrtc-cu12': '12.1.55',
};

/**
 * What `jax-oneapi-plugin[with-oneapi]` 0.11.2 requires, by its METADATA: those of its packages that hold a library which
 * the plugin is linked with, or one which those are linked with (`ldd`).
 */
const ONE_API = {
  'intel-sycl-rt': '2025.1.1',
  'intel-cmplr-lib-rt': '2025.1.1',
  'intel-cmplr-lib-ur': '2025.1.1',
  'intel-opencl-rt': '2025.1.1',
  'impi-rt': '2021.15.0',
  mkl: '2025.1.0',
  'onemkl-sycl-blas': '2025.1.0',
  'onemkl-sycl-dft': '2025.1.0',
  'onemkl-sycl-lapack': '2025.1.0',
  'onemkl-sycl-rng': '2025.1.0',
  'onemkl-sycl-sparse': '2025.1.0',
  umf: '0.10.0',
  tcmlib: '1.3.0',
};

const NVIDIA_TERMS = 'the plugin: Apache-2.0; the nvidia-… wheels: NVIDIA’s own terms';

const nvidia = (major: 12 | 13, driver: number) =>
  ({
    platform: 'cuda',
    computesOn: `NVIDIA GPUs, with CUDA ${major}`,
    site: '',
    terms: NVIDIA_TERMS,
    needs: `an NVIDIA GPU with its driver, ${driver} or later`,
  }) as const;

const rocm = (major: 7 | 10): XlaSource => ({
  platform: 'rocm',
  computesOn: `AMD GPUs, with ROCm ${major}`,
  machines: ['linux-x64'],
  wheels: wanted({ [`jax-rocm${major}-pjrt`]: '0.12.0' }),
  library: `jax_plugins/xla_rocm${major}/xla_rocm_plugin.so`,
  site: '',
  terms: 'Apache-2.0',
  needs: `an AMD GPU, and AMD’s ROCm ${major} in /opt/rocm`,
});

/** For each platform, best first. */
export const SOURCES: readonly XlaSource[] = [
  {
    ...nvidia(13, 580),
    machines: ['linux-x64', 'linux-arm64'],
    wheels: wanted({ 'jax-cuda13-pjrt': '0.12.0.1', ...CUDA_13, 'nvidia-nccl-cu13': '2.27.7' }),
    library: 'jax_plugins/xla_cuda13/xla_cuda_plugin.so',
  },
  {
    ...nvidia(13, 580),
    machines: ['win32-x64'],
    // Its METADATA has no dependencies; those of `winjax` are these.
    wheels: wanted({ 'winjax-cuda13-pjrt': '0.11.2', ...CUDA_13 }),
    library: 'winjax_cuda13_pjrt/pjrt_c_api_gpu_plugin.dll',
  },
  {
    ...nvidia(12, 525),
    machines: ['linux-x64', 'linux-arm64'],
    wheels: wanted({ 'jax-cuda12-pjrt': '0.12.0.1', ...CUDA_12 }),
    library: 'jax_plugins/xla_cuda12/xla_cuda_plugin.so',
  },
  rocm(7),
  rocm(10),
  {
    platform: 'intel',
    computesOn: 'Intel GPUs, with oneAPI',
    machines: ['linux-x64'],
    wheels: wanted({ 'jax-oneapi-pjrt': '0.11.2', ...ONE_API }),
    // The plugin looks three folders up; there pip lays oneAPI's libraries.
    library: 'lib/site/jax_plugins/xla_oneapi/xla_oneapi_plugin.so',
    site: 'lib/site',
    terms: 'the plugin: Apache-2.0; the others: Intel’s own terms',
    needs: 'an Intel GPU with its driver, and Level Zero’s loader (libze_loader.so.1) 1.13 or later',
  },
  {
    platform: 'metal',
    computesOn: 'Apple GPUs, with Metal',
    machines: ['darwin-arm64'],
    // metal-pjrt-core has wheels for macOS 26 alone, jax-mps calls itself alpha; all three are Apache-2.0.
    wheels: wanted({ metaljax: '0.11.9' }),
    library: 'metaljax/lib/libmetal_pjrt_native.dylib',
    site: '',
    terms: 'Apache-2.0',
    needs: 'a Mac with Apple silicon, and macOS 14 or later',
  },
  {
    platform: 'cpu',
    computesOn: 'the processor',
    machines: ['linux-x64', 'linux-arm64'],
    wheels: wanted({ 'xla-cpu-pjrt': '0.0.1' }),
    library: 'xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so',
    site: '',
    terms: 'those of OpenXLA, Apache-2.0; the wheel itself names none',
    needs: 'nothing else',
  },
];
