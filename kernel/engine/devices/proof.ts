import type { Runtime } from '../runtime';
import type { Precision, RungDefinition } from './rung';

/** Whether a rung can be used, and what it is or why not. */
export type Proof =
  | { usable: true; description: string; precision: Precision; reservation?: string; runtime?: Runtime }
  | {
      usable: false;
      reason: string;
      /** Worth remembering: it took its process down, or gave no answer in time. */
      fatal?: 'crash' | 'timeout';
    };

/** Loads a rung into this process, makes it tfjs's backend and has it compute a known training step. */
export async function prove({ load, tolerance }: RungDefinition): Promise<Proof> {
  try {
    const loaded = await load();
    const [tf, { selfTest }] = await Promise.all([import('@tensorflow/tfjs'), import('./selfTest')]);
    if (!(await tf.setBackend(loaded.backend))) throw new Error(`the backend ${loaded.backend} does not start`);
    await selfTest(tolerance, loaded.runtime);
    const { description, precision = 'float32', reservation, runtime } = loaded;
    return { usable: true, description, precision, reservation, runtime };
  } catch (error) {
    return { usable: false, reason: firstLine(error) };
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0]!.trim().replace(/\.$/, '');
}
