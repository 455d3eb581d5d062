/** What `npm run setup:xla` comes down to on a machine. */
import type { XlaPlatform } from '../../engine/devices/xla/plugins';
import { commandLine } from '../../engine/commandLine';
import { SetupError } from '../setupError';
import type { SeenGpu } from './gpus';
import { lockedWheel, type LockedWheel } from './locked';
import { SOURCES, type XlaSource } from './sources';
import { isAtLeast, keyOf, systemName, type Machine } from './wheelName';

export interface XlaPlan {
  source: XlaSource;
  /** The plugin's own first. */
  wheels: LockedWheel[];
  /** The GPU that it is for; absent where none is seen. */
  gpu?: SeenGpu;
}

/** CUDA 13 and 12 by the first driver that runs them, as NVIDIA's release notes of the toolkits say. */
const DRIVERS = [
  { driver: '580', package: /^(win)?jax-cuda13-pjrt$/ },
  { driver: '525', package: /^jax-cuda12-pjrt$/ },
];

/**
 * What may be set up, the best first.
 *
 * @param platform what the user asks for; absent: what the GPU that is seen needs
 * @throws SetupError where there is nothing for this machine
 */
export function xlaPlans(platform: XlaPlatform | undefined, machine: Machine, seen: readonly SeenGpu[]): XlaPlan[] {
  const gpu = seen.find((one) => platform === undefined || one.platform === platform);
  const wanted = platform ?? gpu?.platform;
  if (wanted === undefined) throw noGpu(machine);
  const sources = SOURCES.filter((source) => source.platform === wanted);
  const here = sources.filter(({ machines }) => machines.includes(keyOf(machine)));
  if (here.length === 0) throw notHere(wanted, sources, machine);
  return driven(here, gpu).map((source) => ({
    source,
    wheels: source.wheels.map(({ name }) => lockedWheel(name, machine)),
    gpu,
  }));
}

/** Those that the driver runs. */
function driven(sources: XlaSource[], gpu: SeenGpu | undefined): XlaSource[] {
  const driver = gpu?.driver;
  if (!driver) return sources;
  if (gpu.platform === 'rocm') {
    const major = Number.parseInt(driver, 10);
    const same = sources.filter(({ wheels }) => wheels[0]!.name === `jax-rocm${major}-pjrt`);
    if (same.length > 0) return same;
    throw new SetupError(
      `There is a plugin for ROCm 7 and one for ROCm 10; this machine has ROCm ${driver} in /opt/rocm.`,
    );
  }
  const run = sources.filter(({ wheels }) =>
    DRIVERS.some((row) => row.package.test(wheels[0]!.name) && isAtLeast(driver, row.driver)),
  );
  if (run.length > 0) return run;
  throw new SetupError(
    `NVIDIA’s driver ${driver} is too old: ${sources.map(({ needs }) => needs.replace(/^an NVIDIA GPU with its driver, /, '')).join(', or ')} is needed. Update it, and try again.`,
  );
}

function noGpu(machine: Machine): SetupError {
  const cpu = SOURCES.find(({ platform, machines }) => platform === 'cpu' && machines.includes(keyOf(machine)));
  const processor = cpu
    ? ` For the processor, ${commandLine('setup:xla', '--cpu')} brings XLA too: steps of dense layers are quicker on it.`
    : '';
  return new SetupError(
    'No GPU was found: nvidia-smi lists none, there is no /dev/kfd (AMD), Linux lists no graphics card of Intel, and ' +
      'this is not a Mac with Apple silicon. ' +
      `If you have one, name it with --cuda, --rocm, --intel or --metal.${processor}`,
  );
}

function notHere(platform: XlaPlatform, sources: readonly XlaSource[], machine: Machine): SetupError {
  const machines = sources
    .flatMap((source) => source.machines)
    .map((key) => {
      const [system, arch] = key.split('-');
      return systemName({ platform: system!, arch: arch! });
    });
  const webgpu = platform === 'cpu' ? '' : ` The device traced-webgpu uses any GPU: ${commandLine('setup:webgpu')}`;
  return new SetupError(
    `XLA’s plugin for --${platform} is for ${machines.join(', ')}; this is ${systemName(machine)}.${webgpu}`,
  );
}
