/**
 * What `import` and `require` of cells load: the one library of this kernel, npm packages, and files from the notebook's
 * folder, ES modules and CommonJS alike. Files that changed are loaded anew.
 */
import path from 'node:path';
import type ts from 'typescript';
import { meant } from '../../engine/nearest';
import { isDeclaredType } from './resolve/declaredTypes';
import { ForeignModules } from './foreignModules';
import { ModuleGraph } from './moduleGraph';
import { withNames, type Namespace } from './namespaces';
import { Projects } from './resolve/projects';
import { Redirects } from './resolve/redirects';
import { Resolver } from './resolve/resolver';

export interface ModulePaths {
  /** The bundled hooks, `loaderHooks.js`. */
  hooks: URL;
  /** The bundled library, `latentlab.js`. */
  library: URL;
}

export interface Modules extends ModulePaths {
  /** The library itself, loaded before there is a session: a build that comes later must not bring a second one. */
  namespace: object;
}

/** Functions of the library that cells have without an import. */
const OF_CELLS: ReadonlySet<string> = new Set(['display', 'html', 'latex', 'markdown', 'svg']);

export class ModuleLoader {
  readonly require: NodeJS.Require;
  /** `import.meta` of cells. */
  readonly meta: object;
  private readonly projects = new Projects();
  private readonly graph: ModuleGraph;
  /** Where cells stand for the look-up of what they import. */
  private readonly cell: string;

  /** @param folder where relative imports and packages are looked up (absolute) */
  constructor(
    private readonly folder: string,
    { hooks, library, namespace }: Modules,
  ) {
    this.cell = path.join(folder, 'cell.ts');
    const redirects = new Redirects(library, hooks);
    redirects.offer(namespace);
    const resolver = new Resolver(library, folder, this.projects);
    const foreign = new ForeignModules(namespace as Namespace, redirects);
    this.graph = new ModuleGraph(resolver, this.projects, foreign);
    this.meta = this.graph.metaOf(this.cell);
    const require = this.graph.requireOf(this.cell);
    const fresh = (specifier: string): unknown => {
      this.graph.refresh();
      return require(specifier);
    };
    this.require = Object.assign(fresh, require);
  }

  /** A cell begins: what its functions import may have changed since. */
  cellBegins(): void {
    this.graph.refresh();
  }

  /**
   * What the tsconfig beside or above the notebook says of how cells compile.
   * @throws Error naming the tsconfig that cannot be read
   */
  compilerOptions(): ts.CompilerOptions {
    return this.projects.of(this.folder).options;
  }

  /**
   * The module's namespace, with every wanted name in it; a type's name is there without a value.
   * @throws when the module or one of the names does not exist; the message says what to do
   */
  async import(specifier: string, names: string[]): Promise<Namespace> {
    const isType = (name: string) => isDeclaredType(specifier, this.cell, name, this.projects.of(this.folder));
    const { namespace, lost } = withNames(await this.loaded(specifier, names, isType), names);
    const missing = lost.find((name) => !isType(name));
    if (missing === undefined) return namespace;
    const advice =
      specifier === 'latentlab' && OF_CELLS.has(missing)
        ? `. Every cell has ${missing} by itself: do not import it`
        : meant(missing, Object.keys(namespace)) || `. If it is a type, write: import { type ${missing} }`;
    throw new SyntaxError(`"${specifier}" has no export named "${missing}"${advice}`);
  }

  async dynamicImport(specifier: unknown): Promise<Namespace> {
    this.graph.refresh();
    return await this.graph.import(`${specifier as string}`, this.cell);
  }

  /** A package of nothing but types need not be there. */
  private async loaded(specifier: string, names: string[], isType: (name: string) => boolean): Promise<Namespace> {
    try {
      return await this.dynamicImport(specifier);
    } catch (error) {
      if (!isMissing(error) || names.length === 0 || !names.every(isType)) throw error;
      return {};
    }
  }

  /** Modules that are loading now will be loaded anew when they are asked for again. */
  interrupted(): void {
    this.graph.interrupted();
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
}
