/**
 * Node's own `require`, as packages call it and users who make one: the user's files are the same as those that cells
 * import, also where Node could not run them.
 */
import nodeModule from 'node:module';

interface CommonJsLoader {
  _cache: Record<string, NodeJS.Module | undefined>;
  _extensions: Record<string, (module: NodeJS.Module, file: string) => void>;
}

const loader = nodeModule as unknown as CommonJsLoader;

/**
 * @param isOwn whether the session loads a file
 * @param require loads it
 */
export function routeNativeRequire(isOwn: (file: string) => boolean, require: (file: string) => unknown): void {
  for (const extension of ['.js', '.cjs', '.mjs', '.ts', '.mts', '.cts', '.tsx', '.jsx']) {
    const native = loader._extensions[extension] ?? loader._extensions['.js']!;
    loader._extensions[extension] = (module, file) => {
      if (!isOwn(file)) return native(module, file);
      module.exports = require(file);
      // The session knows when the file is to be loaded anew; Node would not ask.
      if (loader._cache[file] === module) delete loader._cache[file];
    };
  }
}
