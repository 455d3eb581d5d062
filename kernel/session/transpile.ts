/** One source text through TypeScript's program: its tree, its scopes, its syntax errors, and what it compiles to. */
import { decodedMappings, traceSegment, TraceMap, type SourceMapSegment } from '@jridgewell/trace-mapping';
import ts from 'typescript';

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  verbatimModuleSyntax: true,
  isolatedModules: true,
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

export class Transpilation {
  readonly file: ts.SourceFile;
  private readonly program: ts.Program;
  private readonly outputs: string[] = [];

  /** A cell's source. JSX is allowed where it is no type assertion or type parameter of TypeScript. */
  static ofCell(source: string, language: 'typescript' | 'javascript', more: ts.CompilerOptions): Transpilation {
    if (language === 'javascript') return new Transpilation(source, 'js', more);
    const cell = new Transpilation(source, 'ts', more);
    if (!cell.syntaxError || !source.includes('<')) return cell;
    const withJsx = new Transpilation(source, 'tsx', more);
    return withJsx.syntaxError ? cell : withJsx;
  }

  /**
   * @param extension decides whether type annotations and JSX are allowed
   * @param more options beside those that every source is compiled with
   */
  constructor(source: string, extension: 'ts' | 'tsx' | 'js', more: ts.CompilerOptions = {}) {
    const name = `cell.${extension}`;
    const parsing: ts.CreateSourceFileOptions = {
      languageVersion: ts.ScriptTarget.ES2022,
      // What `moduleDetection: force` does with a program's own host: every cell is a module, so `await` is a keyword.
      setExternalModuleIndicator: (file) => Object.assign(file, { externalModuleIndicator: true }),
    };
    this.file = ts.createSourceFile(name, source, parsing, true);
    this.program = ts.createProgram(
      [name],
      { ...options, ...more },
      {
        getSourceFile: (wanted) => (wanted === name ? this.file : undefined),
        writeFile: (_path, text) => this.outputs.push(text),
        getDefaultLibFileName: () => 'lib.d.ts',
        getCurrentDirectory: () => '',
        getCanonicalFileName: (path) => path,
        useCaseSensitiveFileNames: () => true,
        getNewLine: () => '\n',
        fileExists: (wanted) => wanted === name,
        readFile: () => undefined,
      },
    );
  }

  /** The first error of the syntax, if there is one. */
  get syntaxError(): ts.Diagnostic | undefined {
    return this.program.getSyntacticDiagnostics(this.file)[0];
  }

  /** Knows which declaration a name refers to; types are not checked. */
  get checker(): ts.TypeChecker {
    return this.program.getTypeChecker();
  }

  emit(transformers: ts.CustomTransformers): Transpiled {
    this.outputs.length = 0;
    this.program.emit(this.file, undefined, undefined, false, transformers);
    const map = this.outputs.find((text) => text.startsWith('{"version"')) ?? '';
    const code = this.outputs.find((text) => text !== map) ?? '';
    return { code: code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, ''), map: new TraceMap(map) };
  }
}

/** The map of two compilations, one after the other. */
export function composed(first: TraceMap, second: TraceMap): TraceMap {
  const mappings = decodedMappings(second).map((line) =>
    line.flatMap((segment): SourceMapSegment[] => {
      if (segment.length === 1) return [];
      const origin = traceSegment(first, segment[2], segment[3]);
      return origin && origin.length > 1 ? [[segment[0], 0, origin[2]!, origin[3]!]] : [];
    }),
  );
  return new TraceMap({ version: 3, names: [], sources: first.sources, mappings });
}
