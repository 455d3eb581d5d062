import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { StepInputs } from '../../../engine/index';
import type { Batch } from '../batches/batches';

/** What a run of steps is given: a step's batch, with the tensors made of it. */
export interface Taken {
  readonly batches: readonly Batch[];
  /** Empty where steps make their own: in an update by several batches. */
  readonly tensors: readonly StepInputs['tensors'][];
}

/** What the next run is given, made while the one before it is under way. What goes wrong is thrown when it is wanted. */
export class Ahead {
  private taken: Promise<Taken> | undefined;

  /** Once the run under way has been handed to its device. */
  begin(take: () => Promise<Taken>): void {
    const taken = nextTurn().then(take);
    taken.catch(() => undefined);
    this.taken = taken;
  }

  /** What was made, if anything was; it is the caller's then. */
  next(): Promise<Taken> | undefined {
    const { taken } = this;
    this.taken = undefined;
    return taken;
  }

  /** Frees what nobody took. */
  async drop(): Promise<void> {
    const taken = await this.next()?.catch(() => undefined);
    if (taken) tf.dispose([...taken.tensors]);
  }
}
