/** One source text through TypeScript: its tree, its syntax errors, and what it compiles to. */
import { TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  // Its own checks of types say nothing here, and take as long as all the rest.
  noCheck: true,
  sourceMap: true,
  removeComments: false,
  allowJs: true,
  allowNonTsExtensions: true,
  suppressOutputPathCheck: true,
  noLib: true,
  noResolve: true,
  types: [],
};

export interface Transpiled {
  code: string;
  map: TraceMap;
}

/** Decides whether type annotations and JSX are allowed; JavaScript may always have JSX. */
export type Extension = 'ts' | 'tsx' | 'js';

export function parse(source: string, extension: Extension): ts.SourceFile {
  const parsing: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.ES2022,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    // What `moduleDetection: force` does with a program's own host: every cell is a module, so `await` is a keyword.
    setExternalModuleIndicator: (file) => Object.assign(file, { externalModuleIndicator: true }),
  };
  return ts.createSourceFile(`cell.${extension}`, source, parsing, true);
}

/** What the parser found; the syntax of types is no error here, even in JavaScript. */
export function parseError(file: ts.SourceFile): ts.Diagnostic | undefined {
  return (file as ts.SourceFile & { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics[0];
}

export class Transpilation {
  private readonly program: ts.Program;
  private readonly outputs: string[] = [];

  /** @param more options beside those that every source is compiled with */
  constructor(
    private readonly file: ts.SourceFile,
    more: ts.CompilerOptions = {},
  ) {
    const name = file.fileName;
    const host: ts.CompilerHost = {
      getSourceFile: (wanted) => (wanted === name ? this.file : undefined),
      writeFile: (_path, text) => this.outputs.push(text),
      getDefaultLibFileName: () => 'lib.d.ts',
      getCurrentDirectory: () => '',
      getCanonicalFileName: (path) => path,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      fileExists: (wanted) => wanted === name,
      readFile: () => undefined,
    };
    this.program = ts.createProgram([name], { ...options, ...more }, host);
  }

  /** The first error of the syntax, if there is one; in JavaScript, types are one. */
  get syntaxError(): ts.Diagnostic | undefined {
    return this.program.getSyntacticDiagnostics(this.file)[0];
  }

  emit(transformers: ts.CustomTransformers): Transpiled {
    this.outputs.length = 0;
    this.program.emit(this.file, undefined, undefined, false, transformers);
    const map = this.outputs.find((text) => text.startsWith('{"version"')) ?? '';
    const code = this.outputs.find((text) => text !== map) ?? '';
    return { code: code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, ''), map: new TraceMap(map) };
  }
}
