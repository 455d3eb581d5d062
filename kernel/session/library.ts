/** Gets the library ready for a session: the device, the default seed, and the views of trainings under way. */
import { observeTraining, setDefaultSeed } from '../autoencoders/index';
import { chooseDevice } from '../engine/devices';
import { vary } from '../engine/variation';
import type { DeviceSummary, Initialize } from '../protocol';
import { connectSession } from './current';
import { keepRun } from './report/keptRun';
import { showTensorsAsText } from './show/printing/tensorText';
import type { Interrupts } from './run/interrupts';
import type { Session } from './session';
import { TrainingViews } from './show/trainingViews';

/**
 * @returns the device, and what gives cells the library once there is a session
 * @throws when the wanted device is unknown or cannot be used; the message says why
 */
export async function startLibrary(
  { device, seed, threads, keptRun }: Initialize,
  interrupts: Interrupts,
): Promise<{ device: DeviceSummary; connect(session: Session): void }> {
  if (threads !== undefined) vary({ threads });
  const chosen = await chooseDevice(device);
  showTensorsAsText();
  if (seed !== undefined) setDefaultSeed(seed);
  return {
    device: chosen,
    connect(session) {
      connectSession(session, chosen);
      if (keptRun) keepRun(keptRun);
      observeTraining(new TrainingViews(session, interrupts));
    },
  };
}
