/** Activations that tfjs fuses into products and convolutions. */
import { activationKernel, type Activation } from '../common/activation';
import type { Body, Operand } from './body';
import { ELEMENTWISE } from './elementwise';

/** @param slope of prelu, broadcast to x */
export function activated(b: Body, x: Operand, activation: Activation, slope?: Operand): Operand {
  const found = activationKernel(activation);
  if (!found) return x;
  return ELEMENTWISE[found.kernel]!.write(b, slope ? { x, alpha: slope } : { x }, found.attrs, [x])[0]!;
}
