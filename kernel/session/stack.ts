/**
 * Error stacks as the user should read them: positions in cells by source map, files without cache-busting queries,
 * and the kernel's own frames left out.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';
import { packageRoot } from '../engine/packageRoot';
import type { CellError } from '../protocol';
import { inspectValue } from './display';
import { CellSyntaxError, InterruptedError } from './errors';
import { placeIn } from './modules/sourceMaps';
import { asWritten } from './shadowing';

const CELL_FRAME = /(latentlab-cell-\d+):(\d+):(\d+)/;

/** Both from 1. */
interface Place {
  line: number;
  column: number;
}

/** A line of a stack; without text it is left out. */
interface Frame {
  text?: string;
  /** Of a frame in a cell: its script, and where in the cell. */
  url?: string;
  place?: Place;
}

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

  /**
   * An error as it goes to the host. Anything can be thrown, also what cannot be described.
   *
   * @param url the script of the cell that failed: the error's place is the innermost one in it
   */
  describe(error: unknown, url: string): CellError {
    try {
      return this.described(error, url);
    } catch (failure) {
      const reason = failure instanceof Error ? failure.message : 'it throws when it is looked at';
      const message = `The cell threw something that cannot be shown (${reason}).`;
      return { kind: 'error', name: 'Thrown', message, stack: message };
    }
  }

  private described(error: unknown, url: string): CellError {
    if (!(error instanceof Error)) {
      const message = typeof error === 'string' ? error : inspectValue(error);
      return { kind: 'error', name: 'Thrown', message, stack: `Thrown: ${message}` };
    }
    const name = String(error.name);
    const message = asWritten(String(error.message));
    if (error instanceof CellSyntaxError) {
      const { line, column, stack = message } = error;
      return { kind: 'syntax', name, message, stack, line, column };
    }
    if (error instanceof InterruptedError) return { kind: 'interrupt', name, message, stack: `${name}: ${message}` };
    const { text, place } = this.readable(error, url);
    return { kind: 'error', name, message, stack: text, ...place };
  }

  /** Position in the cell (from 1) of a position in its compiled script (from 1). */
  locate(url: string, line: number, column: number): { cellName: string; line: number; column: number } | undefined {
    const cell = this.cells.get(url);
    if (!cell) return undefined;
    const position = originalPositionFor(cell.map, { line, column: column - 1 });
    return { cellName: cell.cellName, line: position.line ?? line, column: (position.column ?? column - 1) + 1 };
  }

  /** A place as V8 writes it, `script:line:column`, as the user knows it. */
  describePlace(place: string): string {
    return this.frame(place).text ?? place;
  }

  /** The stack with positions mapped, and the innermost of them in the script `url`. */
  private readable(error: Error, url: string, seen = new Set<Error>()): { text: string; place?: Place } {
    seen.add(error);
    const stack = typeof error.stack === 'string' ? error.stack : `${String(error.name)}: ${String(error.message)}`;
    const start = stack.search(/^ {4}at /m);
    const head = start < 0 ? stack : stack.slice(0, start).trimEnd();
    const lines = start < 0 ? [] : stack.slice(start).split('\n');
    // What called the cell is the kernel; a stack without a cell's frame is shown whole.
    const outermost = lines.findLastIndex((line) => CELL_FRAME.test(line));
    const shown = (outermost < 0 ? lines : lines.slice(0, outermost + 1)).filter(isNoServant);
    const frames = shown.map((line) => this.frame(line));
    const place = frames.find((frame) => frame.url === url)?.place;
    const texts = frames.flatMap(({ text }) => (text === undefined ? [] : [text]));
    return { text: [asWritten(head), ...texts, ...this.inner(error, url, seen)].join('\n'), place };
  }

  /** What caused the error, and the errors that an AggregateError stands for. */
  private inner(error: Error, url: string, seen: Set<Error>): string[] {
    const indented = (label: string, other: unknown) => {
      if (!(other instanceof Error) || seen.has(other)) return [];
      return [`  [${label}]: ${this.readable(other, url, seen).text.replaceAll('\n', '\n  ')}`];
    };
    const several = error instanceof AggregateError ? error.errors : [];
    return [...indented('cause', error.cause), ...several.flatMap((one, i) => indented(`error ${i + 1}`, one))];
  }

  private frame(frame: string): Frame {
    const match = CELL_FRAME.exec(frame);
    if (match) {
      const url = match[1]!;
      const located = this.locate(url, Number(match[2]), Number(match[3]));
      if (!located) return {};
      const { cellName, ...place } = located;
      const where = `${cellName}:${place.line}:${place.column}`;
      const text = frame.replace(match[0], where).replace(/at <anonymous> \((.*)\)|at <anonymous>/, 'at $1');
      return { text: text.trimEnd().endsWith('at') ? `    at ${where}` : text.trimEnd(), url, place };
    }
    if (isOwnFrame(frame)) return {};
    const text = frame.replace(/file:\/\/[^\s)]+?(?=:\d+:\d+)/, (url) => fileURLToPath(new URL(url.split('?')[0]!)));
    return { text: inSource(text) };
  }
}

/** Whether a frame is none of V8's own functions that the kernel called. */
function isNoServant(frame: string, i: number, frames: string[]): boolean {
  const caller = frames.slice(i + 1).find((one) => !/\(<anonymous>\)$/.test(one));
  return !/\(<anonymous>\)$/.test(frame) || !caller || !isOwnFrame(caller);
}

/** A frame in a file that the session compiled, at its place in the source. */
function inSource(frame: string): string {
  return frame.replace(/((?:[A-Za-z]:)?[\\/][^()]*):(\d+):(\d+)(?=\)?$)/, (_all, file: string, line, column) =>
    placeIn(file, { line: Number(line), column: Number(column) }),
  );
}

const own = [path.join(packageRoot(), 'dist'), path.join(packageRoot(), 'node_modules')];

/** Frames of the machinery between a cell and what it called say nothing to its author. */
function isOwnFrame(frame: string): boolean {
  return /node:inspector|node:internal/.test(frame) || own.some((folder) => frame.includes(folder + path.sep));
}
