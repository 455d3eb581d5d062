import type { Loaded, RungDefinition } from './rung';

/** Whether a rung can be used, and what it is or why not. */
export type Proof = { usable: true; description: string; reservation?: string } | { usable: false; reason: string };

/** Loads a rung into this process, makes it tfjs's backend and has it compute a known training step. */
export async function prove({ load, tolerance }: RungDefinition): Promise<Proof & { loaded?: Loaded }> {
  try {
    const loaded = await load();
    const [tf, { selfTest }] = await Promise.all([import('@tensorflow/tfjs'), import('./selfTest')]);
    if (!(await tf.setBackend(loaded.backend))) throw new Error(`the backend ${loaded.backend} does not start`);
    await selfTest(tolerance);
    const { description, reservation } = loaded;
    return { usable: true, description, reservation, loaded };
  } catch (error) {
    return { usable: false, reason: firstLine(error) };
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0]!.trim().replace(/\.$/, '');
}
