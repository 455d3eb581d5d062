/**
 * A cell as a module of TypeScript: its own text, with the names that it has from other cells imported behind it. So
 * `const x` may stand in many cells, and places in the cell are those in the module, but for a shift.
 */
import ts from 'typescript';
import { objectLiteral } from '../../../kernel/session/compile/objectLiteral';
import { parse, parseError } from '../../../kernel/session/compile/transpile';
import type { Cell, Span } from '../protocol';
import { bindingsOf, type Bindings } from './bindings';

export interface Links {
  /** Names from other cells, by the file of the cell that declares them. */
  imports: ReadonlyMap<string, readonly string[]>;
  /** Names of its own that other cells have from it. */
  exports: readonly string[];
}

export class CellModule {
  readonly file: string;
  readonly bindings: Bindings;
  /** Cells like `{ a: 1 }` are an object, as the kernel has it. */
  private readonly isObject: boolean;
  private linked = { text: '', shift: 0 };

  /** @param prefix what its virtual file's path begins with */
  constructor(
    readonly cell: Cell,
    prefix: string,
  ) {
    const extension = extensionOf(cell);
    this.file = `${prefix}${cell.id}.${extension}`;
    this.isObject = objectLiteral(cell.text, cell.language === 'javascript' ? 'js' : 'ts') !== undefined;
    this.bindings = bindingsOf(this.isObject ? `(${cell.text}\n)` : cell.text, SCRIPT_KINDS[extension]);
    this.link({ imports: new Map(), exports: [] });
  }

  get text(): string {
    return this.linked.text;
  }

  /** Where the cell's text begins in the module's. */
  get shift(): number {
    return this.linked.shift;
  }

  /**
   * The links stand behind the cell, so that what TypeScript puts at a file's front comes to the cell's; but before it
   * while something is open at its end, a brace or a comment.
   */
  link({ imports, exports }: Links): void {
    const { text } = this.cell;
    const own = this.isObject ? `(${text}\n)` : text;
    const from = [...imports].map(([file, names]) => `import { ${names.join(', ')} } from './${moduleName(file)}';`);
    const links = `${from.join('')}export { ${exports.join(', ')} };`;
    const { closed } = this.bindings;
    const shift = (closed ? 0 : links.length + 1) + (this.isObject ? 1 : 0);
    this.linked = { text: closed ? `${own}\n;${links}` : `${links}\n${own}`, shift };
  }

  /** @returns where a span of the module lies in the cell; undefined for one that does not lie in it whole */
  inCell({ start, length }: Span): Span | undefined {
    const own = start - this.shift;
    return own >= 0 && own + length <= this.cell.text.length ? { start: own, length } : undefined;
  }
}

type Extension = 'ts' | 'tsx' | 'js' | 'jsx';

const SCRIPT_KINDS: Record<Extension, ts.ScriptKind> = {
  ts: ts.ScriptKind.TS,
  tsx: ts.ScriptKind.TSX,
  js: ts.ScriptKind.JS,
  jsx: ts.ScriptKind.JSX,
};

/** As the kernel compiles it: JSX is allowed where it is no type assertion or type parameter of TypeScript. */
function extensionOf({ language, text }: Cell): Extension {
  if (language === 'javascript') return 'jsx';
  if (!text.includes('<') || !parseError(parse(text, 'ts'))) return 'ts';
  return parseError(parse(text, 'tsx')) ? 'ts' : 'tsx';
}

function moduleName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.[jt]sx?$/, '');
}
