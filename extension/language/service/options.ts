/** TypeScript's options for the cells of a folder: its `tsconfig.json`, and what a kernel's cells have in common. */
import path from 'node:path';
import ts from 'typescript';

/** Where the product keeps its types. */
export interface TypeFiles {
  /** Ends in a slash. */
  folder: string;
  /** What `import … from 'latentlab'` gives. */
  latentlab: string;
  globals: string;
  nodeModules: string;
}

export function typeFilesOf(product: string): TypeFiles {
  const folder = `${posix(product)}/dist/types/`;
  return {
    folder,
    latentlab: `${folder}session/latentlab.d.ts`,
    globals: `${folder}session/cellGlobals.d.ts`,
    nodeModules: path.posix.join(posix(product), 'node_modules'),
  };
}

/** TypeScript's own way of writing paths. */
export function posix(file: string): string {
  return file.replaceAll('\\', '/');
}

export interface FolderOptions {
  options: ts.CompilerOptions;
  /** Whether no tsconfig asks for it: parameters and packages without a type are no errors, as in a notebook of Python. */
  allowsUntyped?: boolean;
  /** Why the folder's tsconfig was not used. */
  warning?: string;
}

/** @param folder absolute */
export function optionsOf(folder: string, types: TypeFiles): FolderOptions {
  const config = ts.findConfigFile(folder, ts.sys.fileExists);
  if (config === undefined) return { options: withOurs({ strict: true }, folder, types), allowsUntyped: true };
  const host: ts.ParseConfigHost = { ...ts.sys, readDirectory: () => [] };
  const source = ts.readJsonConfigFile(config, ts.sys.readFile);
  const parsed = ts.parseJsonSourceFileConfigFileContent(source, host, path.dirname(config), undefined, config);
  const problem = ts.getConfigFileParsingDiagnostics(parsed).find(({ code }) => !HARMLESS.has(code));
  const options = withOurs(parsed.options, folder, types);
  if (!problem) return { options };
  return { options, warning: `${config}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}` };
}

/** No input files; an option of another TypeScript. */
const HARMLESS = new Set([18002, 18003, 5023]);

function withOurs(theirs: ts.CompilerOptions, folder: string, types: TypeFiles): ts.CompilerOptions {
  const typeRoots = [...(theirs.typeRoots ?? ownTypeRoots(folder)), `${types.nodeModules}/@types`];
  return {
    // What a kernel runs has no window and no document, unless the folder says so.
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    ...theirs,
    paths: {
      ...theirs.paths,
      latentlab: [types.latentlab],
      '@tensorflow/*': [`${types.nodeModules}/@tensorflow/*`],
    },
    typeRoots,
    // As the kernel compiles and resolves.
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    jsx: theirs.jsx ?? ts.JsxEmit.ReactJSX,
    esModuleInterop: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    allowJs: true,
    skipLibCheck: true,
    noEmit: true,
    // About how files are emitted, one by one.
    isolatedModules: false,
    verbatimModuleSyntax: false,
    isolatedDeclarations: false,
    erasableSyntaxOnly: false,
    composite: false,
    incremental: false,
    declaration: false,
    // What is not used is faded, which the notebook as a whole decides.
    noUnusedLocals: false,
    noUnusedParameters: false,
    configFilePath: undefined,
  };
}

/** The `node_modules/@types` of a folder and those above it. */
function ownTypeRoots(folder: string): string[] {
  const roots: string[] = [];
  for (let here = folder; ; here = path.dirname(here)) {
    const root = path.join(here, 'node_modules', '@types');
    if (ts.sys.directoryExists(root)) roots.push(posix(root));
    if (path.dirname(here) === here) return roots;
  }
}
