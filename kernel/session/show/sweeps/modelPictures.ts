/** What a run's saved model makes of data that the reader gives. */
import { join } from 'node:path';
import type { Dataset } from '../../../autoencoders/index';
import { savedModel } from '../../../selection/savedModel';
import { hasModel, RUN_FILES } from '../../../sweeps/results/index';
import { reconstructions, type ReconstructingModel } from '../modelViews';
import type { FoundPicture } from './runPictures';

/** Undefined if the run has left no model, or one that reconstructs nothing. */
export async function pictureOfModel(folder: string, data: Dataset): Promise<FoundPicture | undefined> {
  if (!(await hasModel(folder))) return undefined;
  const model = (await savedModel(join(folder, RUN_FILES.model))) as ReconstructingModel & { dispose(): void };
  try {
    if (typeof model.reconstruct !== 'function') return undefined;
    const { view } = await reconstructions(model, data);
    return { view, source: 'its saved model' };
  } finally {
    model.dispose();
  }
}
