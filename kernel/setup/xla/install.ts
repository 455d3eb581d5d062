/** Puts a plugin together in a folder beside its own, has it proved there, and moves it into its place. */
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { XLA_MANIFEST, xlaFolder, type XlaManifest } from '../../engine/devices/xla/plugins';
import { makeFolder } from '../../files/makeFolder';
import { replaceFolder } from '../replaceFolder';
import { SetupError } from '../setupError';
import type { GivenPlan } from './folderWheels';
import { fetchWheel, temporaryFolder, type Pip } from './pip';
import type { XlaPlan } from './plan';
import { whileFetching } from './progress';
import { unpackWheel } from './unpack';
import { bytesText, onDisk } from './words';

export interface Installing {
  /** What fetches the wheels of a plan that has none. */
  pip?: Pip;
  /** Proves what has been put together, in a folder that takes the place of the cache. @throws where it does not work */
  prove(home: string): Promise<string>;
  tell(line: string): void;
  signal?: AbortSignal;
}

/** @returns what it computes on */
export async function install(plan: XlaPlan | GivenPlan, { pip, prove, tell, signal }: Installing): Promise<string> {
  const { source } = plan;
  const folder = xlaFolder(source.platform);
  await expectRoom(plan, path.dirname(folder));
  let description = '';
  await replaceFolder(folder, async (empty) => {
    // The plugin lies there as it will lie in the cache, so that the engine finds it.
    const staged = xlaFolder(source.platform, empty);
    await makeFolder(staged);
    const wheels: XlaManifest['wheels'] = [];
    const take = async (
      file: string,
      { name, version, sha256 }: { name: string; version: string; sha256?: string },
    ) => {
      const found = await unpackWheel(file, { folder: staged, site: source.site, sha256, signal });
      wheels.push({ name, version, sha256: found });
    };
    if ('given' in plan) {
      for (const wheel of plan.given) {
        tell(`Unpacking ${wheel.file} …`);
        await take(wheel.path, wheel);
      }
    } else {
      const fetched = path.join(empty, 'wheels');
      await mkdir(fetched);
      for (const [i, wheel] of plan.wheels.entries()) {
        const position = `[${i + 1}/${plan.wheels.length}]`;
        const file = await whileFetching(wheel, position, temporaryFolder(fetched), () =>
          fetchWheel(wheel, { pip: pip!, folder: fetched, signal }),
        );
        await take(file, wheel);
        await rm(file);
      }
    }
    const manifest: XlaManifest = { platform: source.platform, library: source.library, wheels };
    await writeFile(path.join(staged, XLA_MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    tell('Running the self-test: a training step whose result is known …');
    description = await prove(empty);
    signal?.throwIfAborted();
    return staged;
  });
  return description;
}

/** @throws SetupError if what is unpacked, with the largest wheel beside it, has no room */
async function expectRoom(plan: XlaPlan, parent: string): Promise<void> {
  await makeFolder(parent);
  const { bavail, bsize } = await statfs(parent);
  const needed = onDisk(plan) + 2 * Math.max(...plan.wheels.map(({ size }) => size));
  if (bavail * bsize >= needed) return;
  throw new SetupError(
    `The disk of ${parent} has ${bytesText(bavail * bsize)} free; ${bytesText(needed)} are needed. Make room, or set ` +
      'LATENTLAB_CACHE to a folder on another disk. Nothing was installed.',
  );
}
