/** Rungs on which training steps are traced and run by an XLA plugin. */
import { existsSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { commandLine } from '../../commandLine';
import type { XlaPlatform } from '../../runtime';
import type { ClientOptions } from '../../runtimes/pjrt/client';
import type { CompileSettings } from '../../runtimes/pjrt/compileOptions';
import { loadLibrary } from '../../runtimes/pjrt/foreign';
import { offerXla, xlaDevice } from '../../runtimes/xla/device';
import { threadCount } from '../../variation';
import { cudaPrecision, nvidiaGpu } from '../nvidia';
import { wantedPrecision } from '../precision';
import type { RungName } from '../names';
import type { Loaded, RungDefinition } from '../rung';
import { loadEagerSide } from '../traced';
import { cudaToolsOf, findLibrariesOf, loadLibrariesOf } from './librariesOfWheels';
import { xlaPlugin, type XlaPlugin } from './plugins';

/** GPUs whose products have TF32, or round in another way of their own. */
const GPU_TOLERANCE = 2e-3;
const FLOAT32_TOLERANCE = 1e-5;

const ABOUT: Readonly<Record<XlaPlatform, string>> = {
  cuda: 'traced steps, by XLA on NVIDIA GPUs',
  rocm: 'traced steps, by XLA on AMD GPUs',
  intel: 'traced steps, by XLA on Intel GPUs',
  metal: 'traced steps, by XLA on Apple GPUs',
  cpu: 'traced steps, by XLA on the processor',
};

export function xlaRung(platform: XlaPlatform): RungDefinition & { name: RungName } {
  const gpu = platform !== 'cpu';
  return {
    name: `xla-${platform}`,
    about: ABOUT[platform],
    native: true,
    gpu,
    absent: () => absent(platform),
    ...(gpu ? {} : { identity: () => identity(platform) }),
    offer: () => offer(platform),
    tolerance: gpu ? GPU_TOLERANCE : FLOAT32_TOLERANCE,
    load: () => load(platform),
  };
}

function absent(platform: XlaPlatform): string | undefined {
  const plugin = xlaPlugin(platform);
  if (plugin) return existsSync(plugin.library) ? undefined : `${plugin.library} (${plugin.origin}) is not there`;
  return `XLA’s plugin for it is not installed; \`${commandLine('setup:xla', `--${platform}`)}\` adds it`;
}

/** The plugin's file and the processor: what the rung on the CPU depends on. */
function identity(platform: XlaPlatform): string {
  const { library, origin } = xlaPlugin(platform)!;
  const { size, mtimeMs } = statSync(library);
  const processor = cpus()[0]?.model ?? 'unknown';
  return [library, origin, size, mtimeMs, threadCount(), process.version, process.arch, processor].join(' ');
}

/** Makes the platform's runtime one that steps can be run on; it starts with the first. */
function offer(platform: XlaPlatform): XlaPlugin {
  const plugin = xlaPlugin(platform)!;
  const { library } = plugin;
  offerXla(platform, {
    library,
    options: clientOptions(platform),
    settings: platform === 'cuda' ? cudaSettings(library) : {},
    precision: platform === 'cpu' || wantedPrecision() === 'float32' ? 'HIGHEST' : 'DEFAULT',
    prepare: () => {
      findLibrariesOf(library);
      return platform === 'cuda' ? loadLibrariesOf(library, loadLibrary) : [];
    },
  });
  return plugin;
}

/** Where the assembler lies that came with the plugin, unless the user names another one. */
function cudaSettings(library: string): CompileSettings {
  const folder = cudaToolsOf(library);
  const named = process.env['XLA_FLAGS']?.includes('--xla_gpu_cuda_data_dir');
  return folder === undefined || named ? {} : { xla_gpu_cuda_data_dir: folder };
}

/** Memory is taken as it is needed, so that others can use the GPU, too. */
function clientOptions(platform: XlaPlatform): ClientOptions {
  return platform === 'cuda' || platform === 'rocm' ? { preallocate: false } : {};
}

/** @throws when the plugin finds no device */
async function load(platform: XlaPlatform): Promise<Loaded> {
  const { origin } = offer(platform);
  const [{ client }, gpu] = await Promise.all([
    xlaDevice(platform),
    platform === 'cuda' ? nvidiaGpu() : Promise.resolve(undefined),
  ]);
  const backend = await loadEagerSide();
  const runtime = `xla-${platform}` as const;
  if (platform === 'cpu') return { backend, runtime, description: `CPU, XLA (${origin})` };
  const [device] = client.devices;
  const memory = device!.memory();
  const room =
    memory?.limit === undefined ? '' : `, ${gibibytes(memory.inUse)} of ${gibibytes(memory.limit)} GiB in use`;
  const driver = gpu ? ` (driver ${gpu.driver})` : '';
  return {
    backend,
    runtime,
    description: `GPU, XLA (${origin})${driver}: ${device!.name}${room}`,
    // The others' products are float32.
    precision: platform === 'cuda' ? cudaPrecision(gpu) : 'float32',
  };
}

function gibibytes(bytes: number): string {
  return String(Number((bytes / 2 ** 30).toPrecision(3)));
}
