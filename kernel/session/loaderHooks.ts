/**
 * Node's module hooks for what cells import; Node runs them in a thread of their own.
 * Cells import `latentlab-cell:…`, which is resolved as if a module in the notebook's folder had asked.
 */
import type { LoadHook, ResolveHook } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileModule, isLocalFile, isTypeScript, resolveFile, versionOf } from './localFiles';

export interface LoaderHooksData {
  /** URL of the module that cells stand for. */
  cell: string;
  /** URL of the bundled library. */
  library: string;
  /** Pattern of the packages that are always our own. */
  shared: string;
}

/** `latentlab-cell:<generation>:<specifier>`; a new generation loads the user's files anew. */
const CELL = /^latentlab-cell:(\d+):(.*)$/s;
let generation = '0';
let data: LoaderHooksData;
let shared: RegExp;

export function initialize(given: LoaderHooksData): void {
  data = given;
  shared = new RegExp(given.shared);
}

export const resolve: ResolveHook = (asked, context, next) => {
  const fromCell = CELL.exec(asked);
  if (fromCell) generation = fromCell[1]!;
  const specifier = fromCell ? decodeURIComponent(fromCell[2]!) : asked;
  const parentURL = fromCell ? data.cell : context.parentURL;
  if (specifier === 'latentlab') {
    return { url: data.library, format: 'module', shortCircuit: true };
  }
  if (shared.test(specifier)) {
    return next(specifier, { ...context, parentURL: data.library });
  }
  const file = localFile(specifier, parentURL);
  if (file) {
    const url = pathToFileURL(file);
    url.searchParams.set('v', `${versionOf(file)}-${generation}`);
    const importAttributes = file.endsWith('.json')
      ? { ...context.importAttributes, type: 'json' }
      : context.importAttributes;
    return { url: url.href, importAttributes, shortCircuit: true };
  }
  return next(specifier, { ...context, parentURL });
};

/** The user's file that a relative or absolute specifier means, if there is one. */
function localFile(specifier: string, parentURL: string | undefined): string | undefined {
  if (!/^(\.{1,2}\/|\/|file:|[A-Za-z]:[\\/])/.test(specifier) || !parentURL?.startsWith('file:')) return undefined;
  const parent = fileURLToPath(new URL(parentURL.split('?')[0]!));
  if (!isLocalFile(parent)) return undefined;
  const wanted = specifier.startsWith('file:')
    ? fileURLToPath(specifier.split('?')[0]!)
    : path.resolve(path.dirname(parent), specifier);
  const file = resolveFile(wanted);
  return file && isLocalFile(file) ? file : undefined;
}

export const load: LoadHook = (url, context, next) => {
  const local = url.startsWith('file:') && url.includes('?v=') ? fileURLToPath(url.split('?')[0]!) : undefined;
  if (!local || local.endsWith('.json')) return next(url, context);
  if (isTypeScript(local) || /\.[cm]?js$/.test(local)) {
    const { code, format } = compileModule(local);
    return { format, source: code, shortCircuit: true };
  }
  return next(url, context);
};
