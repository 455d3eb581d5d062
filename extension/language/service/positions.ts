/** Between offsets, lines and the places of cells and files. */
import type ts from 'typescript';
import type { Range, Span, Target } from '../protocol';
import type { CellModule } from './cellModule';
import type { Notebook } from './notebook';
import type { Project } from './project';
import type { Sources } from './sources';

/** A place in a cell, as TypeScript has it. */
export interface At {
  project: Project;
  notebook: Notebook;
  module: CellModule;
  /** Where the cell's place is in its module. */
  position: number;
}

export function rangeIn(text: string, { start, length }: Span): Range {
  return { start: positionIn(text, start), end: positionIn(text, start + length) };
}

export function positionIn(text: string, offset: number): Range['start'] {
  const before = text.slice(0, offset);
  const lines = before.split(LINE_BREAK);
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

/** As VS Code counts lines. */
const LINE_BREAK = /\r\n|\r|\n/;

/** A span of a module as a range of its cell; undefined for what is no part of it. */
export function rangeInCell(module: CellModule, span: Span): Range | undefined {
  const own = module.inCell(span);
  return own && rangeIn(module.cell.text, own);
}

/**
 * A span of a file that TypeScript names: in a cell, or on disk. Declarations of the library stand for its sources.
 *
 * @returns undefined for what we have added to a cell
 */
export function targetOf(project: Project, file: string, span: ts.TextSpan, sources: Sources): Target | undefined {
  const found = project.cellOf(file);
  if (found) {
    const range = rangeInCell(found.module, span);
    return range && { cell: { notebook: found.notebook.uri, cell: found.module.cell.id }, range };
  }
  const text = project.program.getSourceFile(file)?.text;
  return text === undefined ? undefined : sources.of(file, rangeIn(text, span));
}
