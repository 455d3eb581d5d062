/** Activations that tfjs fuses into products and convolutions. */
import { LoweringError } from '../loweringError';
import type { Attrs } from '../../ops/rule';
import type { Operand } from './lowering';
import { ELEMENTWISE } from './elementwise';
import type { Edge, Graph } from './graph';

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

/** @param slope of prelu, broadcast to x */
export function activated(g: Graph, x: Operand, { activation, leakyreluAlpha }: Activation, slope?: Operand): Edge {
  if (isLinear({ activation })) return x.edge;
  const kernel = KERNELS.get(activation ?? '');
  if (kernel === undefined) throw new LoweringError(`the fused activation ${activation} has no ONNX form here`);
  // tfjs's own default, where a kernel is called without one.
  const attrs: Attrs = { alpha: leakyreluAlpha ?? 0.2 };
  return ELEMENTWISE[kernel]!.nodes(g, slope ? { x, alpha: slope } : { x }, attrs, [x])[0]!;
}

export function isLinear({ activation }: Activation): boolean {
  return activation === undefined || activation === null || activation === 'linear';
}
