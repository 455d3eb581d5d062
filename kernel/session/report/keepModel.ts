/** `keepModel`: the model that a run of a sweep leaves. */
import { join } from 'node:path';
import { modelWith, takes } from '../../autoencoders/arguments';
import { RUN_FILES } from '../../sweeps/results';

/** Anything that can be saved: a model of the library, or your own model that extends its classes. */
export interface SavedModel {
  /** Writes a checkpoint. */
  save(path: string): Promise<void>;
}

/**
 * Keeps a model as that of this run: a sweep's run leaves it in its folder, `select` loads it, `compare` reconstructs with it.
 * Without it a run leaves the model that it has trained first, as its last training left it. Outside of a sweep nothing is kept.
 *
 * ```ts
 * await keepModel(vae)
 * ```
 *
 * @returns the folder that it was saved to; undefined outside of a sweep
 * @throws CheckpointError if it cannot be saved
 */
export async function keepModel(model: SavedModel): Promise<string | undefined> {
  takes('keepModel', ['model', model, modelWith('save')]);
  const folder = process.env['LATENTLAB_RUN_FOLDER'];
  if (folder === undefined || folder === '') return undefined;
  const place = join(folder, RUN_FILES.model);
  await model.save(place);
  return place;
}
