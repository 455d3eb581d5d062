import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FileError, isSystemError } from '../../../files/fileError';
import { takeLock } from '../../../files/lock';
import type { Lock } from '../../../files/lock';
import type { EpochRecord, StepRecord, TrainingLog } from './records';

const FLUSH_MS = 1000;

/**
 * Logs a training as JSON lines. Each is an object with a `type`: `training` (model, configuration, options, step) at
 * the start of each call of `fit`, `step` after each step, `epoch` after each epoch, and `end`. NaN and infinities are
 * null, since JSON cannot express them.
 *
 * A resumed training appends to its log. Steps since the last checkpoint then occur twice, and the later line counts.
 * Whole lines are written at least once a second. If a crash or a full disk left half a line at the end of the file, it
 * is removed. Only one training writes a log at a time; `<file>.lock` exists during that time.
 */
export class JsonLinesLog implements TrainingLog {
  private lines: string[] = [];
  private due = performance.now() + FLUSH_MS;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly lock: Lock | null,
  ) {}

  /**
   * @throws {LockError} when another training writes there, with who does
   * @throws {FileError} with the reason, when the file cannot be written
   */
  static async open(path: string, header: object): Promise<JsonLinesLog> {
    const file = await open(path, 'a+').catch((error: unknown) => {
      throw isSystemError(error) ? new FileError(path, error) : error;
    });
    let lock: Lock | null = null;
    try {
      lock = await lockOf(path, file);
      await cutHalfLine(file);
      const log = new JsonLinesLog(path, file, lock);
      log.write({ type: 'training', time: new Date().toISOString(), ...header });
      await log.flush(true);
      return log;
    } catch (error) {
      await file.close();
      await lock?.release();
      throw error;
    }
  }

  step({ losses, ...rest }: StepRecord): void {
    this.write({ type: 'step', ...rest, losses });
  }

  epoch(record: EpochRecord): void {
    this.write({ type: 'epoch', ...record });
  }

  async flush(now = false): Promise<void> {
    if (this.lines.length === 0 || (!now && performance.now() < this.due)) return;
    const text = this.lines.join('');
    this.lines = [];
    this.due = performance.now() + FLUSH_MS;
    try {
      await this.file.appendFile(text);
    } catch (error) {
      throw isSystemError(error) ? new FileError(this.path, error) : error;
    }
  }

  async close(state: 'done' | 'cancelled' | 'failed'): Promise<void> {
    this.write({ type: 'end', time: new Date().toISOString(), state });
    try {
      await this.flush(true);
    } finally {
      await this.file.close();
      await this.lock?.release();
    }
  }

  private write(line: object): void {
    this.lines.push(`${JSON.stringify(line)}\n`);
  }
}

/** Pipes and devices take everybody's lines, and a folder that takes no file takes no lock. */
async function lockOf(path: string, file: FileHandle): Promise<Lock | null> {
  if (!(await file.stat()).isFile()) return null;
  try {
    return await takeLock(`${path}.lock`, `the log ${resolve(path)}`, { patience: 0 });
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

async function cutHalfLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const NEWLINE = 0x0a;
  const block = Buffer.alloc(65_536);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const last = block.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (last >= 0 || start === 0) {
      const whole = start + last + 1;
      if (whole < size) await file.truncate(whole);
      return;
    }
    end = start;
  }
}
