import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The folder of packages that bring a plugin's libraries, as pip lays it beside it. */
const BESIDE = 'nvidia';
/** How deep Windows' libraries lie there. */
const DEEPEST = 4;

/**
 * Lets Windows find the DLLs that a plugin links with: it looks through the PATH, so their folders go before all others
 * there. For Linux see {@link loadLibrariesOf}.
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
  const folders = packagesBeside(library)
    .flatMap((packages) => foldersOfDlls(packages, DEEPEST))
    .filter((folder) => !onPath.has(folder));
  if (folders.length > 0) env.PATH = [...folders, ...(env.PATH ? [env.PATH] : [])].join(';');
  return folders;
}

/** The other wheels of a plugin, which is `site/PACKAGE/plugin.dll` or `site/jax_plugins/PACKAGE/plugin.so`. */
function packagesBeside(library: string): string[] {
  const above = path.dirname(path.dirname(library));
  return [above, path.dirname(above)].map((site) => path.join(site, BESIDE)).filter((folder) => existsSync(folder));
}

function foldersOfDlls(folder: string, deepest: number): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  const here = entries.some((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.dll')) ? [folder] : [];
  if (deepest === 0) return here;
  const below = entries.filter((entry) => entry.isDirectory());
  return [...here, ...below.flatMap(({ name }) => foldersOfDlls(path.join(folder, name), deepest - 1))];
}

/**
 * What XLA's plugin for CUDA and cuDNN look up by name, what others need first: JAX loads the same before the plugin. The
 * search path of the plugin for CUDA 12 lacks cuSOLVER and NVRTC, and some versions of cuDNN look for NVRTC in a folder
 * that there is not; a library that is loaded already is found by its name alone.
 */
const CUDA = [
  ...['cudart', 'nvrtc', 'cublasLt', 'cublas', 'nvJitLink', 'cusparse', 'cusolver', 'cufft'],
  ...['nccl', 'cupti', 'nvshmem_host', 'cudnn'],
];

/**
 * Loads CUDA's libraries from the wheels beside a plugin on Linux, whatever search path it has. CUDA 12's wheels have a
 * folder each (`nvidia/cublas/lib`), those of later ones share one (`nvidia/cu13/lib`) but for cuDNN and NCCL; both may lie
 * beside each other, and some of their libraries have the same name.
 *
 * @param library the plugin's; @param load keeps a library in this process, or throws
 * @returns what could not be loaded, and why: the plugin may not need it
 */
export function loadLibrariesOf(
  library: string,
  load: (file: string) => void,
  platform: NodeJS.Platform = process.platform,
): string[] {
  if (platform !== 'linux') return [];
  const [packages] = packagesBeside(library);
  if (packages === undefined) return [];
  const failures: string[] = [];
  const files = foldersOfCuda(library, packages).flatMap((folder) =>
    readdirSync(folder).map((name) => path.join(folder, name)),
  );
  for (const name of CUDA) {
    const pattern = new RegExp(`^lib${name}\\.so\\.\\d+$`);
    for (const file of files.filter((file) => pattern.test(path.basename(file)))) {
      try {
        load(file);
      } catch (error) {
        failures.push(`${path.basename(file)}: ${(error as Error).message}`);
      }
    }
  }
  return failures;
}

/** The folder in which XLA finds NVIDIA's assembler and device library: `bin/ptxas`, `nvvm/libdevice`. */
export function cudaToolsOf(library: string): string | undefined {
  const [packages] = packagesBeside(library);
  if (packages === undefined) return undefined;
  const folder = path.join(packages, together(library, packages) ?? 'cuda_nvcc');
  return existsSync(path.join(folder, 'nvvm', 'libdevice')) ? folder : undefined;
}

function foldersOfCuda(library: string, packages: string): string[] {
  const one = together(library, packages);
  // The others are those of another version, but for what each version has in the same place.
  const beside = one
    ? [one, 'cudnn', 'nccl', 'nvshmem']
    : readdirSync(packages).filter((name) => !/^cu\d+$/.test(name));
  return beside.map((name) => path.join(packages, name, 'lib')).filter((folder) => existsSync(folder));
}

/** The folder that the libraries of the plugin's CUDA share, if they do: `cu13`. */
function together(library: string, packages: string): string | undefined {
  const version = /cuda(\d+)/.exec(path.basename(path.dirname(library)))?.[1];
  const folder = `cu${version}`;
  return existsSync(path.join(packages, folder)) ? folder : undefined;
}
