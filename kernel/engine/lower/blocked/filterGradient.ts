/** Gradients for the filters of convolutions: products of the windows of x by dy. */
import type { Value } from '../../trace/program';
import { filterShape, matricesOf, type Convolution } from '../convolve';
import type { Edge } from '../graph';
import { range } from '../layout';
import type { Axis } from '../windows';
import { isRegular } from './convolve';
import type { Layouts } from './layouts';

/** The gradient for the filter of x ∗ filter, if its channels fit. */
export function filterGradient(layouts: Layouts, c: Convolution, x: Value, dy: Value): Edge | undefined {
  const { inChannels, outChannels } = c;
  const many = (channels: number) => layouts.layoutOf(channels) === layouts.image && !layouts.areFew(channels);
  if (!isRegular(c) || !matricesOf(c).columns || !many(outChannels)) return undefined;
  if (layouts.areFew(inChannels)) return byPlanes(layouts, c, x, dy);
  return many(inChannels) ? byColumns(layouts, c, x, dy) : undefined;
}

/** Parts that a long sum of products is cut into: threads share them, and each stays in the cache. */
const PARTS = 8;

/** dyᵀ · columns of x. */
function byColumns(layouts: Layouts, c: Convolution, x: Value, dy: Value): Edge {
  const { graph: g } = layouts;
  const { rows, inner, outer, plain } = matricesOf(c);
  const parts = range(1, PARTS + 1).findLast((divisor) => rows % divisor === 0)!;
  const part = rows / parts;
  const columns = plain ? layouts.plain(x) : gathered(layouts, c, x);
  const turned = g.transpose(g.reshape(layouts.plain(dy), [parts, part, outer]), [0, 2, 1]);
  const products = g.op('MatMul', [turned, g.reshape(columns, [parts, part, inner])]);
  const sum = g.op('ReduceSum', [products, g.ints([0])], { keepdims: 0 });
  return g.reshape(g.transpose(sum, [1, 0]), filterShape(c));
}

/** What lies under each window, [N · output · places · C]: whole blocks of channels, gathered by their number. */
function gathered(layouts: Layouts, c: Convolution, x: Value): Edge {
  const { graph: g, block } = layouts;
  const { axes, batch, inChannels } = c;
  const [layout, width] = block > 1 ? (['blocked', block] as const) : (['last', inChannels] as const);
  const [height, breadth] = axes as [Axis, Axis];
  const groups = inChannels / width;
  const count = batch * groups * height.input * breadth.input;
  const numbers = new Int32Array(batch * groups * height.output * height.filter * breadth.output * breadth.filter);
  let i = 0;
  let outside = false;
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < height.output; oy++) {
      for (let ox = 0; ox < breadth.output; ox++) {
        for (let ky = 0; ky < height.filter; ky++) {
          const y = oy * height.stride + ky * height.dilation - height.before;
          for (let kx = 0; kx < breadth.filter; kx++) {
            const at = ox * breadth.stride + kx * breadth.dilation - breadth.before;
            const inside = y >= 0 && y < height.input && at >= 0 && at < breadth.input;
            outside ||= !inside;
            for (let group = 0; group < groups; group++) {
              const row = ((n * groups + group) * height.input + y) * breadth.input + at;
              // Behind the last one stands a row of zeros.
              numbers[i++] = inside ? row : count;
            }
          }
        }
      }
    }
  }
  const rows = g.reshape(layouts.in(x, layout), [count, width]);
  const zeros = () => g.constant(new Float32Array(width), 'float32', [1, width]);
  const padded = outside ? g.op('Concat', [rows, zeros()], { axis: 0 }) : rows;
  return g.op('Gather', [padded, g.constant(numbers, 'int32', [numbers.length])], { axis: 0 });
}

/** Of few channels: each place of the window is an image of its own, [N, places · C, output]. */
function byPlanes(layouts: Layouts, c: Convolution, x: Value, dy: Value): Edge {
  const { graph: g, block } = layouts;
  const { axes, batch, outChannels } = c;
  const { inner } = matricesOf(c);
  const pixels = axes.reduce((product, { output }) => product * output, 1);
  const planes = g.reshape(windowsOf(layouts, c, x), [batch, 1, inner, pixels]);
  if (block === 1) {
    const inputs = [
      g.reshape(planes, [batch, inner, pixels]),
      g.reshape(layouts.in(dy, 'first'), [batch, outChannels, pixels]),
    ];
    const products = g.microsoftOp('FusedMatMul', inputs, { transB: 1 });
    return g.reshape(g.op('ReduceSum', [products, g.ints([0])], { keepdims: 0 }), filterShape(c));
  }
  const blocks = g.reshape(layouts.in(dy, 'blocked'), [batch, outChannels / block, pixels, block]);
  const sum = g.op('ReduceSum', [g.op('MatMul', [planes, blocks]), g.ints([0])], { keepdims: 0 });
  return g.reshape(g.transpose(sum, [1, 0, 2]), filterShape(c));
}

/** [N, places · C, ...output] */
function windowsOf(layouts: Layouts, { axes }: Convolution, x: Value): Edge {
  const { graph: g } = layouts;
  const image = layouts.in(x, 'first');
  const pads = [0, 0, ...axes.map(({ before }) => before), 0, 0, ...axes.map(({ after }) => Math.max(0, after))];
  const padded = pads.some((pad) => pad > 0) ? g.op('Pad', [image, g.ints(pads)]) : image;
  const [height, breadth] = axes as [Axis, Axis];
  const slices = range(0, height.filter).flatMap((ky) =>
    range(0, breadth.filter).map((kx) => {
      const starts = [ky * height.dilation, kx * breadth.dilation];
      const ends = axes.map(({ output, stride }, i) => starts[i]! + (output - 1) * stride + 1);
      const steps = axes.map(({ stride }) => stride);
      return g.slice(padded, starts, ends, [2, 3], steps);
    }),
  );
  return slices.length === 1 ? slices[0]! : g.op('Concat', slices, { axis: 1 });
}
