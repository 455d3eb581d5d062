/** Variables that the notebook has from its views, and not from a cell: a selection that is kept. */
import vm from 'node:vm';

/** Names that a reader is offered: `selection1`, `selection2`, … */
const PROPOSED = 'selection';

export interface NameUse {
  /** Whether a cell or a global has the name. */
  isTaken(name: string): boolean;
}

export class BoundNames {
  private readonly bound = new Set<string>();
  /** Where the script that declares a variable finds its value. */
  private readonly slot = Symbol.for('latentlab.bound.value');

  constructor(private readonly use: NameUse) {}

  /** The first of the proposed names that nothing has. */
  propose(): string {
    let number = 1;
    while (this.bound.has(PROPOSED + number) || this.use.isTaken(PROPOSED + number)) number++;
    return PROPOSED + number;
  }

  /** Names that are a cell's from now on. */
  cellDeclares(names: readonly { name: string }[]): void {
    for (const { name } of names) this.bound.delete(name);
  }

  /**
   * A script for V8's REPL mode that declares the variable. Names that a view gave before are given anew.
   *
   * @throws Error for what is no name, or is one that a cell or a global has
   */
  declare(name: string, value: unknown): string {
    if (!isName(name)) {
      throw new Error(`“${name}” is not a name for a variable; use letters, digits and _, starting with a letter.`);
    }
    if (!this.bound.has(name) && this.use.isTaken(name)) {
      throw new Error(`The notebook has another “${name}” already; ${this.propose()} is free.`);
    }
    this.bound.add(name);
    const holder = globalThis as unknown as Record<symbol, unknown>;
    Object.defineProperty(holder, this.slot, { value, configurable: true, enumerable: false });
    return `let ${name} = globalThis[Symbol.for('latentlab.bound.value')]; void delete globalThis[Symbol.for('latentlab.bound.value')];`;
  }
}

/** Words of the language are none. */
function isName(name: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return false;
  try {
    new vm.Script(`'use strict'; let ${name};`);
    return true;
  } catch {
    return false;
  }
}
