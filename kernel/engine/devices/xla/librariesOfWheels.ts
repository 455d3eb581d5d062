import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Packages that bring a plugin's libraries, as pip lays them beside it, and how deep their libraries lie. */
const BESIDE = 'nvidia';
const DEEPEST = 4;

/**
 * Lets Windows find the DLLs that a plugin links with. On Linux a plugin knows its libraries by a path relative to its
 * own; Windows looks through the PATH, so their folders go before all others there.
 *
 * @param library the plugin's; its wheel lies in a folder beside the other wheels' (`site-packages`)
 * @returns the folders that were put on the PATH; none elsewhere than on Windows
 */
export function findLibrariesOf(
  library: string,
  env: Record<string, string | undefined> = process.env,
  platform: NodeJS.Platform = process.platform,
): string[] {
  if (platform !== 'win32') return [];
  const onPath = new Set((env.PATH ?? '').split(';'));
  const folders = sitesOf(library)
    .flatMap((site) => foldersOfDlls(path.join(site, BESIDE), DEEPEST))
    .filter((folder) => !onPath.has(folder));
  if (folders.length > 0) env.PATH = [...folders, ...(env.PATH ? [env.PATH] : [])].join(';');
  return folders;
}

/** Where the other wheels of a plugin may lie: `site/PACKAGE/plugin.dll`, or `site/jax_plugins/PACKAGE/plugin.dll`. */
function sitesOf(library: string): string[] {
  const above = path.dirname(path.dirname(library));
  return [above, path.dirname(above)].filter((site) => existsSync(path.join(site, BESIDE)));
}

function foldersOfDlls(folder: string, deepest: number): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  const here = entries.some((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.dll')) ? [folder] : [];
  if (deepest === 0) return here;
  const below = entries.filter((entry) => entry.isDirectory());
  return [...here, ...below.flatMap(({ name }) => foldersOfDlls(path.join(folder, name), deepest - 1))];
}
