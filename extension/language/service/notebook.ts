/** The cells of one notebook in their order, linked: each name is that of the latest cell above that declares it. */
import type { Cell } from '../protocol';
import type { Binding } from './bindings';
import { CellModule } from './cellModule';

/** A name that cells above declare. */
export interface Visible {
  module: CellModule;
  binding: Binding;
}

export class Notebook {
  private modules: CellModule[] = [];
  private readonly byId = new Map<string, CellModule>();

  /**
   * @param uri the notebook's name
   * @param prefix what the paths of the cells' virtual files begin with: the notebook's folder, and a name in it
   */
  constructor(
    readonly uri: string,
    readonly prefix: string,
    cells: readonly Cell[],
  ) {
    this.setCells(cells);
  }

  get cells(): readonly CellModule[] {
    return this.modules;
  }

  module(id: string): CellModule | undefined {
    return this.byId.get(id);
  }

  /** Cells that are the same as before keep their module. */
  setCells(cells: readonly Cell[]): void {
    const before = new Map(this.byId);
    this.byId.clear();
    this.modules = cells.map((cell) => {
      const known = before.get(cell.id);
      const isSame = known?.cell.text === cell.text && known.cell.language === cell.language;
      const module = isSame ? known : new CellModule(cell, this.prefix);
      this.byId.set(cell.id, module);
      return module;
    });
    this.link();
  }

  edit(id: string, language: Cell['language'], text: string): void {
    this.setCells(this.modules.map(({ cell }) => (cell.id === id ? { id, language, text } : cell)));
  }

  /** What a cell may name without declaring it: what cells above declare, and else those below. */
  visibleFrom(module: CellModule): Map<string, Visible> {
    const index = this.modules.indexOf(module);
    const visible = new Map<string, Visible>();
    // The first below, then the last above, wins.
    for (const other of [...this.modules.slice(index + 1).toReversed(), ...this.modules.slice(0, index)]) {
      for (const [name, binding] of other.bindings.declared) visible.set(name, { module: other, binding });
    }
    for (const name of module.bindings.declared.keys()) visible.delete(name);
    return visible;
  }

  /** The cell that a name in another cell means. */
  declarerOf(name: string, user: CellModule): CellModule | undefined {
    if (user.bindings.declared.has(name)) return user;
    const index = this.modules.indexOf(user);
    const declares = ({ bindings }: CellModule) => bindings.declared.has(name);
    return this.modules.slice(0, index).findLast(declares) ?? this.modules.slice(index + 1).find(declares);
  }

  /** In one pass: an edit links all cells again. */
  private link(): void {
    const first = new Map<string, CellModule>();
    for (const module of this.modules) {
      for (const name of module.bindings.declared.keys()) if (!first.has(name)) first.set(name, module);
    }
    const above = new Map<string, CellModule>();
    const exports = new Map<CellModule, Set<string>>(this.modules.map((module) => [module, new Set()]));
    const imports = this.modules.map((module) => {
      const { declared, mentioned } = module.bindings;
      const names = new Map<string, string[]>();
      for (const name of mentioned) {
        // What no cell above declares, the first one below does, if any.
        const declarer = declared.has(name) ? undefined : (above.get(name) ?? first.get(name));
        if (!declarer) continue;
        exports.get(declarer)!.add(name);
        const known = names.get(declarer.file);
        if (known) known.push(name);
        else names.set(declarer.file, [name]);
      }
      for (const name of declared.keys()) above.set(name, module);
      return names;
    });
    this.modules.forEach((module, i) => {
      const wanted = [...exports.get(module)!].filter((name) => !module.bindings.exported.has(name));
      module.link({ imports: imports[i]!, exports: wanted });
    });
  }
}
