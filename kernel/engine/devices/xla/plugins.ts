/** XLA's plugins, one shared library a platform: as `setup:xla` has unpacked them, or where the user's environment says. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { XLA_PLATFORMS, type XlaPlatform } from '../../runtime';
import { homesOfBuilds } from '../../storage';

export { XLA_PLATFORMS, type XlaPlatform };

export interface XlaPlugin {
  platform: XlaPlatform;
  /** The shared library, absolute. */
  library: string;
  /** What it comes from, for people: `jax-cuda13-pjrt 0.7.2`. */
  origin: string;
}

/** What `setup:xla` writes beside what it has unpacked, last of all. */
export const XLA_MANIFEST = 'plugin.json';

export const xlaManifestSchema = z.object({
  platform: z.enum(XLA_PLATFORMS),
  /** The shared library, relative to the manifest, with `/`. */
  library: z.string(),
  /** Everything that was unpacked, the plugin's own wheel first. */
  wheels: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string() })).min(1),
});

export type XlaManifest = z.infer<typeof xlaManifestSchema>;

/** The folder of a platform's plugin: the manifest, and the wheels' files beside each other as pip would lay them. */
export function xlaFolder(platform: XlaPlatform, home = homesOfBuilds()[0]!): string {
  return path.join(home, 'xla', platform);
}

/** The variable that names a plugin's shared library: `LATENTLAB_XLA_CUDA`. */
export function xlaVariable(platform: XlaPlatform): string {
  return `LATENTLAB_XLA_${platform.toUpperCase()}`;
}

/** The plugin for a platform, if there is one: the environment's, else the one that was set up. */
export function xlaPlugin(
  platform: XlaPlatform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): XlaPlugin | undefined {
  const given = env[xlaVariable(platform)];
  if (given) return { platform, library: path.resolve(given), origin: `$${xlaVariable(platform)}` };
  for (const home of homesOfBuilds(env)) {
    const folder = xlaFolder(platform, home);
    const manifest = manifestIn(folder);
    if (!manifest) continue;
    const { library, wheels } = manifest;
    const { name, version } = wheels[0]!;
    return { platform, library: path.join(folder, ...library.split('/')), origin: `${name} ${version}` };
  }
  return undefined;
}

/** Undefined if there is none, or one that is damaged: what it is to tell of counts as not set up. */
function manifestIn(folder: string): XlaManifest | undefined {
  const file = path.join(folder, XLA_MANIFEST);
  if (!existsSync(file)) return undefined;
  try {
    return xlaManifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
