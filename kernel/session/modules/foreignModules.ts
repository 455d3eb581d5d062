/** What Node loads, once in a process: its own modules, packages, and the library that this kernel already holds. */
import { createRequire, isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { commonJsNamespace, emptyNamespace, type Namespace } from './namespaces';
import type { Redirects } from './resolve/redirects';
import type { Resolution } from './resolve/resolver';

export class ForeignModules {
  /** @param library the namespace of the library */
  constructor(
    private readonly library: Namespace,
    private readonly redirects: Redirects,
  ) {}

  async import(resolution: Resolution): Promise<Namespace> {
    if (resolution.kind === 'library') return this.library;
    if (resolution.kind !== 'foreign') return emptyNamespace();
    const { url } = resolution;
    if (isBuiltin(url)) return (await import(url)) as Namespace;
    this.redirects.install();
    if (url.endsWith('.node')) return commonJsNamespace(createRequire(url)(fileURLToPath(url)));
    return (await import(url)) as Namespace;
  }

  /** @param specifier what the file `from` asked for */
  require(resolution: Resolution, specifier: string, from: string): unknown {
    if (resolution.kind === 'library') return this.library;
    if (resolution.kind !== 'foreign') return {};
    const { url } = resolution;
    if (!isBuiltin(url)) this.redirects.install();
    return createRequire(from)(url.startsWith('file:') ? fileURLToPath(url) : specifier);
  }

  /** What an import gives of a module that is required. */
  namespaceOf(resolution: Resolution, specifier: string, from: string): Namespace {
    const exports = this.require(resolution, specifier, from);
    const isNamespace = exports === this.library || types.isModuleNamespaceObject(exports);
    return isNamespace ? (exports as Namespace) : commonJsNamespace(exports);
  }
}
