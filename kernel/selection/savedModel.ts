/** A model from a checkpoint, whatever class it is of. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as library from '../autoencoders/index';
import type { Model } from '../autoencoders/index';

/** A class of models, of the library or of your own. */
export interface ModelClass<M = Model> {
  readonly name: string;
  /** A trained model from its checkpoint. */
  load(path: string): Promise<M>;
}

/** A run's model cannot be loaded. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/**
 * @param path  a checkpoint's folder
 * @param Class what it is of; absent: the library's class of the name that the checkpoint has
 * @throws ModelError for a class that the library has not, and CheckpointError for what is not a checkpoint
 */
export async function savedModel<M>(path: string, Class?: ModelClass<M>): Promise<M> {
  if (Class) return Class.load(path);
  const kind = await kindOf(path);
  const known = (library as Record<string, unknown>)[kind] as Partial<ModelClass<M>> | undefined;
  if (typeof known?.load === 'function') return known.load(path);
  throw new ModelError(
    `${path} holds a ${kind}, which is not a class of the library. Pass the class: { model: ${kind} }, as your notebook defines it.`,
  );
}

async function kindOf(path: string): Promise<string> {
  try {
    const { model } = JSON.parse(await readFile(join(path, 'checkpoint.json'), 'utf8')) as { model?: unknown };
    if (typeof model === 'string') return model === 'Autoencoder' ? 'DeterministicAutoencoder' : model;
  } catch (error) {
    throw new ModelError(`${path} is not a checkpoint: its checkpoint.json cannot be read.`, { cause: error });
  }
  throw new ModelError(`${path} is not a checkpoint: its checkpoint.json names no model.`);
}
