/**
 * What `import` and `require` of cells load: our library, the tensor library that it shares, npm packages and files
 * from the notebook's folder, ES modules and CommonJS alike. Files that changed are loaded anew.
 */
import { statSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileModule, isLocalFile } from './localFiles';
import type { LoaderHooksData } from './loaderHooks';

type Namespace = Record<string, unknown>;

export interface ModulePaths {
  /** The bundled hooks, `loaderHooks.js`. */
  hooks: URL;
  /** The bundled library, `latentlab.js`. */
  library: URL;
}

/** Packages that must exist once in a process, since they hold the device's tensors. */
const SHARED_PACKAGE = /^@tensorflow\/tfjs(-|$)/;

export class ModuleLoader {
  readonly require: NodeJS.Require;
  private readonly modified = new Map<string, number>();
  private hooksRegistered = false;
  private loading = 0;
  /** Raised when modules were cut off while loading: Node would wait for them for ever. */
  private generation = 0;

  /** @param folder where relative imports and packages are looked up (absolute) */
  constructor(
    private readonly folder: string,
    private readonly paths: ModulePaths,
  ) {
    const require = createRequire(path.join(folder, 'cell.cjs'));
    acceptTypeScript(require);
    const fresh = (specifier: string) => {
      this.forgetChangedFiles();
      return require(specifier) as unknown;
    };
    this.require = Object.assign(fresh, require);
  }

  /**
   * The module's namespace, with every wanted name in it.
   * @throws when the module or one of the names does not exist; the message says what to do
   */
  async import(specifier: string, names: string[]): Promise<Namespace> {
    const namespace = await this.dynamicImport(specifier);
    const missing = names.filter((name) => !(name in namespace));
    if (missing.length === 0) return namespace;
    // CommonJS and JSON modules name their exports on `default` only.
    const inner = namespace.default;
    const found = missing.filter((name) => hasMember(inner, name));
    const lost = missing.find((name) => !found.includes(name));
    if (lost !== undefined) {
      throw new SyntaxError(
        `"${specifier}" has no export named "${lost}". If it is a type, write: import { type ${lost} }`,
      );
    }
    const extras = found.map((name) => [name, (inner as Namespace)[name]]);
    return { ...namespace, ...Object.fromEntries(extras) };
  }

  async dynamicImport(specifier: unknown): Promise<Namespace> {
    const name = String(specifier);
    if (name === 'latentlab') return (await import(this.paths.library.href)) as Namespace;
    this.registerHooks();
    this.forgetChangedFiles();
    this.loading++;
    const { generation } = this;
    try {
      return (await import(`latentlab-cell:${generation}:${encodeURIComponent(name)}`)) as Namespace;
    } catch (error) {
      throw this.explained(error, name);
    } finally {
      if (generation === this.generation) this.loading--;
    }
  }

  /** Modules that are loading now will be loaded anew when they are asked for again. */
  interrupted(): void {
    if (this.loading === 0) return;
    this.loading = 0;
    this.generation++;
  }

  /** The hooks run in a thread of their own; a notebook that imports nothing but `latentlab` never starts it. */
  private registerHooks(): void {
    if (this.hooksRegistered) return;
    this.hooksRegistered = true;
    // Not earlier: Node would read the maps of every package that the kernel itself loads.
    process.setSourceMapsEnabled(true);
    const data: LoaderHooksData = {
      cell: pathToFileURL(path.join(this.folder, 'cell.mjs')).href,
      library: this.paths.library.href,
      shared: SHARED_PACKAGE.source,
    };
    register(this.paths.hooks, { data });
  }

  /** CommonJS caches by file name: files of the user's that changed since must leave that cache. */
  private forgetChangedFiles(): void {
    for (const file of Object.keys(this.require?.cache ?? {})) {
      if (!isLocalFile(file)) continue;
      const time = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (this.modified.has(file) && this.modified.get(file) !== time) {
        delete this.require.cache[file];
      }
      this.modified.set(file, time);
    }
  }

  private explained(error: unknown, specifier: string): unknown {
    // A file that does not parse was refused in the hooks' thread, where the stack says nothing of the cell.
    if (error instanceof SyntaxError) return new SyntaxError(error.message);
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    const text = error instanceof Error ? error.message : '';
    if (code !== 'ERR_MODULE_NOT_FOUND' || !(error instanceof Error)) return error;
    if (/^(\.|\/|file:)/.test(specifier)) {
      if (!text.includes('cell.mjs')) return error;
      return new Error(`"${specifier}" was not found from ${this.folder}. Is the path right, and the file saved?`);
    }
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    if (!text.includes(`'${name}'`) && !text.includes(`'${specifier}'`)) return error;
    return new Error(
      `Package "${name}" was not found from ${this.folder}. Install it there (npm install ${name}) and run the cell again.`,
    );
  }
}

/** `require('./helper.ts')`: TypeScript files compile to CommonJS as they load. */
function acceptTypeScript(require: NodeJS.Require): void {
  for (const extension of ['.ts', '.cts']) {
    require.extensions[extension] = (module, file) => {
      const { code } = compileModule(file, 'commonjs');
      (module as NodeJS.Module & { _compile(code: string, file: string): void })._compile(code, file);
    };
  }
}

function hasMember(value: unknown, name: string): boolean {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && name in value;
}
