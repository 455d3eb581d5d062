import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeWholeSync } from '../../files/writeWhole';
import { reasonOf } from '../../files/fileError';
import { cacheFolder } from '../cacheFolder';

/** Whether this process has said that it has no cache. */
let said = false;

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

  /** Where the cache cannot be written, nothing is remembered, and everything is tried: that is said once. */
  set(rung: string, entry: T): void {
    this.write({ ...this.read(), [rung]: entry });
  }

  /** Forgets one rung. */
  delete(rung: string): void {
    const { [rung]: known, ...others } = this.read();
    if (known !== undefined) this.write(others);
  }

  clear(): void {
    try {
      rmSync(this.file, { force: true });
    } catch (error) {
      if (!('syscall' in (error as Error))) throw error;
    }
  }

  private write(entries: Record<string, T>): void {
    try {
      writeWholeSync(this.file, JSON.stringify(entries, null, 2));
    } catch (error) {
      if (!('syscall' in (error as Error))) throw error;
      if (said) return;
      said = true;
      process.emitWarning(
        `LatentLab could not save what it knows about devices: ${this.file} could not be written: ${reasonOf(error)}. ` +
          'Each start tries them again; set LATENTLAB_CACHE to a writable folder.',
      );
    }
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
