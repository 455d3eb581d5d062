/** From the library's declarations to its sources, by the maps beside them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { Range, Target } from '../protocol';

export class Sources {
  private readonly maps = new Map<string, TraceMap | undefined>();

  /** @returns the place in the source, where there is a map and the source is there */
  of(file: string, range: Range): Target {
    const map = this.mapOf(file);
    const found = map && originalPositionFor(map, { line: range.start.line + 1, column: range.start.character });
    if (!found || found.source === null) return { file, range };
    const source = path.resolve(path.dirname(file), found.source);
    if (!existsSync(source)) return { file, range };
    const start = { line: found.line - 1, character: found.column };
    // A name is as long in the source.
    const isOneLine = range.start.line === range.end.line;
    const length = isOneLine ? range.end.character - range.start.character : 0;
    return { file: source, range: { start, end: { line: start.line, character: start.character + length } } };
  }

  private mapOf(file: string): TraceMap | undefined {
    if (!this.maps.has(file)) {
      const map = `${file}.map`;
      this.maps.set(file, existsSync(map) ? new TraceMap(readFileSync(map, 'utf8')) : undefined);
    }
    return this.maps.get(file);
  }
}
