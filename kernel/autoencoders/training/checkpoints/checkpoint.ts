/**
 * Checkpoints: a folder with `checkpoint.json` (class, configuration, how far training has come, the name and SHA-256 of
 * the weights' file) and `weights-<hash>-<random>.safetensors` (weights, moving averages, the optimizer's slots). Of a
 * training with early stopping that is not finished, the best epoch's lie beside them. docs/checkpoints.md lists them.
 *
 * A save writes the weights under their own name first and then replaces `checkpoint.json` in one rename, so that
 * there is a whole checkpoint at any moment, whoever else saves there and whatever is interrupted.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { path as pathKind, takes } from '../../arguments';
import { plainConfiguration } from '../../parts/part';
import { OPTIMIZERS, ready } from '../../../engine/index';
import { writeAllWhole } from '../../../files/writeWhole';
import { CheckpointError, claimFolder, intoFolder, removeFiles } from './folders';
import type { FolderKind } from './folders';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors';
import type { HostTensor } from './safetensors';
import { restoreSnapshot, takeSnapshot } from './snapshot';
import type { Snapshot, Snapshotted } from './snapshot';

/** What of a model a checkpoint holds. */
export interface Checkpointed extends Snapshotted {
  readonly kind: string;
  readonly name: string;
  readonly config: object;
  dispose(): void;
}

const FORMAT_VERSION = 1;

/** Classes that are named otherwise now, by the names that earlier checkpoints have. */
const FORMER_NAMES: Readonly<Record<string, string>> = { Autoencoder: 'DeterministicAutoencoder' };
const JSON_FILE = 'checkpoint.json';

const count = z.int().min(0);
const headerSchema = z.object({ format: z.literal('latentlab checkpoint'), version: z.int(), model: z.string() });
const stoppingSchema = z.strictObject({ best: z.number().nullable(), bestEpoch: count, waited: count });
const unfinishedSchema = z.strictObject({
  key: z.string(),
  firstEpoch: count,
  batch: count,
  stopping: stoppingSchema.optional(),
});
const snapshotSchema = z.object({
  training: z.strictObject({
    step: count,
    epoch: count,
    samples: count.optional(),
    unfinished: unfinishedSchema.nullable(),
  }),
  optimizer: z.strictObject({ name: z.enum(OPTIMIZERS), step: count }),
  weights: z.strictObject({ file: z.string().regex(/^[\w-]+\.safetensors$/), sha256: z.string() }),
});
const checkpointSchema = z.object({
  ...headerSchema.shape,
  config: z.record(z.string(), z.unknown()),
  ...snapshotSchema.shape,
  best: snapshotSchema.optional(),
});
type SnapshotJson = z.infer<typeof snapshotSchema>;
type CheckpointJson = z.infer<typeof checkpointSchema>;

export { CheckpointError };

/** @throws {CheckpointError} when something that is not a checkpoint lies at the path */
export async function saveCheckpoint(model: Checkpointed, path: string): Promise<void> {
  takes(`${model.name}: save`, ['path', path, pathKind]);
  const { best } = model;
  const present = fileOf(await takeSnapshot(model));
  const files = best ? [present, fileOf(best)] : [present];
  const json: CheckpointJson = {
    format: 'latentlab checkpoint',
    version: FORMAT_VERSION,
    model: model.kind,
    config: plainConfiguration(model.kind, model.config),
    ...present.json,
    ...(files[1] && { best: files[1].json }),
  };
  const weights = files.map(({ bytes, json }) => [join(path, json.weights.file), bytes] as const);
  await intoFolder(path, CHECKPOINT, async (lock, before) => {
    // Weights that no checkpoint names yet harm nobody.
    await writeAllWhole(weights);
    try {
      await lock.check();
      await writeAllWhole([[join(path, JSON_FILE), `${JSON.stringify(json, null, 2)}\n`]]);
    } catch (error) {
      await removeFiles(
        path,
        files.map(({ json }) => json.weights.file),
      );
      throw error;
    }
    await removeFiles(
      path,
      before.filter((name) => name !== JSON_FILE),
    );
  });
}

const CHECKPOINT: FolderKind = {
  what: 'checkpoint',
  isOwn: (name) => name === JSON_FILE || /^weights-.*\.safetensors$/.test(name),
};

/** Makes the checkpoint's folder, if it is not there. @throws {CheckpointError} when nothing can be saved there */
export async function claimCheckpoint(path: string): Promise<void> {
  await claimFolder(path, CHECKPOINT);
}

/**
 * @param kind the class that is asked for
 * @param create makes the model that the configuration describes
 * @throws {CheckpointError} naming the path, what was found and what was expected
 */
export async function loadCheckpoint<M extends Checkpointed>(
  path: string,
  kind: string,
  create: (config: unknown) => M,
): Promise<M> {
  takes(`${kind}.load`, ['path', path, pathKind]);
  await ready();
  const { json, present, best } = await readWhole(path, kind);
  const model = create(json.config);
  try {
    restoreSnapshot(model, present);
    model.best = best;
  } catch (error) {
    model.dispose();
    throw error instanceof SafetensorsError ? new CheckpointError(`${path}: ${error.message}.`) : error;
  }
  return model;
}

/**
 * Sets an existing model to what a checkpoint of such a model holds.
 *
 * @throws {CheckpointError} naming the path, what was found and what was expected; the model is then as it was
 */
export async function restoreCheckpoint(path: string, model: Omit<Checkpointed, 'dispose'>): Promise<void> {
  const { present, best } = await readWhole(path, model.kind);
  try {
    restoreSnapshot(model, present);
  } catch (error) {
    throw error instanceof SafetensorsError ? new CheckpointError(`${path}: ${error.message}.`) : error;
  }
  model.best = best;
}

/**
 * Saves may come between the two files: weights that are gone belonged to the checkpoint before, as `checkpoint.json`
 * then tells, and those that it names now are read.
 */
async function readWhole(path: string, kind: string) {
  for (let json = await readJson(path, kind); ;) {
    try {
      const present = await readSnapshot(path, json);
      const best = json.best ? await readSnapshot(path, json.best) : null;
      return { json, present, best };
    } catch (error) {
      const now = error instanceof MissingWeights ? await readJson(path, kind) : json;
      if (now.weights.file === json.weights.file) throw error;
      json = now;
    }
  }
}

class MissingWeights extends CheckpointError {}

function fileOf({ position, optimizer, tensors }: Snapshot): { bytes: Uint8Array; json: SnapshotJson } {
  const bytes = encodeSafetensors(tensors);
  const sha256 = sha256Of(bytes);
  // A name that no other save has, of the same weights neither: whoever replaces a checkpoint removes its weights.
  const file = `weights-${sha256.slice(0, 12)}-${randomBytes(4).toString('hex')}.safetensors`;
  const weights = { file, sha256 };
  return { bytes, json: { training: position, optimizer, weights } };
}

async function readSnapshot(path: string, json: SnapshotJson): Promise<Snapshot> {
  return { position: json.training, optimizer: json.optimizer, tensors: await readWeights(path, json) };
}

async function readJson(path: string, kind: string): Promise<CheckpointJson> {
  const file = join(path, JSON_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CheckpointError(`${path} is no checkpoint: ${file} cannot be read.`, { cause: error });
  }
  const json = parsed(text);
  const header = headerSchema.safeParse(json);
  if (!header.success) throw new CheckpointError(`${file} is not the JSON of a latentlab checkpoint.`);
  const { model, version } = header.data;
  if (version !== FORMAT_VERSION) {
    const advice =
      version > FORMAT_VERSION
        ? 'a newer latentlab saved it: update this one'
        : 'an older latentlab saved it: load it there and export it as ONNX, or train again';
    throw new CheckpointError(
      `${path} has format version ${version}; this latentlab reads version ${FORMAT_VERSION}. Most likely ${advice}.`,
    );
  }
  const now = FORMER_NAMES[model] ?? model;
  if (model !== kind && now !== kind) {
    throw new CheckpointError(`${path} holds a ${now}, expected a ${kind}; use ${now}.load.`);
  }
  const checkpoint = checkpointSchema.safeParse(json);
  if (!checkpoint.success) {
    const field = checkpoint.error.issues[0]?.path.join('.');
    throw new CheckpointError(`${file} is damaged: “${field}” is missing or wrong.`);
  }
  return checkpoint.data;
}

async function readWeights(path: string, { weights }: SnapshotJson): Promise<Record<string, HostTensor>> {
  const file = join(path, weights.file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new MissingWeights(`${path} has no weights: ${file} cannot be read.`, { cause: error });
  }
  try {
    const tensors = decodeSafetensors(bytes);
    if (sha256Of(bytes) !== weights.sha256) throw new SafetensorsError('its SHA-256 has changed since it was saved');
    return tensors;
  } catch (error) {
    if (error instanceof SafetensorsError) throw new CheckpointError(`${file} is damaged: ${error.message}.`);
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The caller says what was expected; what JSON.parse says adds nothing.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
