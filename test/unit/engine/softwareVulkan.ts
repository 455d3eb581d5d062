import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { requireChromium } from '../../host/chromium.mjs';

const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';

/**
 * The environment in which a process on Linux finds SwiftShader, the Vulkan that Chromium brings and that computes on the
 * CPU; elsewhere WebGPU does not use Vulkan, and the environment is this process's.
 *
 * @throws when the installed Chromium does not bring it
 */
export function softwareVulkan(): NodeJS.ProcessEnv {
  if (process.platform !== 'linux') return process.env;
  const chromium = requireChromium();
  const folder = path.dirname(realpathSync(chromium));
  // Debian's /usr/bin/chromium is a script that starts /usr/lib/chromium/chromium.
  const candidates = [folder, path.join(folder, '..', 'lib', path.basename(chromium))];
  const found = candidates.find((one) => [DRIVER, LOADER].every((file) => existsSync(path.join(one, file))));
  if (!found) {
    throw new Error(
      `The WebGPU tests need ${DRIVER} and ${LOADER}, which Chromium has beside its program, and there are none in ` +
        `${candidates.join(' or ')}. Install Debian's chromium, or set LATENTLAB_CHROMIUM to the program itself.`,
    );
  }
  return { ...process.env, LD_LIBRARY_PATH: found, VK_ICD_FILENAMES: path.join(found, DRIVER) };
}
