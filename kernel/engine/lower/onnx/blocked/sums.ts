import type { Value } from '../../../trace/program';
import type { Edge } from '../graph';
import type { Layouts } from './layouts';

/** Sums over all but the channels, [C], of an image in a layout. Products with rows of ones walk memory in order. */
export function channelSums(layouts: Layouts, x: Value, layout: 'first' | 'blocked'): Edge {
  const { graph: g, block } = layouts;
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const pixels = height * width;
  const edge = layouts.in(x, layout);
  if (layout === 'first') {
    const ofImages = g.op('ReduceSum', [g.reshape(edge, [batch, channels, pixels]), g.ints([2])], { keepdims: 0 });
    return g.op('ReduceSum', [ofImages, g.ints([0])], { keepdims: 0 });
  }
  const ones = (count: number) => g.constant(new Float32Array(count).fill(1), 'float32', [1, count]);
  const ofBatch = g.op('MatMul', [ones(batch), g.reshape(edge, [batch, channels * pixels])]);
  const blocks = g.reshape(ofBatch, [channels / block, pixels, block]);
  return g.reshape(g.op('MatMul', [ones(pixels), blocks]), [channels]);
}
