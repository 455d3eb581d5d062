/**
 * Compiles one cell: TypeScript in, a script for V8's REPL mode out, bindings alive between cells.
 *
 * REPL mode allows `let` to be declared again by a later script, but refuses const→let, var→let and let→function.
 * So every top-level binding becomes a `let`: imports, functions (hoisted to the cell's top, as the language hoists
 * them), classes, enums and `var`s inside blocks too. TypeScript is compiled away first; the bindings are rewritten on
 * the tree of the JavaScript that is left, where every function and scope is as V8 will see it. The source map leads
 * every position back to the cell.
 */
import type { TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { misplacedAwait } from './awaits';
import { normalizeBindings } from './bindings';
import { CellSyntaxError } from './errors';
import { importEquals } from './imports';
import { topLevelNames } from './scopes';
import { isScriptBinding, NAMES_OF_MODULES, ownName, OwnNames, reservedNames } from './shadowing';
import { composed, Transpilation } from './transpile';

export { RUNTIME_NAME } from './nodes';

export type CellLanguage = 'typescript' | 'javascript';

export interface CompiledCell {
  /** The script; it calls {@link RUNTIME_NAME} for imports, for its result, on entry and after each await. */
  code: string;
  /** Positions in `code` → positions in the cell. */
  map: TraceMap;
}

/** The compiler of a session: it remembers which of the globals' names the session's cells have taken. */
export class CellCompiler {
  private readonly taken = new Set<string>(NAMES_OF_MODULES);

  /**
   * @param reserved globals that cells may redeclare for themselves only: the kernel and its libraries use them
   * @param isBound whether scripts can read a binding; the cell that declared it may have failed before
   */
  constructor(
    private readonly reserved: ReadonlySet<string> = reservedNames(),
    private readonly isBound: (name: string) => boolean = isScriptBinding,
  ) {}

  /**
   * @param cellName what error locations call the cell
   * @param cell a number that no other run of a cell has
   * @param options what the folder's tsconfig says of JSX, decorators and class fields
   * @throws CellSyntaxError with line and column when the cell does not parse, or awaits where nothing may
   */
  compile(
    source: string,
    cellName: string,
    language: CellLanguage = 'typescript',
    cell = 0,
    options: ts.CompilerOptions = {},
  ): CompiledCell {
    const plain = this.javaScriptOf(source, cellName, language, options);
    const script = new Transpilation(plain.code, 'js');
    const topLevel = topLevelNames(script.file);
    const declared = [...topLevel.lexical, ...topLevel.variables].filter((name) => this.reserved.has(name));
    const known = [...this.taken].filter((name) => this.isBound(ownName(name)));
    const own = new OwnNames(new Set([...known, ...declared]), script.file, script.checker);
    const output = script.emit({ after: [normalizeBindings({ topLevel, own }, cell)] });
    for (const name of declared) this.taken.add(name);
    return { code: output.code, map: composed(plain.map, output.map) };
  }

  private javaScriptOf(source: string, cellName: string, language: CellLanguage, options: ts.CompilerOptions) {
    const cell = Transpilation.ofCell(source, language, options);
    const fail = (message: string, start = 0): never => {
      const { line, character } = cell.file.getLineAndCharacterOfPosition(start);
      throw new CellSyntaxError(message, source, cellName, line + 1, character + 1);
    };
    const problem = cell.syntaxError;
    if (problem) fail(ts.flattenDiagnosticMessageText(problem.messageText, '\n'), problem.start);
    const misplaced = misplacedAwait(cell.file);
    if (misplaced) fail(misplaced.message, misplaced.start);
    return cell.emit({ before: [importEquals] });
  }
}
