/** The redirects of `redirects.ts` for a Node that runs module hooks in a thread of their own (before 22.15). */
import { createRequire, type ResolveHook } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isShared, LIBRARY_NAME } from './shared';

export interface LoaderHooksData {
  /** URL of the bundled library. */
  library: string;
}

let library: string;

export function initialize(data: LoaderHooksData): void {
  library = data.library;
}

export const resolve: ResolveHook = (specifier, context, next) => {
  if (specifier === LIBRARY_NAME) return { url: library, format: 'module', shortCircuit: true };
  if (!isShared(specifier)) return next(specifier, context);
  try {
    return { url: pathToFileURL(createRequire(library).resolve(specifier)).href, shortCircuit: true };
  } catch {
    return next(specifier, context);
  }
};
