/** What the `tsconfig.json` beside or above a file says of how the file compiles and what its imports mean. */
import path from 'node:path';
import ts from 'typescript';
import { contentOf, isUnchanged, type FileState } from '../compile/fileState';

export interface Project {
  /** Options of the compiler that change what runs: JSX, decorators, class fields. */
  readonly options: ts.CompilerOptions;
  /** For TypeScript's own look-up of declarations. */
  readonly lookup: ts.CompilerOptions;
  readonly paths: readonly PathMapping[];
  /** Where names without a leading dot are looked for first (absolute). */
  readonly baseUrl: string | undefined;
  /** Conditions of packages' `exports` beside Node's own. */
  readonly conditions: readonly string[];
}

/** `"@lib/*": ["src/lib/*"]`, with absolute targets. */
interface PathMapping {
  prefix: string;
  /** Undefined without a star: the name is meant as it stands. */
  suffix: string | undefined;
  targets: string[];
}

interface ParsedProject extends Project {
  /** The configuration and all that it extends. */
  files: FileState[];
}

/** JSX without a word about it in a tsconfig becomes calls of React's automatic runtime. */
const DEFAULT_JSX = ts.JsxEmit.ReactJSX;

const NO_PROJECT: Project = {
  options: { jsx: DEFAULT_JSX },
  lookup: {},
  paths: [],
  baseUrl: undefined,
  conditions: [],
};

/** Errors that say nothing of the options: no input files, an option of another TypeScript. */
const HARMLESS = new Set([18002, 18003, 5023]);

/** Found once for each folder, until {@link Projects.lookAgain}. */
export class Projects {
  private readonly byFolder = new Map<string, Project>();
  private readonly parsed = new Map<string, ParsedProject>();

  /** The files on disk may have changed; what has not is the same object as before. */
  lookAgain(): void {
    this.byFolder.clear();
  }

  /**
   * @param folder absolute
   * @throws Error naming the tsconfig that cannot be read, with line and column
   */
  of(folder: string): Project {
    const known = this.byFolder.get(folder);
    if (known) return known;
    const file = ts.findConfigFile(folder, ts.sys.fileExists);
    const project = file === undefined ? NO_PROJECT : this.read(file);
    this.byFolder.set(folder, project);
    return project;
  }

  private read(file: string): Project {
    const known = this.parsed.get(file);
    if (known?.files.every(isUnchanged)) return known;
    this.parsed.delete(file);
    const files: FileState[] = [];
    const read = (name: string): string | undefined => {
      const { text, state } = contentOf(name);
      files.push(state);
      return text;
    };
    const config = parse(file, read);
    const project = { ...projectOf(config, file), files };
    this.parsed.set(file, project);
    return project;
  }
}

/** The files that an import may mean by the project's `paths` and `baseUrl`, best first. */
export function mappedPaths({ paths, baseUrl }: Project, specifier: string): string[] {
  const matching = paths.filter(
    ({ prefix, suffix }) =>
      (suffix === undefined && specifier === prefix) ||
      (suffix !== undefined &&
        specifier.length >= prefix.length + suffix.length &&
        specifier.startsWith(prefix) &&
        specifier.endsWith(suffix)),
  );
  // A name that is spelled out wins over every pattern, and the longest pattern over the others.
  const best = matching.sort((a, b) => rank(b) - rank(a))[0];
  const star =
    best?.suffix === undefined ? '' : specifier.slice(best.prefix.length, specifier.length - best.suffix.length);
  const mapped = (best?.targets ?? []).map((target) => target.replace('*', () => star));
  return baseUrl === undefined ? mapped : [...mapped, path.resolve(baseUrl, specifier)];
}

function rank({ prefix, suffix }: PathMapping): number {
  return suffix === undefined ? Infinity : prefix.length;
}

function parse(file: string, readFile: (name: string) => string | undefined): ts.ParsedCommandLine {
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    fileExists: ts.sys.fileExists,
    readFile,
    // Which files belong to the project says nothing of its options, and looking for them may take long.
    readDirectory: () => [],
  };
  const source = ts.readJsonConfigFile(file, readFile);
  const config = ts.parseJsonSourceFileConfigFileContent(source, host, path.dirname(file), undefined, file);
  const problem = ts.getConfigFileParsingDiagnostics(config).find(({ code }) => !HARMLESS.has(code));
  if (problem) throw new Error(described(problem, file));
  // A “solution” holds nothing but references to the projects proper.
  const [first] = config.projectReferences ?? [];
  const raw = config.raw as { files?: unknown[]; include?: unknown } | undefined;
  const solution = first && raw?.files?.length === 0 && raw.include === undefined;
  return solution ? parse(ts.resolveProjectReferencePath(first), readFile) : config;
}

function described(problem: ts.Diagnostic, file: string): string {
  const text = ts.flattenDiagnosticMessageText(problem.messageText, '\n');
  if (!problem.file || problem.start === undefined) return `${file} cannot be used: ${text}`;
  const { line, character } = problem.file.getLineAndCharacterOfPosition(problem.start);
  return `${problem.file.fileName}:${line + 1}:${character + 1} cannot be used: ${text}`;
}

function projectOf({ options }: ts.ParsedCommandLine, file: string): Project {
  const { jsxFactory, jsxFragmentFactory, jsxImportSource, experimentalDecorators, emitDecoratorMetadata } = options;
  const { baseUrl, paths = {}, customConditions = [] } = options;
  // TypeScript keeps the folder of the tsconfig that has the `paths`, which may be one that is extended.
  const base = baseUrl ?? (options as { pathsBasePath?: string }).pathsBasePath ?? '';
  return {
    options: {
      jsx: jsxOf(options),
      jsxFactory,
      jsxFragmentFactory,
      jsxImportSource,
      experimentalDecorators,
      emitDecoratorMetadata,
      useDefineForClassFields: definesFields(options),
    },
    lookup: { baseUrl, paths: options.paths, pathsBasePath: base, customConditions: options.customConditions },
    paths: Object.entries(paths).map(([pattern, targets]) => mapping(pattern, targets, base, file)),
    baseUrl,
    conditions: customConditions,
  };
}

/** What would leave JSX in the code cannot run. */
function jsxOf({ jsx = DEFAULT_JSX, jsxFactory }: ts.CompilerOptions): ts.JsxEmit {
  const runs = jsx === ts.JsxEmit.React || jsx === ts.JsxEmit.ReactJSX || jsx === ts.JsxEmit.ReactJSXDev;
  if (runs) return jsx;
  return jsxFactory === undefined ? ts.JsxEmit.ReactJSX : ts.JsxEmit.React;
}

/** Code is emitted for Node, whatever the `target`; what a class field means follows from it all the same. */
function definesFields({ useDefineForClassFields, target }: ts.CompilerOptions): boolean {
  return useDefineForClassFields ?? (target === undefined || target >= ts.ScriptTarget.ES2022);
}

function mapping(pattern: string, targets: unknown, base: string, file: string): PathMapping {
  if (!Array.isArray(targets) || !targets.every((target) => typeof target === 'string')) {
    throw new Error(`${file} cannot be used: the value of "${pattern}" in "paths" is no list of paths.`);
  }
  const star = pattern.indexOf('*');
  return {
    prefix: star < 0 ? pattern : pattern.slice(0, star),
    suffix: star < 0 ? undefined : pattern.slice(star + 1),
    targets: targets.map((target) => path.resolve(base, target)),
  };
}
