/** TypeScript's language service over the cells of all notebooks whose folders have the same options. */
import ts from 'typescript';
import type { CellModule } from './cellModule';
import type { Notebook } from './notebook';
import { posix, type FolderOptions, type TypeFiles } from './options';

interface Version {
  version: string;
  snapshot: ts.IScriptSnapshot;
}

export class Project {
  readonly service: ts.LanguageService;
  private readonly notebooks = new Set<Notebook>();
  /** The cells behind virtual files. */
  private readonly modules = new Map<string, { notebook: Notebook; module: CellModule }>();
  private readonly snapshots = new Map<string, { text: string } & Version>();
  private version = 0;
  private resolvesAgain = false;

  private readonly options: ts.CompilerOptions;
  /** Whether what has no type is no error. */
  readonly allowsUntyped: boolean;

  constructor(
    { options, allowsUntyped = false }: FolderOptions,
    folder: string,
    private readonly types: TypeFiles,
    private readonly disk: Disk,
    registry: ts.DocumentRegistry,
  ) {
    this.options = options;
    this.allowsUntyped = allowsUntyped;
    this.service = ts.createLanguageService(this.host(posix(folder)), registry);
  }

  get isEmpty(): boolean {
    return this.notebooks.size === 0;
  }

  get program(): ts.Program {
    return this.service.getProgram()!;
  }

  /** What declares the library. */
  get libraryFile(): string {
    return this.types.latentlab;
  }

  /** Files whose exports nobody imports by name: the library behind its one door, and cells. */
  get hiddenFromImports(): string[] {
    const { folder, nodeModules } = this.types;
    const rooms = ['autoencoders', 'engine', 'files', 'library', 'views', 'session/show'];
    const files = ['protocol', 'session/checks', 'session/current', 'session/engineReport'];
    return [
      ...rooms.map((room) => `${folder}${room}/**/*`),
      ...files.map((file) => `${folder}${file}.d.ts`),
      `${nodeModules}/@tensorflow/*/dist/*/**/*`,
      ...this.modules.keys(),
    ];
  }

  /** Whether a file is a cell or the user's own. */
  mayEdit(file: string): boolean {
    return this.modules.has(file) || !this.disk.isStatic(file);
  }

  /** A notebook is new here, or its cells have changed. */
  take(notebook: Notebook): void {
    this.notebooks.add(notebook);
    this.look();
  }

  leave(notebook: Notebook): void {
    this.notebooks.delete(notebook);
    this.look();
  }

  /** Files on disk have changed, and what imports mean may have too. */
  lookAgain(): void {
    this.version++;
    this.resolvesAgain = true;
    this.service.getProgram();
    this.resolvesAgain = false;
  }

  /** The cell behind a virtual file. */
  cellOf(file: string): { notebook: Notebook; module: CellModule } | undefined {
    return this.modules.get(file);
  }

  private look(): void {
    this.modules.clear();
    for (const notebook of this.notebooks) {
      for (const module of notebook.cells) this.modules.set(module.file, { notebook, module });
    }
    for (const file of this.snapshots.keys()) if (!this.modules.has(file)) this.snapshots.delete(file);
    this.version++;
  }

  private cell(file: string): Version | undefined {
    const text = this.modules.get(file)?.module.text;
    if (text === undefined) return undefined;
    const known = this.snapshots.get(file);
    if (known?.text === text) return known;
    const snapshot = known ? following(known.snapshot, known.text, text) : ts.ScriptSnapshot.fromString(text);
    const version = { text, snapshot, version: String(this.version) };
    this.snapshots.set(file, version);
    return version;
  }

  private host(folder: string): ts.LanguageServiceHost {
    const { disk, types } = this;
    const isCell = (file: string) => this.modules.has(file);
    return {
      getCompilationSettings: () => this.options,
      getProjectVersion: () => String(this.version),
      // The library also where no cell imports it yet, so that its names can be offered.
      getScriptFileNames: () => [types.globals, types.latentlab, ...this.modules.keys()],
      getScriptVersion: (file) => this.cell(file)?.version ?? disk.version(file),
      getScriptSnapshot: (file) => this.cell(file)?.snapshot ?? disk.snapshot(file),
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: (options) => `${types.nodeModules}/typescript/lib/${ts.getDefaultLibFileName(options)}`,
      fileExists: (file) => isCell(file) || ts.sys.fileExists(file),
      readFile: (file) => this.modules.get(file)?.module.text ?? ts.sys.readFile(file),
      realpath: (file) => (isCell(file) ? file : ts.sys.realpath!(file)),
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      readDirectory: ts.sys.readDirectory,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      // Known to TypeScript, and not declared.
      ...{ hasInvalidatedResolutions: (file: string) => this.resolvesAgain && !disk.isStatic(file) },
    };
  }
}

/** Files on disk as they were when first read, until somebody says that they have changed. Shared by all projects. */
export class Disk {
  private readonly files = new Map<string, Version | undefined>();
  private changes = 0;

  constructor(private readonly types: TypeFiles) {}

  version(file: string): string {
    return this.read(file)?.version ?? '';
  }

  snapshot(file: string): ts.IScriptSnapshot | undefined {
    return this.read(file)?.snapshot;
  }

  /** Files of the product and of packages keep what they import. */
  isStatic(file: string): boolean {
    return file.startsWith(this.types.folder) || file.includes('/node_modules/');
  }

  changed(files: readonly string[]): void {
    this.changes++;
    for (const file of files) this.files.delete(posix(file));
  }

  private read(file: string): Version | undefined {
    if (!this.files.has(file)) {
      const text = ts.sys.readFile(file);
      const version = String(this.changes);
      this.files.set(file, text === undefined ? undefined : { version, snapshot: ts.ScriptSnapshot.fromString(text) });
    }
    return this.files.get(file);
  }
}

/** A snapshot that knows what has changed, so that TypeScript parses that part alone. */
function following(before: ts.IScriptSnapshot, old: string, text: string): ts.IScriptSnapshot {
  const snapshot = ts.ScriptSnapshot.fromString(text);
  const shorter = Math.min(old.length, text.length);
  let start = 0;
  while (start < shorter && old[start] === text[start]) start++;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  const change = ts.createTextChangeRange(
    ts.createTextSpan(start, old.length - start - end),
    text.length - start - end,
  );
  return { ...bound(snapshot), getChangeRange: (other) => (other === before ? change : undefined) };
}

function bound(snapshot: ts.IScriptSnapshot): ts.IScriptSnapshot {
  return {
    getText: (start, end) => snapshot.getText(start, end),
    getLength: () => snapshot.getLength(),
    getChangeRange: () => undefined,
  };
}
