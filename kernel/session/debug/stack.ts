/** Call stacks as the user should read them: places in cells and files, the kernel's own frames left out or set back. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Debugger, Runtime } from 'node:inspector';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packageRoot } from '../../engine/packageRoot';
import type { Place } from '../compile/rewrite';
import { isOwnVariable, shownName } from './expressions';
import type { KnownScript, KnownScripts } from './knownScripts';
import type { Connection, Paused } from './connection';

/** A frame of a paused stack; those behind an await have ended, and have no variables any more. */
export interface Frame {
  id: number;
  shown: DebugProtocol.StackFrame;
  call?: Debugger.CallFrame;
  script?: KnownScript;
  /** In the script. */
  place?: Place;
}

const own = ['dist', 'node_modules'].map((folder) => pathToFileURL(path.join(packageRoot(), folder) + path.sep).href);

/** Patterns of scripts that no step leads into. */
export const NODE_PATTERN = '^node:';
export const OWN_PATTERNS = own.map((url) => `^${url.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`);

/** Whether a script is Node's, the kernel's, or of what the kernel brings. */
export function isForeign(url: string): boolean {
  return url === '' || url.startsWith('node:') || own.some((folder) => url.startsWith(folder));
}

interface Raw {
  functionName: string;
  url: string;
  scriptId: string;
  line: number;
  column: number;
}

export class Stacks {
  private readonly references: string[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly scripts: KnownScripts,
  ) {}

  /** @returns the frames, innermost first */
  async framesOf({ callFrames, asyncStackTrace }: Paused): Promise<Frame[]> {
    const urlOf = ({ location }: Debugger.CallFrame) => this.connection.urlOf(location.scriptId);
    const outermost = callFrames.findLastIndex((call) => !isForeign(urlOf(call)));
    const visible = outermost < 0 ? callFrames : callFrames.slice(0, outermost + 1);
    const frames: Frame[] = [];
    for (const call of visible) {
      const { location, functionName } = call;
      const raw = { functionName, url: urlOf(call), ...placeOf(location), scriptId: location.scriptId };
      frames.push({ ...(await this.frame(raw, frames.length + 1)), call });
    }
    for (let trace = asyncStackTrace; trace; trace = trace.parent)
      frames.push(...(await this.behind(trace, frames.length)));
    return frames;
  }

  /** A script's name or number, by the reference that its source was given. */
  referenced(reference: number): string | undefined {
    return this.references[reference - 1];
  }

  private async behind(trace: Runtime.StackTrace, count: number): Promise<Frame[]> {
    const calls = trace.callFrames.filter(({ url }) => !isForeign(url));
    if (calls.length === 0) return [];
    const label = { id: count + 1, name: trace.description ?? 'await', line: 0, column: 0 };
    const frames: Frame[] = [{ id: label.id, shown: { ...label, presentationHint: 'label' } }];
    for (const { functionName, url, scriptId, ...location } of calls) {
      const raw = { functionName, url, scriptId, ...placeOf(location) };
      frames.push(await this.frame(raw, count + frames.length + 1));
    }
    return frames;
  }

  private async frame(raw: Raw, id: number): Promise<Frame> {
    const script = this.scripts.at(raw.url);
    const place = (await script?.places())?.origin(raw) ?? raw;
    const name = nameOf(raw, script);
    const source = script ? this.userSource(script) : this.foreignSource(raw);
    const isSetBack = isForeign(raw.url);
    const shown = { id, name, line: place.line, column: place.column, source };
    const { line, column } = raw;
    return { id, script, place: { line, column }, shown: isSetBack ? { ...shown, presentationHint: 'subtle' } : shown };
  }

  /** With its text as it ran, for the host to show where the user has changed it since. */
  private userSource({ facts: { url, name, path: file, checksum } }: KnownScript): DebugProtocol.Source {
    const checksums: DebugProtocol.Checksum[] = [{ algorithm: 'SHA256', checksum }];
    return { name, path: file, sourceReference: this.reference(url), checksums };
  }

  private foreignSource({ url, scriptId }: Raw): DebugProtocol.Source {
    const presentationHint = isForeign(url) ? 'deemphasize' : 'normal';
    if (url.startsWith('file:')) {
      const file = fileURLToPath(url);
      return { name: path.basename(file), path: file, presentationHint };
    }
    return { name: url || `script ${scriptId}`, sourceReference: this.reference(scriptId), presentationHint };
  }

  private reference(key: string): number {
    const known = this.references.indexOf(key);
    return known < 0 ? this.references.push(key) : known + 1;
  }
}

function nameOf({ functionName }: Raw, script: KnownScript | undefined): string {
  const name = shownName(functionName);
  if (name && !isOwnVariable(name)) return name;
  return script ? script.facts.name : '(anonymous)';
}

function placeOf({ lineNumber, columnNumber = 0 }: { lineNumber: number; columnNumber?: number }) {
  return { line: lineNumber + 1, column: columnNumber + 1 };
}
