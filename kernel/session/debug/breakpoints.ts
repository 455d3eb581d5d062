/** Breakpoints: those that the user set, in every script of their source, also in scripts to come. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Debugger } from 'node:inspector';
import path from 'node:path';
import type { Connection } from './connection';
import { inScriptNames, logParts } from './expressions';
import { urlOfFile, type KnownScript, type KnownScripts } from './knownScripts';
import { ACCESS } from './messages';

interface Breakpoint {
  id: number;
  path: string;
  wanted: DebugProtocol.SourceBreakpoint;
  /** What is wrong with its expressions. */
  problem?: string;
  hits: number;
  /** V8's, with the script's name. */
  set: Map<string, string>;
  line?: number;
}

interface Source {
  checksum: string | undefined;
  breakpoints: Breakpoint[];
}

export class Breakpoints {
  private readonly sources = new Map<string, Source>();
  private readonly byV8Id = new Map<string, Breakpoint>();
  private lastId = 0;

  /** @param changed hears of a breakpoint that has found its place */
  constructor(
    private readonly connection: Connection,
    private readonly scripts: KnownScripts,
    private readonly changed: (breakpoint: DebugProtocol.Breakpoint) => void,
  ) {
    connection.on('Debugger.breakpointResolved', (event) => void this.resolved(event));
  }

  /** All breakpoints of a source, in place of those that it had. */
  async set({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments): Promise<DebugProtocol.Breakpoint[]> {
    const file = source.path ?? '';
    const before = this.sources.get(file)?.breakpoints ?? [];
    await Promise.all(before.map((breakpoint) => this.remove(breakpoint)));
    const checksum = source.checksums?.find(({ algorithm }) => algorithm === 'SHA256')?.checksum;
    const next = breakpoints.map((wanted, index): Breakpoint => {
      return { id: before[index]?.id ?? ++this.lastId, path: file, wanted, hits: 0, set: new Map() };
    });
    this.sources.set(file, { checksum, breakpoints: next });
    await Promise.all(next.map((breakpoint) => this.check(breakpoint)));
    const scripts = this.scripts.of(file, checksum);
    for (const script of scripts) await this.setIn(script, next);
    if (scripts.length === 0 && path.isAbsolute(file)) await Promise.all(next.map((one) => this.setInFile(one)));
    return next.map((breakpoint) => shown(breakpoint));
  }

  /** A script is about to run. */
  async arrived(script: KnownScript): Promise<void> {
    const source = this.sources.get(script.facts.path);
    if (!source) return;
    const { breakpoints, checksum } = source;
    if (checksum !== undefined && checksum !== script.facts.checksum) return;
    for (const breakpoint of breakpoints) await this.removeFrom(breakpoint, script.facts.url);
    await this.setIn(script, breakpoints);
  }

  /** The user's breakpoints among those that V8 names, and whether one of them wants to stop now. */
  hit(ids: readonly string[]): { ids: number[]; stops: boolean } {
    const hit = [...new Set(ids.flatMap((id) => this.byV8Id.get(id) ?? []))];
    const wanting = hit.filter((breakpoint) => {
      breakpoint.hits++;
      return reached(breakpoint);
    });
    return { ids: wanting.map(({ id }) => id), stops: wanting.length > 0 };
  }

  /** Where a breakpoint is. */
  placeOf(id: number): { path: string; line: number } | undefined {
    for (const { breakpoints } of this.sources.values()) {
      const found = breakpoints.find((breakpoint) => breakpoint.id === id);
      if (found) return { path: found.path, line: found.line ?? found.wanted.line };
    }
    return undefined;
  }

  /** V8 says nothing of a condition that does not parse. */
  private async check(breakpoint: Breakpoint): Promise<void> {
    const { condition, logMessage, hitCondition } = breakpoint.wanted;
    const expressions = logParts(logMessage ?? '').flatMap((part) => ('expression' in part ? [part.expression] : []));
    if (condition) expressions.push(condition);
    for (const expression of expressions) {
      // Makes a function and does not call it.
      const { exceptionDetails } = await this.connection.send('Runtime.evaluate', {
        expression: `(async () => (${expression}\n))`,
        silent: true,
      });
      const said = exceptionDetails?.exception?.description?.split('\n')[0];
      if (exceptionDetails) breakpoint.problem ??= `${expression}: ${said ?? exceptionDetails.text}`;
    }
    if (hitCondition && !comparison(hitCondition)) {
      breakpoint.problem = `${hitCondition}: write a number, or one behind >, >=, ==, <, <= or %.`;
    }
  }

  private async setIn(script: KnownScript, breakpoints: Breakpoint[]): Promise<void> {
    if (breakpoints.length === 0) return;
    const places = await script.places();
    if (!places) return;
    const { url, aliases } = script.facts;
    await Promise.all(
      breakpoints.map(async (breakpoint) => {
        const place = places.inScript(breakpoint.wanted.line, breakpoint.wanted.column);
        if (!place || breakpoint.problem) return;
        const location = await this.setAt(breakpoint, url, place, aliases);
        if (!location) return;
        const { lineNumber, columnNumber = 0 } = location;
        breakpoint.line = places.origin({ line: lineNumber + 1, column: columnNumber + 1 }).line;
      }),
    );
  }

  /** A file that Node loads as it stands, now or later. */
  private async setInFile(breakpoint: Breakpoint): Promise<void> {
    if (breakpoint.problem) return;
    const { line, column = 1 } = breakpoint.wanted;
    const location = await this.setAt(breakpoint, urlOfFile(breakpoint.path), { line, column }, {});
    if (location) breakpoint.line = location.lineNumber + 1;
  }

  private async setAt(
    breakpoint: Breakpoint,
    url: string,
    { line, column }: { line: number; column: number },
    aliases: Record<string, string>,
  ): Promise<Debugger.Location | undefined> {
    try {
      const { breakpointId, locations } = await this.connection.send('Debugger.setBreakpointByUrl', {
        url,
        lineNumber: line - 1,
        columnNumber: column - 1,
        condition: conditionOf(breakpoint, aliases),
      });
      breakpoint.set.set(url, breakpointId);
      this.byV8Id.set(breakpointId, breakpoint);
      return locations[0];
    } catch (error) {
      // Two breakpoints at one place of the script: the first one stands for both.
      breakpoint.problem ??= (error as Error).message;
      return undefined;
    }
  }

  private async resolved({ breakpointId, location }: Debugger.BreakpointResolvedEventDataType): Promise<void> {
    const breakpoint = this.byV8Id.get(breakpointId);
    if (!breakpoint) return;
    const url = [...breakpoint.set].find(([, id]) => id === breakpointId)?.[0] ?? '';
    const places = await this.scripts.at(url)?.places();
    const place = { line: location.lineNumber + 1, column: (location.columnNumber ?? 0) + 1 };
    breakpoint.line = (places?.origin(place) ?? place).line;
    this.changed(shown(breakpoint));
  }

  private async remove(breakpoint: Breakpoint): Promise<void> {
    for (const url of [...breakpoint.set.keys()]) await this.removeFrom(breakpoint, url);
  }

  private async removeFrom(breakpoint: Breakpoint, url: string): Promise<void> {
    const breakpointId = breakpoint.set.get(url);
    if (breakpointId === undefined) return;
    breakpoint.set.delete(url);
    this.byV8Id.delete(breakpointId);
    await this.connection.send('Debugger.removeBreakpoint', { breakpointId });
  }
}

function shown({ id, line, wanted, problem }: Breakpoint): DebugProtocol.Breakpoint {
  if (problem !== undefined) return { id, verified: false, line: wanted.line, message: problem };
  if (line !== undefined) return { id, verified: true, line };
  return { id, verified: false, line: wanted.line, message: 'Stops here once this has run with the debugger.' };
}

const COMPARISON = /^\s*(>|>=|={1,3}|<|<=|%)?\s*(\d+)\s*$/;

function comparison(condition: string): { operator: string; count: number } | undefined {
  const [, operator = '==', count] = COMPARISON.exec(condition) ?? [];
  return count === undefined ? undefined : { operator, count: Number(count) };
}

function reached({ hits, wanted }: Breakpoint): boolean {
  const wish = wanted.hitCondition ? comparison(wanted.hitCondition) : undefined;
  switch (wish?.operator) {
    case undefined:
      return true;
    case '>':
      return hits > wish!.count;
    case '>=':
      return hits >= wish!.count;
    case '<':
      return hits < wish!.count;
    case '<=':
      return hits <= wish!.count;
    case '%':
      return hits % wish!.count === 0;
    default:
      return hits === wish!.count;
  }
}

/** What V8 evaluates there: it stops where that is true. A logpoint speaks and does not stop. */
function conditionOf({ id, wanted }: Breakpoint, aliases: Record<string, string>): string | undefined {
  const { condition, logMessage } = wanted;
  if (!condition && !logMessage) return undefined;
  const log = (values: string) => `globalThis[Symbol.for('${ACCESS}')].log(${id}, [${values}])`;
  const parts = logParts(logMessage ?? '').map((part) =>
    'text' in part ? JSON.stringify(part.text) : `(${inScriptNames(part.expression, aliases)})`,
  );
  const holds = condition ? `(${inScriptNames(condition, aliases)})` : 'true';
  const then = logMessage ? log(parts.join(', ')) : 'true';
  return `(() => { try { return ${holds} ? ${then} : false; } catch (error) { return ${log("'' + error")}; } })()`;
}
