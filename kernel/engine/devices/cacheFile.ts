import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../cacheFolder';

/** Something about each rung, by its name, in a file of the user's cache. */
export class CacheFile<T> {
  private readonly schema: z.ZodType<Record<string, T>>;

  constructor(
    private readonly name: string,
    entry: z.ZodType<T>,
  ) {
    this.schema = z.record(z.string(), entry);
  }

  get(rung: string): T | undefined {
    const entries = this.read();
    return Object.hasOwn(entries, rung) ? entries[rung] : undefined;
  }

  set(rung: string, entry: T): void {
    mkdirSync(cacheFolder(), { recursive: true });
    // Renamed into place: another kernel reads the old file or the new one, never a part.
    const partial = `${this.file}.${process.pid}.partial`;
    writeFileSync(partial, JSON.stringify({ ...this.read(), [rung]: entry }, null, 2));
    renameSync(partial, this.file);
  }

  clear(): void {
    rmSync(this.file, { force: true });
  }

  private get file(): string {
    return path.join(cacheFolder(), this.name);
  }

  private read(): Record<string, T> {
    try {
      return this.schema.parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch {
      // Not there, or not ours to understand: then nothing is remembered.
      return {};
    }
  }
}
