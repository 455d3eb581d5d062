/** A script of the user's, TypeScript or JavaScript, as the text of a function that the session runs. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { composed, Transpilation } from '../transpile';
import { moduleFunction, shapeOf, type ModuleShape } from './moduleFunction';
import type { Project } from './projects';
import { dynamicImports } from './runtimeNames';

export interface CompiledFile {
  /** The body of a function of {@link PARAMETERS}. */
  code: string;
  /** Undefined where the code is the source as it stands. */
  map: TraceMap | undefined;
  /** Of an ES module; CommonJS has none. */
  shape: ModuleShape | undefined;
}

/** What a compiled file calls the things that it is given. */
export { PARAMETERS } from './runtimeNames';

/**
 * @param file its extension decides about TypeScript and JSX
 * @throws SyntaxError naming file, line and column
 */
export function compileFile(file: string, source: string, { options }: Project): CompiledFile {
  if (isPlainCommonJs(file, source)) return { code: source.replace(/^#!/, '//'), map: undefined, shape: undefined };
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const isModule = isEsModule(file, tree);
  const given: Script = { file, source, map: undefined };
  const plain = needsTypeScript(file, tree, isModule) ? withoutTypes(given, tree, options, isModule) : given;
  if (!isModule) return { code: plain.source.replace(/^#!/, '//'), map: plain.map, shape: undefined };
  const script = new Transpilation(plain.source, 'js');
  const problem = script.syntaxError;
  if (problem) throw refused(file, script.file, problem);
  const shape = shapeOf(script.file, (position) => sourcePlace(script.file, position, plain.map));
  const output = script.emit({ after: [moduleFunction(shape, script)] });
  return { code: output.code, map: plain.map ? composed(plain.map, output.map) : output.map, shape };
}

interface Script {
  file: string;
  source: string;
  map: TraceMap | undefined;
}

/** CommonJS that runs as it stands: a parser's time is spared, which is long for a bundle. */
function isPlainCommonJs(file: string, source: string): boolean {
  return /\.c?js$/.test(file) && !/\b(import|export|await|using)\b|<[A-Za-z>]|@[A-Za-z]/.test(source);
}

/** By its extension, else by its own syntax, whatever package it lies in. */
function isEsModule(file: string, tree: ts.SourceFile): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  if (tree.statements.some((statement) => ts.isExportAssignment(statement) && statement.isExportEquals)) return false;
  if (ts.isExternalModule(tree)) return true;
  return !/\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w/.test(tree.text);
}

/** Whether a file holds what only TypeScript compiles: types, JSX, decorators, `using`, and `import()` in CommonJS. */
function needsTypeScript(file: string, tree: ts.SourceFile, isModule: boolean): boolean {
  if (!/\.[cm]?js$/.test(file) || !isModule) return true;
  const special = (node: ts.Node): boolean =>
    ts.isJsxElement(node) ||
    ts.isJsxSelfClosingElement(node) ||
    ts.isJsxFragment(node) ||
    ts.isDecorator(node) ||
    (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0) ||
    ts.forEachChild(node, special) === true;
  return special(tree);
}

function withoutTypes(script: Script, tree: ts.SourceFile, options: ts.CompilerOptions, isModule: boolean): Script {
  const { file, source } = script;
  const output = ts.transpileModule(source, {
    fileName: file,
    reportDiagnostics: true,
    // In an ES module they are rewritten with the rest.
    transformers: { before: isModule ? [] : [dynamicImports] },
    compilerOptions: {
      ...options,
      jsx: /@jsx\s/.test(source) && !/@jsxRuntime\s+automatic/.test(source) ? ts.JsxEmit.React : options.jsx,
      target: ts.ScriptTarget.ES2022,
      module: isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
      moduleDetection: isModule ? ts.ModuleDetectionKind.Force : ts.ModuleDetectionKind.Auto,
      esModuleInterop: true,
      allowJs: true,
      sourceMap: true,
    },
  });
  const problem = output.diagnostics?.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (problem) throw refused(file, problem.file ?? tree, problem);
  const code = output.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '');
  return { file, source: code, map: new TraceMap(output.sourceMapText ?? '') };
}

function sourcePlace(tree: ts.SourceFile, position: number, map: TraceMap | undefined): string {
  const { line, character } = tree.getLineAndCharacterOfPosition(position);
  const found = map && originalPositionFor(map, { line: line + 1, column: character });
  return `${found?.line ?? line + 1}:${(found?.column ?? character) + 1}`;
}

function refused(file: string, tree: ts.SourceFile, { messageText, start = 0 }: ts.Diagnostic): SyntaxError {
  const { line, character } = tree.getLineAndCharacterOfPosition(start);
  return new SyntaxError(
    `${ts.flattenDiagnosticMessageText(messageText, '\n')} (${file}:${line + 1}:${character + 1})`,
  );
}
