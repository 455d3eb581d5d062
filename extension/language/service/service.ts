/** The types of all open notebooks: what a worker answers from, and what checks notebooks without an editor. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { Cell, CellName, Place, Problem, Questions, Span } from '../protocol';
import { completionDetail, completions } from './completions';
import { fixes, organizeImports } from './fixes';
import type { Formulas } from './formulas';
import { hints, hover, signatureHelp } from './information';
import {
  definitions,
  implementations,
  references,
  rename,
  renameRange,
  symbols,
  typeDefinitions,
  workspaceSymbols,
} from './navigation';
import { Notebook } from './notebook';
import { optionsOf, posix, typeFilesOf, type TypeFiles } from './options';
import type { At } from './positions';
import { problems } from './problems';
import { Disk, Project } from './project';
import { Sources } from './sources';

interface Known {
  notebook: Notebook;
  project: Project;
  folder: string;
}

export class NotebookTypes implements Questions {
  private readonly notebooks = new Map<string, Known>();
  private readonly projects = new Map<string, Project>();
  private readonly types: TypeFiles;
  private readonly disk: Disk;
  private readonly registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames);
  private readonly sources = new Sources();
  private opened = 0;

  /**
   * @param product the product's own folder
   * @param warn hears of what cannot be used as it is: a tsconfig
   */
  constructor(
    product: string,
    private readonly formulas: Formulas,
    private readonly warn: (message: string) => void = () => undefined,
  ) {
    this.types = typeFilesOf(realpathSync(product));
    this.disk = new Disk(this.types);
  }

  /** @param folder where relative imports start (absolute) */
  open(uri: string, folder: string, cells: readonly Cell[]): void {
    const prefix = `${posix(folder).replace(/\/$/, '')}/.latentlab-${++this.opened}-`;
    const notebook = new Notebook(uri, prefix, cells);
    const project = this.projectOf(folder);
    // Before the one that it replaces is closed: a project without notebooks forgets what it knows.
    project.take(notebook);
    this.close(uri);
    this.notebooks.set(uri, { notebook, project, folder });
  }

  setCells(uri: string, cells: readonly Cell[]): void {
    const known = this.notebooks.get(uri);
    known?.notebook.setCells(cells);
    if (known) known.project.take(known.notebook);
  }

  edit(uri: string, id: string, language: Cell['language'], text: string): void {
    const known = this.notebooks.get(uri);
    known?.notebook.edit(id, language, text);
    if (known) known.project.take(known.notebook);
  }

  close(uri: string): void {
    const known = this.notebooks.get(uri);
    if (!known) return;
    known.project.leave(known.notebook);
    this.notebooks.delete(uri);
    if (known.project.isEmpty) this.drop(known.project);
  }

  /** Files on disk were changed, made or deleted. */
  filesChanged(files: readonly string[]): void {
    this.disk.changed(files);
    if (files.some((file) => /[jt]sconfig[^/\\]*\.json$/.test(file))) this.readOptionsAgain();
    for (const project of this.projects.values()) project.lookAgain();
  }

  /** The notebooks' cells in their order. */
  cells(uri: string): string[] {
    return this.notebooks.get(uri)?.notebook.cells.map(({ cell }) => cell.id) ?? [];
  }

  completions(place: Place) {
    return this.at(place, completions);
  }

  completionDetail(place: Place, item: Parameters<Questions['completionDetail']>[1]) {
    return this.at(place, (at) => completionDetail(at, item, this.formulas));
  }

  hover(place: Place) {
    return this.at(place, (at) => hover(at, this.formulas));
  }

  signatureHelp(place: Place) {
    return this.at(place, (at) => signatureHelp(at, this.formulas));
  }

  definitions(place: Place) {
    return this.at(place, (at) => definitions(at, this.sources)) ?? [];
  }

  typeDefinitions(place: Place) {
    return this.at(place, (at) => typeDefinitions(at, this.sources)) ?? [];
  }

  implementations(place: Place) {
    return this.at(place, (at) => implementations(at, this.sources)) ?? [];
  }

  references(place: Place) {
    return this.at(place, (at) => references(at, this.sources)) ?? [];
  }

  renameRange(place: Place) {
    return this.at(place, renameRange) ?? { refusal: 'The cell is not known.' };
  }

  rename(place: Place, name: string) {
    return this.at(place, (at) => rename(at, name, this.sources)) ?? [];
  }

  symbols(cell: CellName) {
    return this.inCell(cell, symbols) ?? [];
  }

  workspaceSymbols(query: string) {
    return [...this.projects.values()].flatMap((project) => workspaceSymbols(project, query, this.sources));
  }

  fixes(cell: CellName, range: Span, codes: number[]) {
    return this.inCell(cell, (at) => fixes(at, range, codes, this.sources)) ?? [];
  }

  organizeImports(cell: CellName) {
    return this.inCell(cell, (at) => organizeImports(at, this.sources)) ?? [];
  }

  hints(cell: CellName, range: Span) {
    return this.inCell(cell, (at) => hints(at, range)) ?? [];
  }

  problems(cell: CellName): Problem[] {
    return this.inCell(cell, (at) => problems(at, this.sources)) ?? [];
  }

  private at<T>(place: Place, answer: (at: At) => T): T | undefined {
    return this.inCell(place, (at) => answer({ ...at, position: place.offset + at.module.shift }));
  }

  /** Undefined for cells that are gone meanwhile. */
  private inCell<T>({ notebook: uri, cell }: CellName, answer: (at: Omit<At, 'position'>) => T): T | undefined {
    const known = this.notebooks.get(uri);
    const module = known?.notebook.module(cell);
    return known && module && answer({ project: known.project, notebook: known.notebook, module });
  }

  private projectOf(folder: string): Project {
    const { warning, ...options } = optionsOf(folder, this.types);
    if (warning !== undefined) this.warn(warning);
    const key = JSON.stringify([options, posix(path.resolve(folder))]);
    const known = this.projects.get(key);
    if (known) return known;
    const project = new Project(options, folder, this.types, this.disk, this.registry);
    this.projects.set(key, project);
    return project;
  }

  private readOptionsAgain(): void {
    for (const [uri, { notebook, folder }] of [...this.notebooks]) {
      const cells = notebook.cells.map(({ cell }) => cell);
      this.open(uri, folder, cells);
    }
  }

  private drop(project: Project): void {
    for (const [key, one] of this.projects) if (one === project) this.projects.delete(key);
    project.service.dispose();
  }
}
