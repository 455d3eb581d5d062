/** Where the axes of a tensor stand. tfjs has channels last and filters as [...window, in, out]; ONNX has both first. */
import { range } from '../../ops/range';
import type { Edge, Graph } from './graph';

/** Another shape of as many elements; no node where it is the same. */
export function reshaped(g: Graph, edge: Edge, from: readonly number[], to: readonly number[]): Edge {
  return from.length === to.length && from.every((size, axis) => size === to[axis]) ? edge : g.reshape(edge, to);
}

/** Axis i of the result is axis perm[i] of the tensor; moves no data where only axes of size 1 change places. */
export function permuted(g: Graph, edge: Edge, shape: readonly number[], perm: readonly number[]): Edge {
  const moving = perm.filter((axis) => shape[axis] !== 1);
  const inOrder = moving.every((axis, i) => i === 0 || axis > moving[i - 1]!);
  const to = perm.map((axis) => shape[axis]!);
  return inOrder ? reshaped(g, edge, shape, to) : g.transpose(edge, perm);
}

/** [N, ...spatial, C] as [N, C, ...spatial]. */
export function toChannelsFirst(g: Graph, edge: Edge, shape: readonly number[]): Edge {
  return permuted(g, edge, shape, [0, shape.length - 1, ...range(1, shape.length - 1)]);
}

/** [N, C, ...spatial] as [N, ...spatial, C]. */
export function toChannelsLast(g: Graph, edge: Edge, shape: readonly number[]): Edge {
  return permuted(g, edge, shape, [0, ...range(2, shape.length), 1]);
}
