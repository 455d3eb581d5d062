/**
 * Error stacks as the user should read them: positions in cells by source map, files without cache-busting queries,
 * and the kernel's own frames left out.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';
import { packageRoot } from '../engine/packageRoot';
import type { CellError } from '../protocol';
import { CellSyntaxError, InterruptedError } from './errors';

const CELL_FRAME = /(latentlab-cell-\d+):(\d+):(\d+)/;

interface KnownCell {
  cellName: string;
  map: TraceMap;
}

export class CellStacks {
  private readonly cells = new Map<string, KnownCell>();

  /** @param url the script's name in V8's stacks */
  register(url: string, cellName: string, map: TraceMap): void {
    this.cells.set(url, { cellName, map });
  }

  /** An error as it goes to the host. Anything can be thrown; what is no Error is shown by its value. */
  describe(error: unknown, inspect: (value: unknown) => string): CellError {
    if (!(error instanceof Error)) {
      const message = typeof error === 'string' ? error : inspect(error);
      return { kind: 'error', name: 'Thrown', message, stack: `Thrown: ${message}` };
    }
    if (error instanceof CellSyntaxError) {
      const { name, message, line, column } = error;
      return { kind: 'syntax', name, message, stack: error.stack ?? message, line, column };
    }
    if (error instanceof InterruptedError) {
      return { kind: 'interrupt', name: error.name, message: error.message, stack: `${error.name}: ${error.message}` };
    }
    const { text, first } = this.readable(error);
    return { kind: 'error', name: error.name, message: error.message, stack: text, ...first };
  }

  /** Position in the cell (from 1) of a position in its compiled script (from 1). */
  locate(url: string, line: number, column: number): { cellName: string; line: number; column: number } | undefined {
    const cell = this.cells.get(url);
    if (!cell) return undefined;
    const position = originalPositionFor(cell.map, { line, column: column - 1 });
    return { cellName: cell.cellName, line: position.line ?? line, column: (position.column ?? column - 1) + 1 };
  }

  /** The stack with positions mapped; `first` is the innermost one in a cell. */
  readable(error: Error): { text: string; first?: { line: number; column: number } } {
    const stack = typeof error.stack === 'string' ? error.stack : `${error.name}: ${error.message}`;
    const start = stack.search(/^ {4}at /m);
    const head = start < 0 ? stack : stack.slice(0, start).trimEnd();
    let first: { line: number; column: number } | undefined;
    const frames: string[] = [];
    const lines = start < 0 ? [] : stack.slice(start).split('\n');
    // What called the cell is the kernel; a stack without a cell's frame is shown whole.
    const outermost = lines.findLastIndex((line) => CELL_FRAME.test(line));
    for (const frame of outermost < 0 ? lines : lines.slice(0, outermost + 1)) {
      const located = this.frame(frame);
      if (located.position) first ??= located.position;
      if (located.text) frames.push(located.text);
    }
    return { text: [head, ...frames, ...this.causes(error)].join('\n'), first };
  }

  private causes(error: Error): string[] {
    if (!(error.cause instanceof Error)) return [];
    return [`  [cause]: ${this.readable(error.cause).text.replaceAll('\n', '\n  ')}`];
  }

  private frame(frame: string): { text?: string; position?: { line: number; column: number } } {
    const match = CELL_FRAME.exec(frame);
    if (match) {
      const place = this.locate(match[1]!, Number(match[2]), Number(match[3]));
      if (!place) return {};
      const where = `${place.cellName}:${place.line}:${place.column}`;
      const text = frame
        .replace(match[0], where)
        .replace(/at <anonymous> \((.*)\)|at <anonymous>/, 'at $1')
        .trimEnd();
      return { text: text.endsWith('at') ? `    at ${where}` : text, position: place };
    }
    if (isOwnFrame(frame)) return {};
    return {
      text: frame.replace(/file:\/\/[^\s)]+?(?=:\d+:\d+)/, (url) => fileURLToPath(new URL(url.split('?')[0]!))),
    };
  }
}

const own = [path.join(packageRoot(), 'dist'), path.join(packageRoot(), 'node_modules')];

/** Frames of the machinery between a cell and what it called say nothing to its author. */
function isOwnFrame(frame: string): boolean {
  return /node:inspector|node:internal/.test(frame) || own.some((folder) => frame.includes(folder + path.sep));
}
