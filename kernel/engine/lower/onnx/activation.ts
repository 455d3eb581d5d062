/** Activations that tfjs fuses into products and convolutions. */
import { activationKernel, type Activation } from '../common/activation';
import type { Operand } from './lowering';
import { ELEMENTWISE } from './elementwise';
import type { Edge, Graph } from './graph';

/** @param slope of prelu, broadcast to x */
export function activated(g: Graph, x: Operand, activation: Activation, slope?: Operand): Edge {
  const found = activationKernel(activation);
  if (!found) return x.edge;
  return ELEMENTWISE[found.kernel]!.nodes(g, slope ? { x, alpha: slope } : { x }, found.attrs, [x])[0]!;
}
