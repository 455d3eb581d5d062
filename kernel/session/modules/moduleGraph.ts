/**
 * The files that the session loaded itself, and how they hang together. ES modules and CommonJS run side by side, each
 * file once; a file that changed, or whose imports changed, is loaded anew when it is asked for again.
 */
import nodeModule, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findComponents } from './components';
import { isDeclaredType } from './resolve/declaredTypes';
import type { ForeignModules } from './foreignModules';
import { addStar, emptyNamespace, seal, withNames, type Namespace } from './namespaces';
import { routeNativeRequire } from './resolve/nativeRequire';
import { OwnModule, type Component, type Link, type Surroundings } from './ownModule';
import type { Projects } from './resolve/projects';
import type { Asking, Resolution, Resolver } from './resolve/resolver';

/** A step on the way to a module that has run. */
interface Step {
  wait(): unknown;
  /** For `require`, which cannot wait. */
  now(): void;
}

const cache = (nodeModule as unknown as { _cache: Record<string, NodeJS.Module | undefined> })._cache;

export class ModuleGraph {
  private readonly modules = new Map<string, OwnModule>();

  constructor(
    private readonly resolver: Resolver,
    private readonly projects: Projects,
    private readonly foreign: ForeignModules,
  ) {
    routeNativeRequire(
      (file) => resolver.isOwnScript(file),
      (file) => this.require(file, file),
    );
  }

  /** Forgets files that changed, and those that use them. */
  refresh(): void {
    this.projects.lookAgain();
    for (const module of [...this.modules.values()]) {
      if (module.isStale(this.projectOf(module.file))) this.forget(module);
    }
  }

  /** Forgets modules that were cut off on their way: they would be waited for for ever. */
  interrupted(): void {
    for (const module of this.modules.values()) {
      if (module.component?.state !== 'done') this.forget(module);
    }
  }

  /** @param asker the file that imports, for what its changes mean; undefined for a cell */
  async import(specifier: string, from: string, asker?: OwnModule): Promise<Namespace> {
    const resolution = this.resolver.resolve(specifier, from, 'import');
    if (resolution.kind !== 'own') return this.foreign.import(resolution);
    const module = this.linked(resolution);
    asker?.uses.add(module);
    await this.finished(module.component!);
    return module.namespace;
  }

  /** @throws Error when the module, or one that it imports, awaits at its top level */
  require(specifier: string, from: string, asker?: OwnModule): unknown {
    const resolution = this.resolver.resolve(specifier, from, 'require');
    if (resolution.kind !== 'own') return this.foreign.require(resolution, specifier, from);
    const module = this.linked(resolution);
    asker?.uses.add(module);
    this.finishedNow(module.component!);
    return module.exports;
  }

  requireOf(from: string, asker?: () => OwnModule): NodeJS.Require {
    const native = createRequire(from);
    const require = (specifier: string) => this.require(specifier, from, asker?.());
    const resolve = (specifier: string, options?: { paths?: string[] }) =>
      options ? native.resolve(specifier, options) : this.location(specifier, from, 'require');
    const { cache, extensions, main } = native;
    return Object.assign(require, {
      cache,
      extensions,
      main,
      resolve: Object.assign(resolve, { paths: native.resolve.paths }),
    });
  }

  /** `import.meta` of a file. */
  metaOf(file: string, query = ''): object {
    return {
      dirname: path.dirname(file),
      filename: file,
      resolve: (specifier: string) => this.url(specifier, file),
      url: pathToFileURL(file).href + query,
    };
  }

  private location(specifier: string, from: string, asking: Asking): string {
    const found = this.resolver.resolve(specifier, from, asking);
    if (found.kind === 'own') return found.file;
    const url = found.kind === 'foreign' ? found.url : this.resolver.library.href;
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  }

  private url(specifier: string, from: string): string {
    // As in Node, the file need not be there.
    if (/^\.{0,2}\//.test(specifier)) {
      try {
        return pathToFileURL(this.location(specifier, from, 'import')).href;
      } catch {
        return new URL(specifier, pathToFileURL(from)).href;
      }
    }
    const found = this.location(specifier, from, 'import');
    return path.isAbsolute(found) ? pathToFileURL(found).href : found.includes(':') ? found : `node:${found}`;
  }

  // --- linking ------------------------------------------------------------------------------------------------------

  private linked({ file, query }: Extract<Resolution, { kind: 'own' }>): OwnModule {
    const added: OwnModule[] = [];
    try {
      const module = this.link(file, query, added);
      for (const one of added) this.addStars(one);
      findComponents(module);
      return module;
    } catch (error) {
      for (const one of added) this.forget(one);
      throw error;
    }
  }

  private link(file: string, query: string, added: OwnModule[]): OwnModule {
    const key = file + query;
    const known = this.modules.get(key);
    // Whoever takes a module out of Node's cache wants it anew.
    const removed = known?.commonJs && known.component?.state === 'done' && cache[file] !== known.commonJs;
    if (known && removed) this.forget(known);
    else if (known) return known;
    const module = new OwnModule(file, key, this.projectOf(file));
    this.modules.set(key, module);
    added.push(module);
    if (!module.shape) return module;
    for (const { specifier, names, place } of module.shape.imports) {
      const resolution = this.resolver.resolve(specifier, file, 'import');
      const next = resolution.kind === 'own' ? this.link(resolution.file, resolution.query, added) : undefined;
      module.links.push({ specifier, names, place, resolution, module: next });
      module.imports.push(next?.namespace ?? emptyNamespace());
      if (next) module.uses.add(next);
    }
    module.instantiate(this.surroundings(module, query));
    return module;
  }

  /** The names that `export *` passes on, as far as files tell them; those of packages come when they are loaded. */
  private addStars(module: OwnModule): void {
    for (const index of module.shape?.stars ?? []) {
      const next = module.links[index]!.module;
      if (next?.shape) addStar(module.namespace, next.namespace, namesOf(next, new Set([module])));
    }
  }

  private surroundings(module: OwnModule, query = ''): Surroundings {
    const { file } = module;
    return {
      require: this.requireOf(file, () => module),
      meta: this.metaOf(file, query),
      import: (specifier) => this.import(String(specifier), file, module),
    };
  }

  // --- running ------------------------------------------------------------------------------------------------------

  private finished(component: Component): Promise<void> {
    // One that `require` runs is done before anyone can wait for it.
    const required = component.state === 'running' && !component.settled;
    if (required || component.state === 'done') return Promise.resolve();
    component.settled ??= this.drive(component);
    return component.settled;
  }

  private async drive(component: Component): Promise<void> {
    component.state = 'running';
    try {
      for (const step of this.steps(component)) await step.wait();
      this.complete(component);
    } catch (error) {
      this.abandon(component);
      throw error;
    }
  }

  /** One that runs already is one that waits for this: it gets what there is by now. */
  private finishedNow(component: Component): void {
    if (component.state !== 'waiting') return;
    component.state = 'running';
    try {
      for (const step of this.steps(component)) step.now();
      this.complete(component);
    } catch (error) {
      this.abandon(component);
      throw error;
    }
  }

  private steps({ modules }: Component): Step[] {
    return modules.flatMap((module) => [
      ...module.links.map((link, index) => this.stepOfLink(module, link, index)),
      this.stepOfModule(module),
    ]);
  }

  private stepOfLink(module: OwnModule, link: Link, index: number): Step {
    const { resolution, module: next } = link;
    const before = next?.component;
    if (next && before) {
      // Modules that import each other do not wait for each other.
      if (before === module.component) return { wait: () => undefined, now: () => undefined };
      const arrived = () => this.arrived(module, link, index, next.namespace);
      return {
        wait: async () => {
          await this.finished(before);
          arrived();
        },
        now: () => {
          this.finishedNow(before);
          arrived();
        },
      };
    }
    return {
      wait: async () => this.arrived(module, link, index, await this.foreign.import(resolution)),
      now: () => this.arrived(module, link, index, this.foreign.namespaceOf(resolution, link.specifier, module.file)),
    };
  }

  /** @throws SyntaxError for a name that the module imports and that is not there */
  private arrived(module: OwnModule, link: Link, index: number, given: Namespace): void {
    const { namespace, lost } = withNames(given, link.names);
    for (const name of lost) {
      if (isDeclaredType(link.specifier, module.file, name, module.project)) continue;
      const { line, column } = link.place;
      throw new SyntaxError(`"${link.specifier}" has no export named "${name}" (${module.file}:${line}:${column})`);
    }
    module.imports[index] = namespace;
    if (module.shape!.stars.includes(index)) addStar(module.namespace, namespace, Object.keys(namespace));
  }

  private stepOfModule(module: OwnModule): Step {
    const run = () => {
      if (module.commonJs) {
        cache[module.file] = module.commonJs;
        module.runCommonJs(this.surroundings(module));
      } else if (module.shape) return module.run();
      return undefined;
    };
    const now = () => {
      if (!module.shape?.isAsync) return void run();
      throw new Error(`${module.file} awaits at its top level: write await import(…) in place of require(…).`);
    };
    return { wait: run, now };
  }

  private complete(component: Component): void {
    component.state = 'done';
    for (const { namespace } of component.modules) seal(namespace);
  }

  private abandon(component: Component): void {
    for (const module of component.modules) this.forget(module);
  }

  /** Takes a module away, with those that use it; who holds it continues with it. */
  private forget(module: OwnModule): void {
    if (this.modules.get(module.key) !== module) return;
    this.modules.delete(module.key);
    if (module.commonJs && cache[module.file] === module.commonJs) delete cache[module.file];
    for (const other of this.modules.values()) {
      if (other.uses.has(module)) this.forget(other);
    }
  }

  private projectOf(file: string) {
    return this.projects.of(path.dirname(file));
  }
}

function namesOf(module: OwnModule, seen: Set<OwnModule>): string[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const { exports, stars } = module.shape!;
  const passed = stars.flatMap((index) => {
    const next = module.links[index]!.module;
    return next?.shape ? namesOf(next, seen) : [];
  });
  return [...exports.keys(), ...passed.filter((name) => name !== 'default')];
}
