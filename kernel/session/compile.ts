/**
 * Compiles one cell: TypeScript in, a script for V8's REPL mode out, bindings alive between cells.
 *
 * REPL mode allows `let` to be declared again by a later script, but refuses const→let, var→let and let→function.
 * So every top-level binding becomes a `let`: imports, functions (hoisted to the cell's top, as the language hoists
 * them), classes, enums and `var`s inside blocks too. All of it happens on the syntax tree after TypeScript's own
 * transformation, and the source map leads every position back to the cell.
 */
import { TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { normalizeBindings } from './bindings';
import { CellSyntaxError } from './errors';

export type CellLanguage = 'typescript' | 'javascript';

export interface CompiledCell {
  /** The script; it calls {@link RUNTIME_NAME} for imports, for its result and after each await. */
  code: string;
  /** Positions in `code` → positions in the cell. */
  map: TraceMap;
}

/** The global through which compiled cells reach their session. */
export const RUNTIME_NAME = '__latentlab__';

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  sourceMap: true,
  removeComments: false,
};

/**
 * @param cellName what error locations call the cell
 * @param interrupts how many interrupts the session has seen so far
 * @throws CellSyntaxError with line and column when the cell does not parse
 */
export function compileCell(
  source: string,
  cellName: string,
  language: CellLanguage = 'typescript',
  interrupts = 0,
): CompiledCell {
  const output = ts.transpileModule(source, {
    fileName: language === 'javascript' ? 'cell.js' : 'cell.ts',
    reportDiagnostics: true,
    compilerOptions: { ...options, allowJs: true },
    transformers: { after: [normalizeBindings(RUNTIME_NAME, interrupts)] },
  });
  const problem = output.diagnostics?.find((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error);
  if (problem) {
    throw syntaxErrorOf(problem, source, cellName);
  }
  return {
    code: output.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, ''),
    map: new TraceMap(output.sourceMapText ?? '{"version":3,"sources":[],"names":[],"mappings":""}'),
  };
}

function syntaxErrorOf(problem: ts.Diagnostic, source: string, cellName: string): CellSyntaxError {
  const message = ts.flattenDiagnosticMessageText(problem.messageText, '\n');
  const before = source.slice(0, problem.start ?? 0);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return new CellSyntaxError(message, source, cellName, line, column);
}
