/** What GPU this machine shows, without running any code of its driver's. */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { nvidiaGpu } from '../../engine/devices/nvidia';
import type { XlaPlatform } from '../../engine/devices/xla/plugins';
import { intelGpu } from './intel';
import type { Machine } from './wheelName';

export interface SeenGpu {
  platform: XlaPlatform;
  /** With its article: `An NVIDIA H100`. */
  name: string;
  /** The version of NVIDIA's driver, or of AMD's ROCm; absent where there is none. */
  driver?: string;
}

/**
 * NVIDIA's by `nvidia-smi`, AMD's by Linux' device for computing, Intel's by Linux' list of graphics cards, Apple's by the
 * processor. Intel's under Windows are not looked for: there is no plugin for them there.
 *
 * @param root the root of the file system
 * @returns the best first
 */
export async function seenGpus(machine: Machine = process, root = '/'): Promise<SeenGpu[]> {
  const seen: SeenGpu[] = [];
  const nvidia = await nvidiaGpu();
  if (nvidia) seen.push({ platform: 'cuda', name: withArticle(nvidia.name), driver: nvidia.driver });
  if (machine.platform === 'linux' && existsSync(path.join(root, 'dev', 'kfd'))) {
    const version = path.join(root, 'opt', 'rocm', '.info', 'version');
    const driver = existsSync(version) ? readFileSync(version, 'utf8').trim() : undefined;
    seen.push({ platform: 'rocm', name: 'An AMD GPU', driver });
  }
  const intel = machine.platform === 'linux' ? intelGpu(root) : undefined;
  if (intel) seen.push({ platform: 'intel', name: intel });
  if (machine.platform === 'darwin' && machine.arch === 'arm64') {
    seen.push({ platform: 'metal', name: `The GPU of an ${cpus()[0]?.model ?? 'Apple processor'}` });
  }
  return seen;
}

function withArticle(name: string): string {
  return `${/^([AEIOU]|NVIDIA|RTX)/.test(name) ? 'An' : 'A'} ${name}`;
}
