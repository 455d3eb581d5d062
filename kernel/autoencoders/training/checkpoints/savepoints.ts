import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { partialName } from '../../../files/writeWhole';
import { claimCheckpoint } from './checkpoint';
import { claimFolder, intoFolder, removeFiles } from './folders';
import type { FolderKind } from './folders';
import type { Trainable } from '../loop/trainable';

/** Checkpoints that a training makes of itself: from time to time and at its end, however it ends. */
export interface CheckpointOptions {
  /** The checkpoint's folder, replaced at each save; with `keep`, a folder of checkpoints named `step-…`. */
  path: string;
  /** Minutes between saves. Default 10, or never with `everyEpochs`. */
  everyMinutes?: number;
  /** Epochs between saves. Default: none. */
  everyEpochs?: number;
  /** How many checkpoints are kept, the last ones. Left out: one, at `path` itself. */
  keep?: number;
}

export const checkpointSchema = z.strictObject({
  path: z.string().min(1),
  everyMinutes: z.number().positive().optional(),
  everyEpochs: z.int().min(1).optional(),
  keep: z.int().min(1).optional(),
});

const DEFAULT_MINUTES = 10;
const NAME = /^step-\d{8,}$/;
const CHECKPOINTS: FolderKind = { what: 'folder of checkpoints', isOwn: (name) => NAME.test(name) };

export class Savepoints {
  private readonly interval: number;
  private due: number;

  constructor(
    private readonly model: Trainable,
    private readonly options: CheckpointOptions,
  ) {
    const { everyMinutes, everyEpochs } = options;
    this.interval = (everyMinutes ?? (everyEpochs === undefined ? DEFAULT_MINUTES : Infinity)) * 60_000;
    this.due = performance.now() + this.interval;
  }

  /** @throws {CheckpointError} when something else lies at the path: before the training, not after hours of it */
  async begin(): Promise<void> {
    const { path, keep } = this.options;
    if (keep === undefined) await claimCheckpoint(path);
    else await claimFolder(path, CHECKPOINTS);
  }

  /** Saves if it is time to. */
  async afterStep(): Promise<void> {
    if (performance.now() >= this.due) await this.save();
  }

  /** @param epochs done in this training */
  async afterEpoch(epochs: number): Promise<void> {
    if (epochs % (this.options.everyEpochs ?? Infinity) === 0) await this.save();
  }

  async save(): Promise<void> {
    const { path, keep } = this.options;
    if (keep === undefined) await this.model.save(path);
    else await intoFolder(path, CHECKPOINTS, (_, names) => this.saveAmong(path, names, keep));
    this.due = performance.now() + this.interval;
  }

  /** A checkpoint appears among the others when it is whole, and goes at once. */
  private async saveAmong(path: string, names: readonly string[], keep: number): Promise<void> {
    const name = `step-${String(this.model.position.step).padStart(8, '0')}`;
    const made = join(path, names.includes(name) ? name : partialName(name));
    try {
      await this.model.save(made);
      if (!names.includes(name)) await rename(made, join(path, name));
    } catch (error) {
      if (!names.includes(name)) await removeFiles('', [made]);
      throw error;
    }
    const others = names.filter((other) => NAME.test(other) && other !== name).sort();
    const old = others.slice(0, Math.max(0, others.length - keep + 1));
    const gone = old.map(partialName);
    for (const [i, other] of old.entries()) await rename(join(path, other), join(path, gone[i]!));
    await removeFiles(path, [...gone, ...names.filter((other) => !NAME.test(other))]);
  }
}
