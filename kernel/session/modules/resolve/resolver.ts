/** From a name in an import to what is loaded, for cells, the user's files and packages alike. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { moduleResolve } from 'import-meta-resolve';
import { packageRoot } from '../../../engine/packageRoot';
import { installedPackage, isCompiled, isDeclared, resolveFile } from './localFiles';
import { mappedPaths, type Project, type Projects } from './projects';
import { isShared, LIBRARY_NAME } from './shared';

export type Resolution =
  /** The library that this kernel already holds. */
  | { kind: 'library' }
  /** A file that the session compiles and keeps up to date: the user's own, and JSON. */
  | { kind: 'own'; file: string; query: string }
  /** What Node loads, once in a process. */
  | { kind: 'foreign'; url: string }
  /** Declarations alone: types, and nothing at run time. */
  | { kind: 'declared' };

/** How a module is asked for: packages may answer the two differently. */
export type Asking = 'import' | 'require';

const PATH = /^(\.{1,2}([\\/]|$)|\/|file:|[A-Za-z]:[\\/])/;
const SCRIPT = /\.([cm]?[jt]s|[jt]sx)$/;
const SCHEME = /^[a-z][a-z+.-]+:/i;

/** What an installation of the library is loaded from: by its kernels, and by separate programs. */
const COPIES = [path.join('dist', 'kernel', 'latentlab.js'), path.join('dist', 'library', 'index.js')];

export class Resolver {
  /** The product's built files and packages, which are never the user's. */
  private readonly product = ['dist', 'node_modules'].map((folder) => path.join(realpathSync(packageRoot()), folder));
  private readonly libraryFile: string;
  private readonly home: string;

  /**
   * @param library URL of the bundled library
   * @param folder the notebook's (absolute)
   */
  constructor(
    readonly library: URL,
    private readonly folder: string,
    private readonly projects: Projects,
  ) {
    this.libraryFile = realpathSync(fileURLToPath(library));
    this.home = installedPackage(realpathSync(folder));
  }

  /**
   * @param from the file that asks (absolute)
   * @throws Error with a code of Node's, whose message says what to do
   */
  resolve(specifier: string, from: string, asking: Asking): Resolution {
    if (typeof specifier !== 'string' || specifier === '') {
      throw new TypeError(
        `${asking} takes the name of a module, a string that is not empty; it got ${inspect(specifier)}.`,
      );
    }
    if (specifier === LIBRARY_NAME) return { kind: 'library' };
    if (isBuiltin(specifier)) return { kind: 'foreign', url: specifier };
    if (isShared(specifier)) return this.sharedPackage(specifier) ?? this.installed(specifier, from, asking);
    if (PATH.test(specifier)) return this.path(specifier, from, asking);
    if (SCHEME.test(specifier)) return { kind: 'foreign', url: specifier };
    return this.inLibrary(specifier) ?? this.mapped(specifier, from) ?? this.installed(specifier, from, asking);
  }

  /** A package of the family that the kernel does not have is the user's. */
  private sharedPackage(specifier: string): Resolution | undefined {
    try {
      return this.loaded(createRequire(this.library).resolve(specifier));
    } catch {
      return undefined;
    }
  }

  private path(specifier: string, from: string, asking: Asking): Resolution {
    const [wanted, query] = withoutQuery(specifier, path.dirname(from));
    const found = this.file(wanted, query);
    if (found) return found;
    throw notFound(
      `"${specifier}" was not found from ${this.isCell(from) ? this.folder : from}. Is the path right, and the file saved?`,
      asking,
    );
  }

  private file(wanted: string, query = ''): Resolution | undefined {
    const file = resolveFile(wanted);
    if (file !== undefined) return this.loaded(realpathSync(file), query);
    return isDeclared(wanted) ? { kind: 'declared' } : undefined;
  }

  private inLibrary(specifier: string): Resolution | undefined {
    if (!specifier.startsWith(`${LIBRARY_NAME}/`)) return undefined;
    const found = this.file(path.join(packageRoot(), specifier.slice(LIBRARY_NAME.length)));
    if (!found) throw new Error(`LatentLab has no file "${specifier}". What it offers is in "${LIBRARY_NAME}" itself.`);
    return found;
  }

  private mapped(specifier: string, from: string): Resolution | undefined {
    const ofPackage = !this.isCell(from) && installedPackage(from) !== this.home;
    if (specifier.startsWith('#') || ofPackage) return undefined;
    for (const wanted of mappedPaths(this.projects.of(path.dirname(from)), specifier)) {
      const found = this.file(wanted);
      // Paths may lead to declarations of a package that cells run.
      if (found && found.kind !== 'declared') return found;
    }
    return undefined;
  }

  private installed(specifier: string, from: string, asking: Asking): Resolution {
    const require = createRequire(from);
    try {
      if (asking === 'require') return this.loaded(require.resolve(specifier));
      const conditions = conditionsOf(this.projects.of(path.dirname(from)));
      return this.loaded(fileURLToPath(moduleResolve(specifier, pathToFileURL(from), conditions)));
    } catch (error) {
      try {
        // Names without an extension, and packages that offer nothing but CommonJS.
        return this.loaded(require.resolve(specifier));
      } catch {
        throw this.explained(error, specifier, from, asking);
      }
    }
  }

  private loaded(file: string, query = ''): Resolution {
    if (this.isLibrary(file)) return { kind: 'library' };
    if (file.endsWith('.json') || this.isOwnScript(file)) return { kind: 'own', file, query };
    if (this.isUsers(file) && !/\.(node|wasm)$/.test(file) && path.extname(file) !== '') {
      throw new Error(`${file} is neither a script nor JSON. Read it as a file: readFileSync(…) of node:fs.`);
    }
    return { kind: 'foreign', url: pathToFileURL(file).href + query };
  }

  /** Scripts of the user's, and those of packages that Node cannot run. */
  isOwnScript(file: string): boolean {
    return SCRIPT.test(file) && (this.isUsers(file) || (isCompiled(file) && !this.isProduct(file)));
  }

  /** A file that the user edits, as opposed to one of a package or of the product. */
  private isUsers(file: string): boolean {
    return installedPackage(file) === this.home && !this.isProduct(file);
  }

  private isProduct(file: string): boolean {
    return this.product.some((folder) => file.startsWith(folder + path.sep));
  }

  /** The library itself, or another copy of it: there is one in a kernel. */
  private isLibrary(file: string): boolean {
    if (file === this.libraryFile) return true;
    if (!COPIES.some((copy) => file.endsWith(copy))) return false;
    const manifest = path.join(file, '..', '..', '..', 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === LIBRARY_NAME;
  }

  private isCell(from: string): boolean {
    return from === path.join(this.folder, 'cell.ts');
  }

  private explained(error: unknown, specifier: string, from: string, asking: Asking): unknown {
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '')) return error;
    const name = specifier.startsWith('@') ? specifier.split('/', 2).join('/') : specifier.split('/', 1)[0]!;
    const isThere = createRequire(from)
      .resolve.paths(specifier)
      ?.some((folder) => existsSync(path.join(folder, name)));
    if (isThere) return error;
    const asker = this.isCell(from) ? '' : `, which ${from} imports,`;
    return notFound(
      `Package "${name}"${asker} was not found from ${this.folder}. Install it there (npm install ${name}) and run the cell again.`,
      asking,
    );
  }
}

/** A path as it stands on disk, else as a URL writes it: `%20`, `?version`. */
function withoutQuery(specifier: string, folder: string): [file: string, query: string] {
  if (specifier.startsWith('file:')) {
    const url = new URL(specifier);
    return [fileURLToPath(url), url.search];
  }
  const asWritten = path.resolve(folder, specifier) + (/[\\/]$/.test(specifier) ? path.sep : '');
  if (resolveFile(asWritten) !== undefined || !/[?#%]/.test(specifier)) return [asWritten, ''];
  const [, bare, query] = /^([^?#]*)(\?[^#]*)?/.exec(specifier)!;
  return [path.resolve(folder, decoded(bare!)), query ?? ''];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function conditionsOf({ conditions }: Project): Set<string> {
  const features = process.features as { require_module?: boolean };
  return new Set(['node', 'import', 'node-addons', ...(features.require_module ? ['module-sync'] : []), ...conditions]);
}

function notFound(message: string, asking: Asking): Error {
  return Object.assign(new Error(message), { code: asking === 'import' ? 'ERR_MODULE_NOT_FOUND' : 'MODULE_NOT_FOUND' });
}
