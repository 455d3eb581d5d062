/** Imports of all cells, each once. */

export interface Imported {
  readonly from: string;
  /** What the module calls it: a name, `default`, `*`; empty for a module that is imported for what it does. */
  readonly name: string;
  readonly as: string;
  readonly isType: boolean;
  /** `with { type: 'json' }`. */
  readonly attributes?: string | undefined;
}

export function importLines(imports: readonly Imported[]): string[] {
  const modules = new Map<string, Imported[]>();
  for (const one of imports) {
    const key = `${one.from} ${one.attributes ?? ''}`;
    const known = modules.get(key) ?? [];
    const before = known.find(({ name, as }) => name === one.name && as === one.as);
    // What one cell imports as a type and another as a value is a value.
    if (!before) modules.set(key, [...known, one]);
    else if (before.isType && !one.isType)
      modules.set(
        key,
        known.map((other) => (other === before ? one : other)),
      );
  }
  return [...modules.values()].flatMap(linesOf);
}

function linesOf(imports: readonly Imported[]): string[] {
  const [{ from, attributes }] = imports as [Imported];
  const end = ` '${from}'${attributes ? ` ${attributes}` : ''};`;
  const defaults = imports.filter(({ name }) => name === 'default');
  const spaces = imports.filter(({ name }) => name === '*');
  const named = imports.filter(({ name }) => name !== 'default' && name !== '*' && name !== '');
  const lines = [...defaults, ...spaces].map(({ name, as, isType }) => {
    return `import ${isType ? 'type ' : ''}${name === '*' ? `* as ${as}` : as} from${end}`;
  });
  if (named.length > 0) {
    const all = named
      .map(({ name, as, isType }) => `${isType ? 'type ' : ''}${name === as ? name : `${name} as ${as}`}`)
      .sort((a, b) => a.replace(/^type /, '').localeCompare(b.replace(/^type /, ''), 'en'));
    const line = `import { ${all.join(', ')} } from${end}`;
    lines.push(line.length <= 100 ? line : `import {\n${all.map((one) => `  ${one},\n`).join('')}} from${end}`);
  }
  return lines.length > 0 ? lines : [`import${end}`];
}
