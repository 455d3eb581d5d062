/** A sweep as a view, before its arrays are encoded. */
import type { SweepMetric, SweepView } from '../types';
import type { PlainCurve } from './curves';

/** A {@link SweepView} before its arrays are encoded. */
export interface PlainSweep extends Omit<
  SweepView,
  'numbers' | 'states' | 'notebooks' | 'parameters' | 'metrics' | 'curves' | 'stepsPerEpoch' | 'pictures'
> {
  running: boolean;
  numbers: Int32Array;
  states: Uint8Array;
  notebooks: Uint8Array;
  parameters: PlainParameter[];
  metrics: PlainMetric[];
  curves: PlainCurve[];
  stepsPerEpoch: Int32Array;
}

export interface PlainParameter {
  name: string;
  seed?: true;
  values: (number | string | boolean)[];
  places: Int32Array;
}

export type PlainMetric = Pick<SweepMetric, 'name' | 'better'> & { values: Float32Array };
