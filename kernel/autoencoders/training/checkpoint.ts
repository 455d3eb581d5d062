/**
 * Checkpoints: a folder with `checkpoint.json` (class, configuration, how far training has come, the name and SHA-256 of
 * the weights' file) and `weights-<hash>.safetensors` (weights, moving averages, the optimizer's slots).
 *
 * A save writes the weights under their new name first and then replaces `checkpoint.json` in one rename, so that there
 * is a whole checkpoint at any moment, whatever is interrupted.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { OPTIMIZERS } from '../../engine/index';
import type { TrainingStep } from '../../engine/index';
import { CheckpointError, claimFolder, writeWhole } from './folders';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors';
import type { HostTensor } from './safetensors';
import type { TrainingPosition } from './trainable';

/** What of a model a checkpoint holds. */
export interface Checkpointed {
  readonly kind: string;
  readonly name: string;
  readonly config: object;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly state: Readonly<Record<string, tf.Variable>>;
  readonly position: TrainingPosition;
  readonly step: TrainingStep;
  dispose(): void;
}

const FORMAT_VERSION = 1;
const JSON_FILE = 'checkpoint.json';

const count = z.int().min(0);
const headerSchema = z.object({ format: z.literal('latentlab checkpoint'), version: z.int(), model: z.string() });
const checkpointSchema = headerSchema.extend({
  config: z.record(z.string(), z.unknown()),
  training: z.strictObject({
    step: count,
    epoch: count,
    unfinished: z.strictObject({ key: z.string(), firstEpoch: count, batch: count }).nullable(),
  }),
  optimizer: z.strictObject({ name: z.enum(OPTIMIZERS), step: count }),
  weights: z.strictObject({ file: z.string().regex(/^[\w-]+\.safetensors$/), sha256: z.string() }),
});
type CheckpointJson = z.infer<typeof checkpointSchema>;

export { CheckpointError };

/** @throws {CheckpointError} when something that is no checkpoint lies at the path */
export async function saveCheckpoint(model: Checkpointed, path: string): Promise<void> {
  // Taken in one go, so that a training under way cannot change half of it.
  const optimizer = model.step.optimizerState();
  const snapshot = { ...clones(model.parameters), ...clones(model.state), ...prefixed(optimizer.tensors) };
  const training = structuredClone(model.position);

  const bytes = encodeSafetensors(await toHost(snapshot));
  const sha256 = sha256Of(bytes);
  const file = `weights-${sha256.slice(0, 12)}.safetensors`;
  const json: CheckpointJson = {
    format: 'latentlab checkpoint',
    version: FORMAT_VERSION,
    model: model.kind,
    config: { ...model.config },
    training,
    optimizer: { name: optimizer.name, step: optimizer.step },
    weights: { file, sha256 },
  };
  await claimFolder(path, 'checkpoint', isOwn);
  await writeWhole(join(path, file), bytes);
  await writeWhole(join(path, JSON_FILE), `${JSON.stringify(json, null, 2)}\n`);
  await removeOldWeights(path, file);
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
  const json = await readJson(path, kind);
  const tensors = await readWeights(path, json);
  const model = create(json.config);
  try {
    restore(model, json, tensors);
  } catch (error) {
    model.dispose();
    throw error instanceof SafetensorsError ? new CheckpointError(`${path}: ${error.message}.`) : error;
  }
  return model;
}

function restore(model: Checkpointed, json: CheckpointJson, tensors: Record<string, HostTensor>): void {
  const targets = { ...model.parameters, ...model.state };
  const optimizer = model.step.optimizerState();
  const expected = { ...targets, ...prefixed(optimizer.tensors) };
  try {
    if (json.optimizer.name !== optimizer.name) {
      const found = `it holds the state of the optimizer ${json.optimizer.name}`;
      throw new SafetensorsError(`${found}, expected that of ${optimizer.name}, which its configuration names`);
    }
    checkNamesAndShapes(expected, tensors);
    tf.tidy(() => {
      const loaded = (name: string) => tf.tensor(tensors[name]!.values, tensors[name]!.shape);
      for (const [name, variable] of Object.entries(targets)) variable.assign(loaded(name));
      const slots = Object.keys(optimizer.tensors).map((name) => [name, loaded(`${OPTIMIZER}${name}`)]);
      model.step.restoreOptimizer({ ...json.optimizer, tensors: Object.fromEntries(slots) });
    });
  } finally {
    tf.dispose(optimizer.tensors);
  }
  Object.assign(model.position, json.training);
}

function checkNamesAndShapes(expected: Record<string, tf.Tensor>, found: Record<string, HostTensor>): void {
  for (const [name, { shape }] of Object.entries(expected)) {
    const tensor = found[name];
    if (!tensor) throw new SafetensorsError(`the weights lack ${name}, which this configuration has`);
    if (tensor.shape.join() !== shape.join()) {
      throw new SafetensorsError(`${name} has shape [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`);
    }
  }
  const unknown = Object.keys(found).find((name) => !(name in expected));
  if (unknown) throw new SafetensorsError(`the weights hold ${unknown}, which this configuration has not`);
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
    throw new CheckpointError(`${path} has format version ${version}; this latentlab reads version ${FORMAT_VERSION}.`);
  }
  if (model !== kind) {
    throw new CheckpointError(`${path} holds a ${model}, expected a ${kind}; use ${model}.load.`);
  }
  const checkpoint = checkpointSchema.safeParse(json);
  if (!checkpoint.success) {
    const field = checkpoint.error.issues[0]?.path.join('.');
    throw new CheckpointError(`${file} is damaged: “${field}” is missing or wrong.`);
  }
  return checkpoint.data;
}

async function readWeights(path: string, { weights }: CheckpointJson): Promise<Record<string, HostTensor>> {
  const file = join(path, weights.file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new CheckpointError(`${path} lacks its weights: ${file} cannot be read.`, { cause: error });
  }
  try {
    const tensors = decodeSafetensors(bytes);
    if (sha256Of(bytes) !== weights.sha256) throw new SafetensorsError('its SHA-256 is not the one it was saved with');
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

function isOwn(name: string): boolean {
  return name === JSON_FILE || /^weights-.*\.safetensors$/.test(name);
}

async function removeOldWeights(path: string, current: string): Promise<void> {
  for (const name of await readdir(path)) {
    if (name !== current && name !== JSON_FILE) await rm(join(path, name));
  }
}

const OPTIMIZER = 'optimizer/';

function prefixed(tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [OPTIMIZER + name, tensor]));
}

function clones(variables: Readonly<Record<string, tf.Variable>>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, variable.clone()]));
}

/** Reads the tensors back and frees them. */
async function toHost(tensors: Record<string, tf.Tensor>): Promise<Record<string, HostTensor>> {
  const host: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    host[name] = { values: (await tensor.data()) as Float32Array, shape: tensor.shape };
    tensor.dispose();
  }
  return host;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
