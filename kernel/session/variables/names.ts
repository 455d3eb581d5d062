/** The names that cells have declared, and what they stand for now. */
import vm from 'node:vm';
import type { DeclaredName } from '../compile/compile';

export class UserNames {
  private readonly declared = new Map<string, DeclaredName>();

  /** A cell that declares these begins to run. */
  declare(names: readonly DeclaredName[]): void {
    for (const one of names) this.declared.set(one.name, one);
  }

  has(name: string): boolean {
    return this.declared.has(name);
  }

  /** Whether a name means what a cell imported. */
  isImported(name: string): boolean {
    return this.declared.get(name)?.imported ?? false;
  }

  /**
   * Names with their values, in the order of their first declaration. A name without a value is left out: its cell has
   * not come to it, or failed before.
   *
   * @param imports whether names of imports are among them
   */
  values({ imports = false } = {}): [name: string, value: unknown][] {
    const listed = [...this.declared.values()].filter(({ imported }) => imports || !imported);
    return read(listed.map(({ scriptName }) => scriptName)).flatMap((found, i) =>
      found ? [[listed[i]!.name, found.value] as [string, unknown]] : [],
    );
  }

  /** Undefined if the name has no value. */
  value(name: string): { value: unknown } | undefined {
    const declared = this.declared.get(name);
    return declared && read([declared.scriptName])[0];
  }
}

/** Scripts alone see what other scripts declare. */
function read(names: readonly string[]): ({ value: unknown } | undefined)[] {
  const source = `[${names.map((name) => `() => ${name}`).join(', ')}]`;
  const readers = new vm.Script(source, { filename: 'latentlab-variables' }).runInThisContext() as (() => unknown)[];
  return readers.map((reader) => {
    try {
      return { value: reader() };
    } catch {
      return undefined;
    }
  });
}
