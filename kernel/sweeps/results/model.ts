/**
 * The model that a run leaves in its folder's `model/`, a checkpoint: what its notebook gave to `keepModel`, and otherwise
 * the run's first model as its last training has left it. Metrics without a model's name, as `validation.total`, are that
 * model's.
 */
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RUN_FILES } from './places';

const CHECKPOINT = 'checkpoint.json';

/** A training that keeps itself: `trainings/0001/training.json`. */
interface KeptTraining {
  folder: string;
  model: unknown;
  save: unknown;
  isOver: unknown;
}

/**
 * For the end of a run.
 *
 * @param folder the run's
 * @returns whether the run has a model
 */
export async function leaveModel(folder: string): Promise<boolean> {
  const place = join(folder, RUN_FILES.model);
  if (await hasModel(folder)) return true;
  const trainings = await keptTrainings(join(folder, RUN_FILES.trainings));
  const last = trainings.filter(({ model }) => model === trainings[0]!.model).findLast(({ isOver }) => isOver === true);
  if (typeof last?.save !== 'string') return false;
  return linkFolder(join(last.folder, last.save, 'checkpoint'), place).then(
    () => true,
    () => false,
  );
}

/** The same files once more, which take no room twice where the file system links them; whole at any moment. */
async function linkFolder(from: string, to: string): Promise<void> {
  const partial = `${to}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(partial, name)];
    await link(source, target).catch(() => copyFile(source, target));
  }
  await rename(partial, to);
}

/** Whether a run has left a model. */
export async function hasModel(folder: string): Promise<boolean> {
  const found = await stat(join(folder, RUN_FILES.model, CHECKPOINT)).catch(() => undefined);
  return found?.isFile() ?? false;
}

/** In the order of their beginning. */
async function keptTrainings(folder: string): Promise<KeptTraining[]> {
  const names = await readdir(folder).catch(() => []);
  const found: KeptTraining[] = [];
  for (const name of names.filter((one) => /^\d+$/.test(one)).sort()) {
    const text = await readFile(join(folder, name, 'training.json'), 'utf8').catch(() => undefined);
    const stated = text === undefined ? undefined : parsed(text);
    if (stated) found.push({ ...stated, folder: join(folder, name) });
  }
  return found;
}

function parsed(text: string): Omit<KeptTraining, 'folder'> | undefined {
  try {
    const value = JSON.parse(text) as Omit<KeptTraining, 'folder'> | null;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
