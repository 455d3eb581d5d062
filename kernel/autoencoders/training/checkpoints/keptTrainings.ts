/**
 * Trainings that keep themselves in a folder as they continue, without their program asking for it: a process that runs
 * the same program again continues with them where the one before was ended, exactly.
 *
 * The n-th `fit` of a process has the folder `0001`, …: saves, each a checkpoint and the history of the training up to
 * there, and `training.json`, which names the one that counts. A save is written whole before it is named.
 */
import { randomBytes } from 'node:crypto';
import { readFile, rm, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import { makeFolder } from '../../../files/makeFolder';
import { writeWhole } from '../../../files/writeWhole';
import type { Trainable } from '../loop/trainable';
import type { HistoryState } from '../logs/history';
import { restoreCheckpoint } from './checkpoint';

export interface KeepingOptions {
  /** Where they keep themselves (absolute). */
  folder: string;
  /** Minutes between saves. */
  everyMinutes: number;
  /** Hears that a training continues at a step of its model, or is over already. */
  resumed?(training: { index: number; step: number; isOver: boolean }): void;
}

let keeping: { options: KeepingOptions; begun: number } | undefined;

/** Has every training of this process from now on keep itself; undefined: none. */
export function keepTrainings(options: KeepingOptions | undefined): void {
  keeping = options && { options, begun: 0 };
}

/** For `fit`: where the training that begins now keeps itself; undefined if none does. */
export function nextKept(): KeptTraining | undefined {
  return keeping && new KeptTraining(keeping.options, ++keeping.begun);
}

const FILE = 'training.json';
const CHECKPOINT = 'checkpoint';
const HISTORY = 'history.bin';

const schema = z.looseObject({
  format: z.literal('latentlab kept training'),
  version: z.literal(1),
  model: z.string(),
  /** Configuration, options and data, as a text that is equal when they are. */
  key: z.string(),
  /** The folder of the save that counts. */
  save: z.string().regex(/^save-[0-9a-f]+$/),
  step: z.int(),
  /** Whether its `fit` has returned. */
  isOver: z.boolean(),
});

export interface TakenUp {
  history: HistoryState;
  isOver: boolean;
}

export class KeptTraining {
  private readonly folder: string;
  private due: number;
  private failure: string | undefined;
  private kept: string | undefined;

  constructor(
    private readonly options: KeepingOptions,
    private readonly index: number,
  ) {
    this.folder = join(options.folder, String(index).padStart(4, '0'));
    this.due = performance.now() + this.interval;
  }

  private get interval(): number {
    return this.options.everyMinutes * 60_000;
  }

  /**
   * Sets the model to where an earlier process left this training; what was saved of another training is discarded.
   *
   * @returns undefined if there is nothing to continue with; the model is then as it was
   */
  async takeUp(model: Trainable, key: string): Promise<TakenUp | undefined> {
    this.kept = keyOf(model, key);
    const found = await this.read();
    if (found?.model !== model.kind || found.key !== this.kept) return undefined;
    try {
      const history = deserialize(await readFile(join(this.folder, found.save, HISTORY))) as HistoryState;
      await restoreCheckpoint(join(this.folder, found.save, CHECKPOINT), model);
      this.options.resumed?.({ index: this.index, step: found.step, isOver: found.isOver });
      return { history, isOver: found.isOver };
    } catch (error) {
      // Half of a save that a failing disk has left: the training begins anew.
      this.failure = undefined;
      process.emitWarning(`A saved training could not be resumed: ${String(error)}`);
      return undefined;
    }
  }

  get isDue(): boolean {
    return performance.now() >= this.due;
  }

  /**
   * Keeps this moment. A model that cannot be saved trains all the same.
   *
   * @param isOver whether its `fit` returns now
   * @returns what is to be noted, the first time that it cannot be kept
   */
  async save(model: Trainable, history: HistoryState, isOver: boolean): Promise<string | undefined> {
    if (this.failure !== undefined) return undefined;
    const save = `save-${randomBytes(6).toString('hex')}`;
    try {
      await makeFolder(join(this.folder, save));
      await writeWhole(join(this.folder, save, HISTORY), serialize(history));
      await model.save(join(this.folder, save, CHECKPOINT));
      const stated = { format: 'latentlab kept training', version: 1, model: model.kind, key: this.kept };
      const text = JSON.stringify({ ...stated, save, step: model.position.step, isOver }, null, 2);
      await writeWhole(join(this.folder, FILE), `${text}\n`);
      await this.removeOthers(save);
    } catch (error) {
      await rm(join(this.folder, save), { recursive: true, force: true }).catch(() => {});
      this.failure = `This training cannot be resumed after an interruption: ${(error as Error).message}`;
    }
    this.due = performance.now() + this.interval;
    return this.failure;
  }

  private async removeOthers(save: string): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (name.startsWith('save-') && name !== save)
        await rm(join(this.folder, name), { recursive: true, force: true });
    }
  }

  private async read(): Promise<z.infer<typeof schema> | undefined> {
    try {
      return schema.safeParse(JSON.parse(await readFile(join(this.folder, FILE), 'utf8'))).data;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** A training is the same when its model, where that begins, its options and its data are. */
function keyOf({ config, position }: Trainable, key: string): string {
  return JSON.stringify({ config, begins: position.step, training: key });
}
