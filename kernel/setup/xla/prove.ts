/** Has the rung of a plugin compute a training step whose result is known, in a separate process. */
import path from 'node:path';
import { proveInChild } from '../../engine/devices/childProof';
import { RUNGS } from '../../engine/devices/rungs';
import { xlaVariable, type XlaPlatform } from '../../engine/devices/xla/plugins';
import { STORAGE } from '../../engine/storage';
import { SetupError } from '../setupError';

/** Milliseconds for the self-test: it reads gigabytes of libraries from the disk, and a GPU compiles its first kernels. */
const PATIENCE = 180_000;

export interface Proving {
  platform: XlaPlatform;
  /** What has to be on the machine. */
  needs: string;
  /** A folder that takes the place of the cache. */
  home: string;
}

/** @returns what the plugin computes on @throws SetupError when it does not load, or computes wrong */
export async function provePlugin({ platform, needs, home }: Proving): Promise<string> {
  process.env['LATENTLAB_CACHE'] = home;
  delete process.env[STORAGE];
  delete process.env[xlaVariable(platform)];
  const rung = RUNGS.find(({ name }) => name === `xla-${platform}`)!;
  const proof = await proveInChild(rung, { patience: PATIENCE });
  if (proof.usable) return proof.description;
  // The folder is gone by the time that this is read.
  const reason = proof.reason.replaceAll(home + path.sep, '');
  throw new SetupError(
    `The plugin was unpacked, but it cannot be used here: ${reason}. Needed: ${needs}. Nothing was installed.`,
  );
}
