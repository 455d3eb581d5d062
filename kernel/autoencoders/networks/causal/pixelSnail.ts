/** PixelSNAIL: causal convolutions and self-attention in turn (Chen, Mishra, Rohaninejad and Abbeel 2018). */
import * as tf from '@tensorflow/tfjs';
import { CausalAttention, remembered } from './causalAttention';
import type { Memory } from './causalAttention';
import type { CachedPass, CausalNetwork, CausalNetworkOptions } from './causalNetwork';
import { Convolution, parametersOf } from '../layers/layers';
import type { Layer, MapSize } from '../layers/layers';
import { MaskedConvolution } from './maskedConvolution';

export interface PixelSNAILOptions extends CausalNetworkOptions {
  /** Blocks, each with an attention. */
  layers: number;
  /** Gated residual layers of a block. */
  residualLayers: number;
  /** k of the masked convolutions; odd. */
  kernel: number;
  heads: number;
  keyChannels: number;
  valueChannels: number;
}

/** Row and column of each position, from −½ to ½. */
const BACKGROUND = 2;

/** What blocks look at beside features. */
interface Places {
  /** Embedded codes, [n, h, w, C]. */
  embedded: tf.Tensor4D;
  /** [n, h, w, 2]. */
  background: tf.Tensor4D;
  /** [n, h, w, S], or null. */
  context: tf.Tensor4D | null;
}

/** An embedding of the codes, a convolution of type A, blocks ({@link SnailBlock}), and elu, 1 × 1 to the logits. */
export class PixelSNAILNetwork implements CausalNetwork {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly embedding: Layer;
  readonly start: MaskedConvolution;
  readonly blocks: SnailBlock[];
  private readonly head: Layer;

  constructor(readonly options: PixelSNAILOptions) {
    const { codebookSize: K, channels: C, layers, kernel, seed } = options;
    const pointwise = { size: 1, activation: 'linear', seed } as const;
    this.embedding = new Convolution({ ...pointwise, name: 'embedding', in: K, out: C });
    this.start = new MaskedConvolution({
      name: 'start',
      in: C,
      out: C,
      size: kernel,
      shape: 'raster',
      type: 'A',
      seed,
    });
    this.blocks = Array.from({ length: layers }, (_, i) => new SnailBlock(`block${i}`, options));
    this.head = new Convolution({ ...pointwise, name: 'head', in: C, out: K });
    const all = [this.embedding, this.start, ...this.blocks, this.head];
    this.parameters = Object.assign({}, ...all.map(({ parameters }) => parameters));
  }

  apply(codes: tf.Tensor4D, context: tf.Tensor4D | null): tf.Tensor4D {
    const embedded = this.embedding.apply(codes) as tf.Tensor4D;
    const background: tf.Tensor4D = backgroundOf(this.options.map).tile([codes.shape[0], 1, 1, 1]);
    const places = { embedded, background, context };
    return this.logits(this.blocks.reduce((h, block) => block.apply(h, places), this.start.apply(embedded)));
  }

  /** [n, h, w, C] → [n, h, w, K]. */
  logits(h: tf.Tensor): tf.Tensor4D {
    return this.head.apply(h.elu()) as tf.Tensor4D;
  }

  cached(n: number, context: tf.Tensor4D | null): CachedPass {
    return new CachedPixelSNAIL(this, n, context);
  }
}

/** h + a ⊙ σ(b) with [a, b] = W₂ ∗ elu(W₁ ∗ elu(h) + s), masked convolutions of type B, s linear in the context. */
class GatedResidual {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly first: MaskedConvolution;
  readonly second: MaskedConvolution;
  private readonly context: Layer | null;

  constructor(name: string, { channels: C, contextChannels: S, kernel, seed }: PixelSNAILOptions) {
    const masked = { size: kernel, shape: 'raster', type: 'B', seed } as const;
    this.first = new MaskedConvolution({ ...masked, name: `${name}.0`, in: C, out: C });
    this.second = new MaskedConvolution({ ...masked, name: `${name}.1`, in: C, out: 2 * C });
    const pointwise = { size: 1, activation: 'linear', seed } as const;
    this.context = S > 0 ? new Convolution({ ...pointwise, name: `${name}.context`, in: S, out: C }) : null;
    this.parameters = parametersOf([this.first, this.second, ...(this.context ? [this.context] : [])]);
  }

  /** @param convolved how a convolution is applied: to maps, or at one position with what came before */
  apply(h: tf.Tensor, context: tf.Tensor4D | null, convolved: Convolve = convolveMaps): tf.Tensor {
    const inner = convolved(this.first, h.elu());
    const conditioned = this.context && context ? inner.add(this.context.apply(context)) : inner;
    return gatedSum(h, convolved(this.second, conditioned.elu()));
  }
}

type Convolve = (convolution: MaskedConvolution, x: tf.Tensor) => tf.Tensor;

const convolveMaps: Convolve = (convolution, x) => convolution.apply(x);

/** h + a ⊙ σ(b). */
function gatedSum(h: tf.Tensor, ab: tf.Tensor): tf.Tensor {
  const [a, b] = tf.split(ab, 2, -1) as [tf.Tensor, tf.Tensor];
  return h.add(a.mul(b.sigmoid()));
}

/**
 * Gated residual layers, then attention o to all positions before: queries from features h and background, keys and
 * values from codes, h and background; then h + a ⊙ σ(b) with [a, b] = W [elu(h), elu(o)] + b₀.
 */
class SnailBlock {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly residuals: GatedResidual[];
  readonly attention: CausalAttention;
  private readonly merge: Layer;

  constructor(name: string, options: PixelSNAILOptions) {
    const { channels: C, residualLayers, seed } = options;
    const residual = (_: unknown, i: number) => new GatedResidual(`${name}.residual${i}`, options);
    this.residuals = Array.from({ length: residualLayers }, residual);
    const from = { queryFrom: C + BACKGROUND, memoryFrom: 2 * C + BACKGROUND };
    this.attention = new CausalAttention({ ...options, ...from, name: `${name}.attention` });
    const pointwise = { size: 1, activation: 'linear', seed } as const;
    this.merge = new Convolution({ ...pointwise, name: `${name}.merge`, in: C + this.attention.channels, out: 2 * C });
    const all = [...this.residuals, this.attention, this.merge];
    this.parameters = Object.assign({}, ...all.map(({ parameters }) => parameters));
  }

  apply(start: tf.Tensor, { embedded, background, context }: Places): tf.Tensor {
    const h = this.residuals.reduce((features, residual) => residual.apply(features, context), start);
    const [n, height, width] = h.shape as [number, number, number];
    const flat = (maps: tf.Tensor) => maps.reshape([n, height * width, -1]) as tf.Tensor3D;
    const o = this.attention.apply(flat(this.queries(h, background)), flat(this.remembering(h, embedded, background)));
    return this.merged(h, o.reshape([n, height, width, -1]));
  }

  queries(h: tf.Tensor, background: tf.Tensor): tf.Tensor {
    return tf.concat([h, background], -1);
  }

  remembering(h: tf.Tensor, embedded: tf.Tensor, background: tf.Tensor): tf.Tensor {
    return tf.concat([embedded, h, background], -1);
  }

  merged(h: tf.Tensor, o: tf.Tensor): tf.Tensor {
    return gatedSum(h, this.merge.apply(tf.concat([h.elu(), o.elu()], -1)));
  }
}

/** [1, h, w, 2]. */
function backgroundOf({ height, width }: MapSize): tf.Tensor4D {
  const values = Array.from({ length: height * width }, (_, i) => [
    Math.floor(i / width) / height - 0.5,
    (i % width) / width - 0.5,
  ]);
  return tf.tensor4d(values.flat(), [1, height, width, BACKGROUND]);
}

/** Each position is computed once: convolutions from the features that they see, attention from keys and values. */
class CachedPixelSNAIL implements CachedPass {
  /** Inputs [n, C] of each convolution, position by position. */
  private readonly inputs = new Map<MaskedConvolution, tf.Tensor2D[]>();
  private memories: (Memory | null)[];
  /** Features of this position before each block's attention, [n, 1, 1, C]. */
  private features: tf.Tensor[] = [];
  /** What `inputs` got at this position. */
  private kept: tf.Tensor[] = [];
  private position = 0;
  private readonly background: tf.Tensor4D;

  constructor(
    private readonly network: PixelSNAILNetwork,
    private readonly n: number,
    private readonly context: tf.Tensor4D | null,
  ) {
    this.memories = network.blocks.map(() => null);
    this.background = backgroundOf(network.options.map).tile([n, 1, 1, 1]);
  }

  logits(): tf.Tensor2D {
    const [logits] = tf.tidy(() => {
      this.features = [];
      this.kept = [];
      return [this.logitsHere(), ...this.features, ...this.kept];
    });
    return logits as tf.Tensor2D;
  }

  append(codes: tf.Tensor2D): void {
    const { network, n, memories } = this;
    const { start, next } = tf.tidy(() => {
      const embedded = network.embedding.apply(codes.reshape([n, 1, 1, -1]));
      const background = this.here(this.background);
      const next = network.blocks.map((block, b) => {
        const memory = block.remembering(this.features[b]!, embedded, background).reshape([n, 1, -1]);
        return { ...remembered(memories[b]!, block.attention.memory(memory as tf.Tensor3D)) };
      });
      return { start: embedded.reshape([n, -1]) as tf.Tensor2D, next };
    });
    memories.forEach((past) => past && tf.dispose([past.keys, past.values]));
    this.memories = next;
    this.inputsOf(network.start).push(start);
    this.position += 1;
  }

  private logitsHere(): tf.Tensor {
    const { network, n, memories } = this;
    const context = this.context && this.here(this.context);
    const background = this.here(this.background);
    const h = network.blocks.reduce((start, block, b) => {
      const h = block.residuals.reduce((x, residual) => residual.apply(x, context, this.convolve), start);
      this.features.push(h);
      const query = block.queries(h, background).reshape([n, 1, -1]) as tf.Tensor3D;
      return block.merged(h, block.attention.next(query, memories[b]!).reshape([n, 1, 1, -1]));
    }, this.convolved(network.start));
    return network.logits(h).reshape([n, -1]);
  }

  private readonly convolve: Convolve = (convolution, x) => {
    const input = x.reshape([this.n, -1]) as tf.Tensor2D;
    this.kept.push(input);
    this.inputsOf(convolution).push(input);
    return this.convolved(convolution);
  };

  private inputsOf(convolution: MaskedConvolution): tf.Tensor2D[] {
    const inputs = this.inputs.get(convolution) ?? [];
    this.inputs.set(convolution, inputs);
    return inputs;
  }

  /** The convolution at this position: [n, 1, 1, out]. */
  private convolved(convolution: MaskedConvolution): tf.Tensor {
    const { map, kernel, channels } = this.network.options;
    const inputs = this.inputsOf(convolution);
    const places = shownPositions(this.position, convolution.shown, kernel, map).map((at) =>
      at === null ? tf.zeros<tf.Rank.R2>([this.n, channels]) : inputs[at]!,
    );
    return convolution.at(places).reshape([this.n, 1, 1, -1]);
  }

  private here(maps: tf.Tensor4D): tf.Tensor4D {
    const { width } = this.network.options.map;
    const begin = [0, Math.floor(this.position / width), this.position % width, 0];
    return maps.slice(begin as [number, number, number, number], [-1, 1, 1, -1]);
  }
}

/** Positions under the first `shown` places of a k × k kernel around a position; null outside the map. */
function shownPositions(position: number, shown: number, k: number, { width }: MapSize): (number | null)[] {
  const reach = (k - 1) / 2;
  const [row, column] = [Math.floor(position / width), position % width];
  return Array.from({ length: shown }, (_, place) => {
    const r = row + Math.floor(place / k) - reach;
    const c = column + (place % k) - reach;
    return r < 0 || c < 0 || c >= width ? null : r * width + c;
  });
}
