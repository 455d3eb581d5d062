/** Modules as those that import them see them. */
import { inspect, type InspectOptionsStylized } from 'node:util';

export type Namespace = Record<string, unknown>;

type Inspect = (value: unknown, options: InspectOptionsStylized) => string;

/** A namespace without names yet. Like a real one it cannot be written to, and tells by itself what it is. */
export function emptyNamespace(): Namespace {
  const namespace = Object.create(null) as Namespace;
  Object.defineProperty(namespace, Symbol.toStringTag, { value: 'Module' });
  Object.defineProperty(namespace, inspect.custom, {
    value: (_depth: number, options: InspectOptionsStylized, show: Inspect) => shown(namespace, options, show),
  });
  return namespace;
}

export function addExport(namespace: Namespace, name: string, get: () => unknown): void {
  Object.defineProperty(namespace, name, { get, enumerable: true, configurable: true });
  // What compilers of CommonJS look for to tell a module's default export from a plain object.
  if (name === 'default') Object.defineProperty(namespace, '__esModule', { value: true, configurable: true });
}

/** Nothing is added or taken away any more, and names are in their order, as in a real namespace. */
export function seal(namespace: Namespace): void {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(namespace)).filter(
    ([, { enumerable }]) => enumerable,
  );
  for (const [name] of getters) delete namespace[name];
  for (const [name, getter] of getters.sort(([a], [b]) => (a < b ? -1 : 1))) {
    Object.defineProperty(namespace, name, { ...getter, configurable: false });
  }
  Object.preventExtensions(namespace);
}

/** The names of another namespace that this one has not, except its default. */
export function addStar(namespace: Namespace, from: Namespace, names: Iterable<string>): void {
  for (const name of names) {
    if (name !== 'default' && name !== 'module.exports' && !(name in namespace)) {
      addExport(namespace, name, () => from[name]);
    }
  }
}

/** What CommonJS exports: as a whole under `default`, and its members under their names. */
export function addCommonJs(namespace: Namespace, exports: unknown): void {
  addExport(namespace, 'default', () => exports);
  if (!hasMembers(exports)) return;
  for (const name of Object.keys(exports)) {
    if (name !== 'default') addExport(namespace, name, () => exports[name]);
  }
}

export function commonJsNamespace(exports: unknown): Namespace {
  const namespace = emptyNamespace();
  addCommonJs(namespace, exports);
  return namespace;
}

/**
 * The namespace with the wanted names in it: CommonJS and JSON may name them on `default` only.
 * @returns also the names that are nowhere
 */
export function withNames(namespace: Namespace, names: readonly string[]): { namespace: Namespace; lost: string[] } {
  const missing = names.filter((name) => !(name in namespace));
  const inner = 'default' in namespace ? namespace.default : undefined;
  const found = missing.filter((name) => hasMembers(inner) && name in inner);
  const lost = missing.filter((name) => !found.includes(name));
  if (found.length === 0) return { namespace, lost };
  const members = inner as Namespace;
  return { namespace: { ...namespace, ...Object.fromEntries(found.map((name) => [name, members[name]])) }, lost };
}

function hasMembers(value: unknown): value is Namespace {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}

/** As Node shows a module: its names and their values. */
function shown(namespace: Namespace, options: InspectOptionsStylized, show: Inspect): string {
  const entries = Object.keys(namespace).map((name) => [name, valueOf(namespace, name)]);
  const text = show(Object.assign(Object.create(null) as object, Object.fromEntries(entries)), options);
  return text.replace('[Object: null prototype]', '[Module: null prototype]');
}

function valueOf(namespace: Namespace, name: string): unknown {
  try {
    return namespace[name];
  } catch {
    return '<uninitialized>';
  }
}
