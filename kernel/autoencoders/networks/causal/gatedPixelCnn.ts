/** The gated PixelCNN without a blind spot (van den Oord et al. 2016, Conditional Image Generation with PixelCNN Decoders). */
import * as tf from '@tensorflow/tfjs';
import type { CachedPass, CausalNetwork, CausalNetworkOptions } from './causalNetwork';
import { applyAll, Convolution, parametersOf, relu } from '../layers/layers';
import type { Layer } from '../layers/layers';
import { gate, MaskedConvolution } from './maskedConvolution';

export interface GatedPixelCNNOptions extends CausalNetworkOptions {
  layers: number;
  /** k of the first layer's kernels, which have masks of type A; odd. */
  firstKernel: number;
  /** k of the other layers' kernels, which have masks of type B; odd. */
  kernel: number;
}

/** Features of the vertical and of the horizontal stack, [n, h, w, C] each. */
interface Stacks {
  v: tf.Tensor4D;
  h: tf.Tensor4D;
}

/**
 * An embedding of the codes, gated layers ({@link GatedLayer}), and relu, 1 × 1, relu, 1 × 1 to the logits. Features of
 * the vertical stack see all rows above, those of the horizontal one also see the places to the left in the row.
 */
export class GatedPixelCNN implements CausalNetwork {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly embedding: Layer;
  readonly layers: GatedLayer[];
  private readonly head: Layer[];

  constructor(readonly options: GatedPixelCNNOptions) {
    const { codebookSize: K, channels: C, layers, seed } = options;
    const pointwise = { size: 1, activation: 'linear', seed } as const;
    this.embedding = new Convolution({ ...pointwise, name: 'embedding', in: K, out: C });
    this.layers = Array.from({ length: layers }, (_, i) => new GatedLayer(i, options));
    this.head = [
      relu,
      new Convolution({ ...pointwise, name: 'head.0', in: C, out: C, activation: 'relu' }),
      new Convolution({ ...pointwise, name: 'head.1', in: C, out: K }),
    ];
    const all = [this.embedding, ...this.layers, ...this.head];
    this.parameters = Object.assign({}, ...all.map(({ parameters }) => parameters));
  }

  apply(codes: tf.Tensor4D, context: tf.Tensor4D | null): tf.Tensor4D {
    const e = this.embedding.apply(codes) as tf.Tensor4D;
    const { h } = this.layers.reduce((stacks, layer) => layer.apply(stacks, context), { v: e, h: e });
    return this.logits(h);
  }

  /** [n, h, w, C] → [n, h, w, K]. */
  logits(h: tf.Tensor4D): tf.Tensor4D {
    return applyAll(this.head, h) as tf.Tensor4D;
  }

  cached(n: number, context: tf.Tensor4D | null): CachedPass {
    return new CachedGatedPixelCNN(this, n, context);
  }
}

/**
 * $$a_v = W_v * v + s_v, \quad a_h = W_h * h + W_{1 \times 1} * a_v + s_h, \quad v' = \mathrm{gate}(a_v),
 *   \quad h' = h + W'_{1 \times 1} * \mathrm{gate}(a_h)$$
 *
 * with masked W (rows above for v, places to the left for h), $\mathrm{gate}(a, b) = \tanh(a) \odot \sigma(b)$ and $s$
 * linear in the context. The first layer, whose masks are of type A, adds no h: that would show each code to itself.
 */
class GatedLayer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly vertical: MaskedConvolution;
  readonly horizontal: MaskedConvolution;
  private readonly link: Layer;
  private readonly out: Layer;
  private readonly context: Layer | null;

  constructor(
    readonly index: number,
    { channels: C, contextChannels: S, firstKernel, kernel, seed }: GatedPixelCNNOptions,
  ) {
    const name = `layer${index}`;
    const masked = { in: C, out: 2 * C, seed, ...(index === 0 ? FIRST(firstKernel) : LATER(kernel)) };
    const pointwise = { size: 1, activation: 'linear', seed } as const;
    this.vertical = new MaskedConvolution({ ...masked, name: `${name}.vertical`, shape: 'above' });
    this.horizontal = new MaskedConvolution({ ...masked, name: `${name}.horizontal`, shape: 'left' });
    this.link = new Convolution({ ...pointwise, name: `${name}.link`, in: 2 * C, out: 2 * C });
    this.out = new Convolution({ ...pointwise, name: `${name}.out`, in: C, out: C });
    this.context = S > 0 ? new Convolution({ ...pointwise, name: `${name}.context`, in: S, out: 4 * C }) : null;
    const parts = [this.vertical, this.horizontal, this.link, this.out];
    this.parameters = parametersOf(this.context ? [...parts, this.context] : parts);
  }

  apply({ v, h }: Stacks, context: tf.Tensor4D | null): Stacks {
    const [sV, sH] = this.contextOf(context);
    const aV = added(this.vertical.apply(v), sV);
    const aH = added(this.fromVertical(aV).add(this.horizontal.apply(h)), sH);
    return { v: gate(aV) as tf.Tensor4D, h: this.outOf(aH, h) };
  }

  /** s_v and s_h. */
  contextOf(context: tf.Tensor4D | null): [tf.Tensor | null, tf.Tensor | null] {
    if (!this.context || !context) return [null, null];
    return tf.split(this.context.apply(context), 2, -1) as [tf.Tensor, tf.Tensor];
  }

  /** W_{1×1} ∗ a_v. */
  fromVertical(aV: tf.Tensor): tf.Tensor {
    return this.link.apply(aV);
  }

  /** h'. */
  outOf(aH: tf.Tensor, h: tf.Tensor): tf.Tensor4D {
    const change = this.out.apply(gate(aH));
    return (this.index === 0 ? change : change.add(h)) as tf.Tensor4D;
  }
}

const FIRST = (size: number) => ({ size, type: 'A' }) as const;
const LATER = (size: number) => ({ size, type: 'B' }) as const;

function added(a: tf.Tensor, s: tf.Tensor | null): tf.Tensor {
  return s ? a.add(s) : a;
}

/**
 * The vertical stack is computed once for each row, the horizontal one once for each position: as much work in all as
 * one full pass.
 */
class CachedGatedPixelCNN implements CachedPass {
  /** The rows [n, 1, w, C] that each layer's vertical convolution has as input, from the top. */
  private readonly rows: tf.Tensor4D[][];
  /** The columns [n, C] of this row that each layer's horizontal convolution has as input. */
  private columns: tf.Tensor2D[][] = [];
  /** What each layer's a_h gets from the vertical stack and the context in this row: [n, 1, w, 2C]. */
  private above: tf.Tensor4D[] = [];
  private column = 0;

  constructor(
    private readonly network: GatedPixelCNN,
    private readonly n: number,
    private readonly context: tf.Tensor4D | null,
  ) {
    this.rows = network.layers.map(() => []);
  }

  logits(): tf.Tensor2D {
    if (this.column === 0) this.startRow();
    const { network, columns, column, n } = this;
    const { K, C } = this.sizes();
    let h = tf.zeros<tf.Rank.R4>([n, 1, 1, C]);
    network.layers.forEach((layer, l) => {
      if (l > 0) columns[l]!.push(h.reshape([n, C]));
      h = tf.tidy(() => {
        const inputs = lastOf(columns[l]!, layer.horizontal.shown, () => tf.zeros([n, C]));
        const above = this.above[l]!.slice([0, 0, column, 0], [-1, 1, 1, -1]);
        const aH = layer.horizontal.at(inputs).reshape(above.shape).add(above);
        return layer.outOf(aH, h);
      });
    });
    return tf.tidy(() => network.logits(h).reshape([n, K]));
  }

  append(codes: tf.Tensor2D): void {
    const { n, network } = this;
    const { K, C, width } = this.sizes();
    const embedded = tf.tidy(() => network.embedding.apply(codes.reshape([n, 1, 1, K])).reshape([n, C]));
    this.columns[0]!.push(embedded as tf.Tensor2D);
    this.column = (this.column + 1) % width;
    if (this.column === 0) this.rows[0]!.push(tf.stack(this.columns[0]!, 1).reshape([n, 1, width, C]));
  }

  private startRow(): void {
    const { network, rows, n, context } = this;
    const { C, width } = this.sizes();
    const row = rows[0]!.length;
    this.columns = network.layers.map(() => []);
    this.above = network.layers.map((layer, l) => {
      const [above, v] = tf.tidy(() => {
        const inputs = lastOf(rows[l]!, layer.vertical.shown / kernelOf(network, l), () => tf.zeros([n, 1, width, C]));
        const [sV, sH] = layer.contextOf(context && context.slice([0, row, 0, 0], [-1, 1, -1, -1]));
        const aV = added(layer.vertical.row(tf.concat(inputs as tf.Tensor4D[], 1)), sV);
        return [added(layer.fromVertical(aV), sH), gate(aV)] as [tf.Tensor4D, tf.Tensor4D];
      });
      rows[l + 1]?.push(v);
      return above;
    });
  }

  private sizes(): { K: number; C: number; width: number } {
    const { codebookSize, channels, map } = this.network.options;
    return { K: codebookSize, C: channels, width: map.width };
  }
}

function kernelOf({ options }: GatedPixelCNN, layer: number): number {
  return layer === 0 ? options.firstKernel : options.kernel;
}

/** The last `count` items, with zeros in front where there are fewer. */
function lastOf<T extends tf.Tensor>(items: T[], count: number, zeros: () => tf.Tensor): tf.Tensor[] {
  const last = items.slice(-count);
  const missing = Array.from({ length: count - last.length }, zeros);
  return [...missing, ...last];
}
