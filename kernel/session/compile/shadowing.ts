/**
 * Names of cells that are also names of globals. A script-scope `let process` would take `process` away from every
 * module in the kernel, so cells' own bindings of such names get another name, and so do the references to them.
 */
import vm from 'node:vm';
import { RUNTIME_NAME } from './ownSource';

/** What the kernel puts on the global object for cells only: no module reads it, so a cell may shadow it. */
const FOR_CELLS: ReadonlySet<string> = new Set(['require', 'display', 'html', 'latex', 'markdown', 'svg']);

/** `eval` may not be declared in strict code; V8 says so. */
const REFUSED_BY_V8: ReadonlySet<string> = new Set(['eval']);

/**
 * Names that every CommonJS module has for itself. Cells have them under {@link ownName}: packages that find such a name
 * on the global object would take themselves for CommonJS.
 */
export const NAMES_OF_MODULES: readonly string[] = ['__dirname', '__filename'];

/** The global object's names that cells' bindings must leave alone, as of now. */
export function reservedNames(): Set<string> {
  const globals = Object.entries(Object.getOwnPropertyDescriptors(globalThis));
  // V8 itself refuses to shadow a property that is not configurable (`undefined`, `NaN`).
  const names = globals.flatMap(([name, { configurable }]) => (configurable ? [name] : []));
  return new Set([
    RUNTIME_NAME,
    ...NAMES_OF_MODULES,
    ...names.filter((name) => !FOR_CELLS.has(name) && !REFUSED_BY_V8.has(name)),
  ]);
}

/** Whether scripts see a binding with a value: one whose initializer threw is declared but cannot be read. */
export function isScriptBinding(name: string): boolean {
  try {
    new vm.Script(`void ${name};`).runInThisContext();
    return true;
  } catch (error) {
    if (error instanceof ReferenceError) return false;
    throw error;
  }
}
