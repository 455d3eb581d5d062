/** A file that the session loaded: what it was compiled to, what it imports, and how far it has come. */
import nodeModule from 'node:module';
import path from 'node:path';
import { compileFunction, constants } from 'node:vm';
import { compileFile, type CompiledFile, type Origin } from './compile/compileFile';
import { namesInCode } from './compile/moduleFunction';
import { contentOf, isUnchanged, type FileState } from './compile/fileState';
import type { ImportedModule, ModuleShape } from './compile/moduleShape';
import { addCommonJs, addExport, emptyNamespace, type Namespace } from './namespaces';
import type { Project } from './resolve/projects';
import type { Resolution } from './resolve/resolver';
import { PARAMETERS } from './compile/runtimeNames';
import { placeIn, rememberScript } from './compile/sourceMaps';

/** An import of an ES module. */
export interface Link extends ImportedModule {
  resolution: Resolution;
  /** The module, where the session loads the file itself. */
  module: OwnModule | undefined;
}

/** What a running file asks of the session. */
export interface Surroundings {
  require: NodeJS.Require;
  meta: object;
  import(specifier: unknown): Promise<Namespace>;
}

/** Modules that import each other, and run as one. */
export interface Component {
  modules: OwnModule[];
  state: 'waiting' | 'running' | 'done';
  settled?: Promise<void>;
}

type Body = Generator<void, void> | AsyncGenerator<void, void>;
type Run = (...values: unknown[]) => unknown;

export class OwnModule {
  readonly namespace: Namespace = emptyNamespace();
  readonly links: Link[] = [];
  /** Namespaces by the index of their import. */
  readonly imports: Namespace[] = [];
  /** Every file that this one asked for in whatever way: when one of them changes, so does this. */
  readonly uses = new Set<OwnModule>();
  component: Component | undefined;
  /** CommonJS as Node knows it. */
  readonly commonJs: NodeJS.Module | undefined;
  readonly shape: ModuleShape | undefined;
  private readonly state: FileState;
  private readonly source: string;
  private readonly code: string | undefined;
  private readonly origin: Origin | undefined;
  private body: Body | undefined;

  /**
   * @param file absolute, without symbolic links
   * @param project what compiles it
   * @throws SyntaxError naming file, line and column
   */
  constructor(
    readonly file: string,
    readonly key: string,
    readonly project: Project,
  ) {
    const { text, state } = contentOf(file);
    this.state = state;
    this.source = text ?? '';
    if (file.endsWith('.json')) {
      this.commonJs = undefined;
      this.addJson(text ?? '');
      return;
    }
    const { code, origin, shape } = compiledOnce(file, text ?? '', project);
    this.code = code;
    this.origin = origin;
    this.shape = shape;
    this.commonJs = shape ? undefined : nodeModuleOf(file);
  }

  get isJson(): boolean {
    return this.code === undefined;
  }

  /** Whether the file, or what its tsconfig says of it, is another by now. */
  isStale(project: Project): boolean {
    return project !== this.project || !isUnchanged(this.state);
  }

  /** What `require` of it gives. */
  get exports(): unknown {
    if (this.commonJs) return this.commonJs.exports;
    return this.isJson ? this.namespace.default : this.namespace;
  }

  /** Gives an ES module its exports, functions already usable. */
  instantiate(surroundings: Surroundings): void {
    const { imports } = this;
    const runtime = {
      imports,
      meta: surroundings.meta,
      import: surroundings.import,
      export: (getters: Record<string, () => unknown>) => {
        for (const name of Object.keys(getters).sort()) addExport(this.namespace, name, getters[name]!);
      },
    };
    const make = this.compiled();
    const { file } = this;
    const body = make(undefined, surroundings.require, undefined, file, path.dirname(file), runtime) as () => Body;
    this.body = body.call(undefined);
    void this.body.next();
  }

  /** Runs an ES module's statements; a promise where it awaits. */
  run(): Promise<unknown> | undefined {
    const ended = this.body!.next();
    return ended instanceof Promise ? ended : undefined;
  }

  runCommonJs(surroundings: Surroundings): void {
    const module = this.commonJs!;
    const runtime = { imports: [], meta: surroundings.meta, import: surroundings.import };
    const run = this.compiled();
    const values = [module.exports, surroundings.require, module, this.file, path.dirname(this.file), runtime];
    run.call(module.exports, ...values);
    module.loaded = true;
    addCommonJs(this.namespace, module.exports);
  }

  private compiled(): Run {
    const { file, source, shape } = this;
    rememberScript({ file, source, code: this.code!, origin: this.origin!, aliases: shape ? namesInCode(shape) : {} });
    const options = { filename: this.file, importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER };
    try {
      return compileFunction(this.code!, [...PARAMETERS], options as object) as Run;
    } catch (error) {
      throw error instanceof SyntaxError ? this.refused(error) : error;
    }
  }

  /** V8 knows errors that the parser lets pass; it names the line in the compiled code. */
  private refused(error: SyntaxError): SyntaxError {
    const line = Number(/^.*:(\d+)\n/.exec(error.stack ?? '')?.[1] ?? 1);
    const column = (/^.*\n.*\n( *)\^/.exec(error.stack ?? '')?.[1] ?? '').length;
    return new SyntaxError(`${error.message} (${placeIn(this.file, { line, column: column + 1 })})`);
  }

  private addJson(text: string): void {
    try {
      addCommonJs(this.namespace, JSON.parse(text));
    } catch (error) {
      throw new SyntaxError(`${this.file} is no JSON: ${(error as Error).message}`);
    }
  }
}

/** A file that is loaded anew because another one changed is compiled as before. */
function compiledOnce(file: string, text: string, project: Project): CompiledFile {
  const known = compiled.get(file);
  if (known?.text === text && known.project === project) return known.result;
  const result = compileFile(file, text, project);
  compiled.set(file, { text, project, result });
  return result;
}

const compiled = new Map<string, { text: string; project: Project; result: CompiledFile }>();

function nodeModuleOf(file: string): NodeJS.Module {
  const module = new nodeModule(file);
  const paths = (nodeModule as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(
    path.dirname(file),
  );
  return Object.assign(module, { filename: file, paths });
}
