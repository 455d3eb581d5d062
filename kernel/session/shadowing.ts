/**
 * Names of cells that are also names of globals. A script-scope `let process` would take `process` away from every
 * module in the kernel, so cells' own bindings of such names get another name, and so do the references to them.
 */
import vm from 'node:vm';
import ts from 'typescript';
import { RUNTIME_NAME } from './nodes';
import { declaresVariable, isTopLevel, isVariableName, nestedNames } from './scopes';

/** What the kernel puts on the global object for cells only: no module reads it, so a cell may shadow it. */
const FOR_CELLS: ReadonlySet<string> = new Set(['require', 'display', 'html', 'markdown']);

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

const SUFFIX = '__cell';

/** What a cell's binding of a global's name is called in its script. */
export function ownName(name: string): string {
  return name + SUFFIX;
}

/** V8's words with the names that the cell wrote. */
export function asWritten(message: string): string {
  return message.replaceAll(SUFFIX, '');
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

/** The names of one cell's script. */
export class OwnNames {
  /** Names for which the checker has to say whether a local is meant; asking it takes long in a long cell. */
  private readonly nested: ReadonlySet<string>;

  /** @param names globals' names that cells have bindings of, this one's among them */
  constructor(
    private readonly names: ReadonlySet<string>,
    file: ts.SourceFile,
    private readonly checker: ts.TypeChecker,
  ) {
    this.nested = names.size > 0 ? nestedNames(file) : new Set();
  }

  /** The script's name for a name declared at the cell's top level. */
  declared(name: string): string {
    return this.names.has(name) ? ownName(name) : name;
  }

  /** The script's name for the variable that an identifier refers to; undefined when it keeps its name. */
  renamed(id: ts.Identifier): string | undefined {
    if (!this.names.has(id.text) || !isVariableName(id) || this.isLocal(id)) return undefined;
    return ownName(id.text);
  }

  private isLocal(id: ts.Identifier): boolean {
    if (!this.nested.has(id.text)) return false;
    const inScope = this.checker.getSymbolsInScope(id, ts.SymbolFlags.Value | ts.SymbolFlags.Alias);
    const declarations = inScope.find((symbol) => symbol.name === id.text)?.declarations?.filter(declaresVariable);
    return declarations !== undefined && declarations.length > 0 && !declarations.some(isTopLevel);
  }
}
