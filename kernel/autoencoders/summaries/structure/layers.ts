/** The layers of a network in a line or two, as its parameters tell them. */
import type * as tf from '@tensorflow/tfjs';

type Variables = Readonly<Record<string, Pick<tf.Variable, 'shape' | 'size'>>>;

/** Widths that a path has at most; a longer one keeps its first and its last ones. */
const LONGEST = 5;

/** `784 → 400 → 40` of dense layers, `3 × 3 convolutions 1 → 32 → 64` of others; none for parameters without kernels. */
export function layerLines(parameters: Variables): string[] {
  const kernels = Object.entries(parameters).filter(([name]) => /kernel$/i.test(name) && !/recurrent/i.test(name));
  const recurrent = Object.keys(parameters).some((name) => /recurrentKernel$/.test(name));
  const dense = kernels.filter(([, { shape }]) => shape.length === 2).map(([, { shape }]) => ends(shape));
  const convolutions = kernels.filter(([, { shape }]) => shape.length > 2);
  const lines: string[] = [];
  if (convolutions.length > 0) {
    const [first] = commonest(convolutions.map(([, { shape }]) => shape.slice(0, -2).join(' × ')));
    // A kernel of a transposed convolution has the channels that it gives before those that it takes.
    const channels = chained(convolutions.map(([, { shape }]) => ends(shape.slice(-2))));
    lines.push(`${first} convolutions`, `${path(channels)} channels`);
  }
  // Beside convolutions they are those of attention.
  const isAttention = convolutions.length > 0 && (dense.length > 1 || dense[0]?.[0] === dense[0]?.[1]);
  if (dense.length > 0 && !isAttention) {
    const widths = chained(dense);
    lines.push(`${recurrent ? 'LSTM ' : ''}${path(widths)}`);
  }
  return lines;
}

/** Trained or kept numbers in all. */
export function sizeOf(parameters: Variables): number {
  return Object.values(parameters).reduce((sum, { size }) => sum + size, 0);
}

function ends(shape: readonly number[]): [number, number] {
  return [shape[0]!, shape[1]!];
}

/** Widths in their order, each said once where a layer takes what the one before gives. */
function chained(layers: readonly (readonly [number, number])[]): number[] {
  const widths: number[] = [];
  for (const [into, out] of layers) {
    // One that goes backwards is a transposed one.
    const [from, to] = widths.at(-1) === out && widths.at(-1) !== into ? [out, into] : [into, out];
    if (widths.at(-1) !== from) widths.push(from);
    widths.push(to);
  }
  return widths;
}

function path(widths: readonly number[]): string {
  const shown = widths.length <= LONGEST ? widths : [...widths.slice(0, 2), null, ...widths.slice(-2)];
  return shown.map((width) => width?.toLocaleString('en-US') ?? '…').join(' → ');
}

function commonest(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
}
