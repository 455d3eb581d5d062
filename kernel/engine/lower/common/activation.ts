/** Activations that tfjs fuses into products and convolutions. */
import { LoweringError } from '../loweringError';
import type { Attrs } from '../../ops/rule';

export interface Activation {
  /** As tfjs names it; none is `linear`. */
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

const KERNELS = new Map([
  ['relu', 'Relu'],
  ['relu6', 'Relu6'],
  ['elu', 'Elu'],
  ['sigmoid', 'Sigmoid'],
  ['leakyrelu', 'LeakyRelu'],
  ['prelu', 'Prelu'],
]);

/** The kernel that does the same by itself, and its attributes; none for `linear`. */
export function activationKernel({ activation, leakyreluAlpha }: Activation): { kernel: string; attrs: Attrs } | null {
  if (isLinear({ activation })) return null;
  const kernel = KERNELS.get(activation ?? '');
  if (kernel === undefined) throw new LoweringError(`the fused activation ${activation} cannot be lowered`);
  // tfjs's own default, where a kernel is called without one.
  return { kernel, attrs: { alpha: leakyreluAlpha ?? 0.2 } };
}

export function isLinear({ activation }: Pick<Activation, 'activation'>): boolean {
  return activation === undefined || activation === null || activation === 'linear';
}
