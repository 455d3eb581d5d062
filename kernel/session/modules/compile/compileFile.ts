/** A script of the user's, TypeScript or JavaScript, as the text of a function that the session runs. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { lineStarts, placeOf, Rewrite, type Place, type Rewritten } from '../../compile/rewrite';
import { moduleFunction } from './moduleFunction';
import { shapeOf, type ModuleShape } from './moduleShape';
import type { Project } from '../resolve/projects';
import { rewriteDynamicImport } from './runtimeNames';
import { walk } from '../../compile/scopes';

export interface CompiledFile {
  /** The body of a function of `PARAMETERS`. */
  code: string;
  /** A place in the code as one in the source. */
  origin: Origin;
  /** Imports and exports of an ES module; CommonJS has none. */
  shape: ModuleShape | undefined;
}

export type Origin = (place: Place) => Place;

interface Script {
  tree: ts.SourceFile;
  origin: Origin;
}

const AS_IT_STANDS: Origin = (place) => place;

/**
 * @param file its extension decides about TypeScript and JSX
 * @throws SyntaxError naming file, line and column
 */
export function compileFile(file: string, source: string, { options }: Project): CompiledFile {
  const text = source.replace(/^#!/, '//');
  if (isPlainCommonJs(file, text)) return { code: text, origin: AS_IT_STANDS, shape: undefined };
  const tree = parsed(file, text);
  const isModule = isEsModule(file, tree);
  const given: Script = { tree, origin: AS_IT_STANDS };
  const plain = needsTypeScript(file, tree) ? withoutTypes(file, tree, options, isModule) : given;
  const shape = isModule ? shapeOf(plain.tree) : undefined;
  for (const imported of shape?.imports ?? []) imported.place = plain.origin(imported.place);
  const rewritten = shape ? moduleFunction(plain.tree, shape) : commonJs(plain.tree);
  return { code: rewritten.text, origin: (place) => plain.origin(rewritten.origin(place)), shape };
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

/** Whether a file holds what only TypeScript compiles: types, JSX, decorators, `using`. */
function needsTypeScript(file: string, tree: ts.SourceFile): boolean {
  if (!/\.[cm]?js$/.test(file)) return true;
  let found = false;
  walk(tree, (node) => {
    found ||=
      ts.isJsxElement(node) ||
      ts.isJsxSelfClosingElement(node) ||
      ts.isJsxFragment(node) ||
      ts.isDecorator(node) ||
      (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0 && !isConstant(node));
    return !found;
  });
  return found;
}

/** `await using` has the flags of `using` and of `const`. */
function isConstant({ flags }: ts.VariableDeclarationList): boolean {
  return (flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
}

function withoutTypes(file: string, tree: ts.SourceFile, options: ts.CompilerOptions, isModule: boolean): Script {
  const text = isModule ? withConstants(tree) : tree.text;
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      ...options,
      jsx: hasPragma(tree.text) ? ts.JsxEmit.React : options.jsx,
      target: ts.ScriptTarget.ES2022,
      // Keeps `import()` in CommonJS too.
      module: isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.Node16,
      moduleDetection: isModule ? ts.ModuleDetectionKind.Force : ts.ModuleDetectionKind.Auto,
      esModuleInterop: true,
      allowJs: true,
      sourceMap: true,
    },
  });
  const problem = diagnostics?.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (problem) throw refused(file, problem.file ?? tree, problem);
  const map = new TraceMap(sourceMapText ?? '');
  const code = outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '');
  const origin = ({ line, column }: Place): Place => {
    const found = originalPositionFor(map, { line, column: column - 1 });
    return { line: found.line ?? line, column: (found.column ?? column - 1) + 1 };
  };
  return { tree: parsed(file.replace(/\.([cm]?)[jt]sx?$/, '.$1js'), code), origin };
}

/** `import fs = require('fs')` → ` const fs = require('fs')`: TypeScript drops it from ES modules. */
function withConstants(tree: ts.SourceFile): string {
  let { text } = tree;
  for (const statement of tree.statements) {
    if (!ts.isImportEqualsDeclaration(statement) || statement.isTypeOnly) continue;
    if (!ts.isExternalModuleReference(statement.moduleReference)) continue;
    const start = tree.text.lastIndexOf('import', statement.name.pos);
    text = `${text.slice(0, start)} const${text.slice(start + 'import'.length)}`;
  }
  return text;
}

/** A file that names its own factory of JSX means the classic runtime, unless it says otherwise. */
function hasPragma(source: string): boolean {
  return /@jsx\s/.test(source) && !/@jsxRuntime\s+automatic/.test(source);
}

function commonJs(tree: ts.SourceFile): Rewritten {
  const rewrite = new Rewrite(tree.text);
  walk(tree, (node) => rewriteDynamicImport(rewrite, tree, node));
  return rewrite.finish('');
}

/** @throws SyntaxError for what does not parse */
function parsed(file: string, source: string): ts.SourceFile {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const [problem] = (tree as ts.SourceFile & { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics;
  if (problem) throw refused(file, tree, problem);
  return tree;
}

function refused(file: string, tree: ts.SourceFile, { messageText, start = 0 }: ts.Diagnostic): SyntaxError {
  const { line, column } = placeOf(lineStarts(tree.text), start);
  return new SyntaxError(`${ts.flattenDiagnosticMessageText(messageText, '\n')} (${file}:${line}:${column})`);
}
