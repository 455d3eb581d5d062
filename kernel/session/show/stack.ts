/**
 * Error stacks as the user should read them: positions in cells instead of in their scripts, files without
 * cache-busting queries, and the kernel's own frames left out; wherever the user looks at them.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { packageRoot } from '../../engine/packageRoot';
import type { CellError } from '../../protocol';
import { mappedSite, prepareStacksBy } from './callSites';
import { inspectValue } from './display';
import { CellSyntaxError, InterruptedError } from '../errors';
import { sourcePlace } from '../modules/compile/sourceMaps';
import { asWritten } from '../compile/ownSource';
import type { Place } from '../compile/rewrite';

const CELL_FRAME = /(latentlab-cell-\d+):(\d+):(\d+)/;

/** A line of a stack; without text it is left out. */
interface Frame {
  text?: string;
  /** The script of a frame in a cell, and where in the cell it is. */
  url?: string;
  place?: Place;
}

interface KnownCell {
  cellName: string;
  origin(place: Place): Place;
}

export class CellStacks {
  private readonly cells = new Map<string, KnownCell>();
  /** The frames of stacks that have been written, as of then. */
  private readonly written = new WeakMap<object, Frame[]>();

  /** From now on every error of this process says its stack as the user should read it. */
  install(): void {
    prepareStacksBy({
      write: (error, sites) => this.write(error, sites),
      mapped: (sites) => this.sitesOfTheUser(sites).map((site) => this.mapped(site)),
    });
  }

  /**
   * @param url the script's name in V8's stacks
   * @param origin from places in the script to places in the cell
   */
  register(url: string, cellName: string, origin: (place: Place) => Place): void {
    this.cells.set(url, { cellName, origin });
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
      const reason = failure instanceof Error ? failure.message : 'it throws when it is inspected';
      const message = `The cell threw something that cannot be shown (${reason}).`;
      return { kind: 'error', name: 'Thrown', message, stack: message };
    }
  }

  /** The script of the cell that an error comes from: the outermost one of its stack. */
  scriptOf(error: unknown): string | undefined {
    if (!types.isNativeError(error)) return undefined;
    void error.stack;
    return this.written.get(error)?.findLast(({ url }) => url !== undefined)?.url;
  }

  private described(error: unknown, url: string): CellError {
    if (!isError(error)) {
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

  /** Place in the cell of a place in its compiled script. */
  locate(url: string, place: Place): ({ cellName: string } & Place) | undefined {
    const cell = this.cells.get(url);
    return cell && { cellName: cell.cellName, ...cell.origin(place) };
  }

  /** A place as V8 writes it, `script:line:column`, as the user knows it. */
  describePlace(place: string): string {
    return this.frame(place).text ?? place;
  }

  /** A stack in V8's form. */
  private write(error: object, sites: NodeJS.CallSite[]): string {
    const frames = this.ofTheUser(sites.map((site) => `    at ${inSource(site)}`));
    this.written.set(error, frames);
    return [asWritten(headOf(error)), ...textsOf(frames)].join('\n');
  }

  private sitesOfTheUser(sites: NodeJS.CallSite[]): NodeJS.CallSite[] {
    const outermost = sites.findLastIndex((site) => CELL_FRAME.test(String(site)));
    return (outermost < 0 ? sites : sites.slice(0, outermost + 1)).filter((site) => !isOwnFrame(String(site)));
  }

  /** What called the cell is the kernel; a stack without a cell's frame is taken whole. */
  private ofTheUser(lines: string[]): Frame[] {
    const outermost = lines.findLastIndex((line) => CELL_FRAME.test(line));
    const frames = outermost < 0 ? lines : lines.slice(0, outermost + 1);
    return frames.filter(isNoServant).map((line) => this.frame(line));
  }

  /** The stack, and the innermost of its places in the script `url`. */
  private readable(error: Error, url: string, seen = new Set<Error>()): { text: string; place?: Place } {
    seen.add(error);
    const stack = typeof error.stack === 'string' ? error.stack : `${String(error.name)}: ${String(error.message)}`;
    const start = stack.search(/^ {4}at /m);
    const head = start < 0 ? stack : stack.slice(0, start).trimEnd();
    // Also of what was written elsewhere: in a worker, by the user.
    const frames = this.ofTheUser(start < 0 ? [] : stack.slice(start).split('\n'));
    const place = [...(this.written.get(error) ?? []), ...frames].find((frame) => frame.url === url)?.place;
    return { text: [asWritten(head), ...textsOf(frames), ...this.inner(error, url, seen)].join('\n'), place };
  }

  /** What caused the error, and the errors that an AggregateError stands for. */
  private inner(error: Error, url: string, seen: Set<Error>): string[] {
    const indented = (label: string, other: unknown) => {
      if (!isError(other) || seen.has(other)) return [];
      return [`  [${label}]: ${this.readable(other, url, seen).text.replaceAll('\n', '\n  ')}`];
    };
    const several = error instanceof AggregateError ? error.errors : [];
    return [...indented('cause', error.cause), ...several.flatMap((one, i) => indented(`error ${i + 1}`, one))];
  }

  private frame(frame: string): Frame {
    const match = CELL_FRAME.exec(frame);
    if (match) {
      const url = match[1]!;
      const located = this.locate(url, { line: Number(match[2]), column: Number(match[3]) });
      if (!located) return {};
      const { cellName, ...place } = located;
      const where = `${cellName}:${place.line}:${place.column}`;
      const text = frame.replace(match[0], where).replace(/at <anonymous> \((.*)\)|at <anonymous>/, 'at $1');
      const shown = text.trimEnd().endsWith('at') ? `    at ${where}` : text.trimEnd();
      return { text: asWritten(shown), url, place };
    }
    if (isOwnFrame(frame)) return {};
    const text = frame.replace(/file:\/\/[^\s)]+?(?=:\d+:\d+)/, (url) => fileURLToPath(new URL(url.split('?')[0]!)));
    return { text };
  }

  /** A frame for a user's own `Error.prepareStackTrace`. */
  private mapped(site: NodeJS.CallSite): NodeJS.CallSite {
    const url = site.getScriptNameOrSourceURL() ?? '';
    const located = this.locate(url, { line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 });
    if (!located) return site;
    const text = (this.frame(`    at ${site}`).text ?? '').replace(/^ {4}at /, '');
    return mappedSite(site, { file: located.cellName, line: located.line, column: located.column, text });
  }
}

/** Also one of another context's (`vm`). */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function textsOf(frames: Frame[]): string[] {
  return frames.flatMap(({ text }) => (text === undefined ? [] : [text]));
}

/** What V8 writes above the frames. */
function headOf(error: object): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>';
  }
}

/** A frame with its place in the TypeScript that a file was compiled from. */
function inSource(site: NodeJS.CallSite): string {
  const text = String(site);
  const file = site.getFileName();
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (!file || line === null || column === null || CELL_FRAME.test(text)) return text;
  const place = sourcePlace(file, { line, column });
  return place ? text.replace(`:${line}:${column}`, `:${place.line}:${place.column}`) : text;
}

/** Whether a frame is none of V8's own functions that the kernel called. */
function isNoServant(frame: string, i: number, frames: string[]): boolean {
  const caller = frames.slice(i + 1).find((one) => !/\(<anonymous>\)$/.test(one));
  return !/\(<anonymous>\)$/.test(frame) || !caller || !isOwnFrame(caller);
}

const own = [path.join(packageRoot(), 'dist'), path.join(packageRoot(), 'node_modules')];

/** Frames of the machinery between a cell and what it called say nothing to its author. */
function isOwnFrame(frame: string): boolean {
  return /node:inspector|node:internal/.test(frame) || own.some((folder) => frame.includes(folder + path.sep));
}
