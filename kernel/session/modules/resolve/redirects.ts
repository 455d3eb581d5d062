/** What packages import under the library's name, and the tensor library, is what this kernel holds. */
import nodeModule, { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LoaderHooksData } from './loaderHooks';
import { isShared, LIBRARY_NAME } from './shared';

type Resolve = (specifier: string, context: object, next: (specifier: string, context: object) => object) => object;

interface CommonJsLoader {
  _cache: Record<string, NodeJS.Module>;
  _resolveFilename(specifier: string, ...rest: unknown[]): string;
  /** Hooks of this thread, for `import` and `require`; since Node 22.15. */
  registerHooks?(hooks: { resolve: Resolve }): void;
}

const loader = nodeModule as unknown as CommonJsLoader;

export class Redirects {
  private installed = false;
  private looking = false;

  /**
   * @param library URL of the bundled library
   * @param hooks URL of the bundled hooks, `loaderHooks.js`, for a Node that runs them in a separate thread
   */
  constructor(
    private readonly library: URL,
    private readonly hooks: URL,
  ) {}

  /** Needed before the first package is loaded; modules of Node itself and the user's files ask for nothing here. */
  install(): void {
    if (this.installed) return;
    this.installed = true;
    if (loader.registerHooks) loader.registerHooks({ resolve: this.resolve });
    else this.installForOlderNode();
  }

  /** What `require('latentlab')` of a package gives, also where Node cannot require an ES module. */
  offer(namespace: object): void {
    const file = fileURLToPath(this.library);
    const module = new nodeModule(file);
    loader._cache[file] = Object.assign(module, { filename: file, loaded: true, exports: namespace });
  }

  private readonly resolve: Resolve = (specifier, context, next) => {
    const file = this.fileOf(specifier);
    return file === undefined ? next(specifier, context) : { url: pathToFileURL(file).href, shortCircuit: true };
  };

  private installForOlderNode(): void {
    const data: LoaderHooksData = { library: this.library.href };
    nodeModule.register(this.hooks, { data });
    const resolveFilename = loader._resolveFilename;
    loader._resolveFilename = (specifier, ...rest) => this.fileOf(specifier) ?? resolveFilename(specifier, ...rest);
  }

  /** The kernel's own file behind a name; a package of the family that the kernel does not have is the user's. */
  private fileOf(specifier: string): string | undefined {
    if (specifier === LIBRARY_NAME) return fileURLToPath(this.library);
    if (this.looking || !isShared(specifier)) return undefined;
    this.looking = true;
    try {
      return createRequire(this.library).resolve(specifier);
    } catch {
      return undefined;
    } finally {
      this.looking = false;
    }
  }
}
