/** Where the values of a program are in its graph, and in which layout. */
import type { Program, Value } from '../../../trace/program';
import type { Edge, Graph } from '../graph';
import { toChannelsFirst, toChannelsLast } from '../layout';

/**
 * How images lie in memory: `last`, [N, H, W, C], is the layout of tfjs, and of all other values too; `first` is
 * [N, C, H, W]. `blocked` is [N, C/b, H, W, b], b being as many channels as a vector register holds numbers:
 * convolutions then load and store whole registers (J. Zhang, F. Franchetti and T. M. Low, “High performance
 * zero-memory overhead direct convolutions”, 2018). Graphs state its shape as [N, C, H, W].
 */
export type Layout = 'last' | 'first' | 'blocked';

/** What a convolution computes besides: relu(y + bias). */
export interface Epilogue {
  /** [C] */
  readonly bias?: Edge | undefined;
  readonly rectified: boolean;
}

/** A convolution that is written down when its result is first read. Until then, bias and relu may go into it. */
export interface Convolved {
  /** The layout of its result. */
  readonly layout: Layout;
  emit(epilogue: Epilogue): Edge;
}

export interface Pending extends Convolved {
  readonly epilogue: Epilogue;
}

export class Layouts {
  private readonly edges = new Map<Value, Map<Layout, Edge>>();
  private readonly pending = new Map<Value, Pending>();
  private readonly uses = new Map<Value, number>();

  /** @param block channels of a block; 1 where there are none, and all convolutions have channels first */
  constructor(
    readonly graph: Graph,
    readonly block: number,
    { calls, outputs }: Program,
  ) {
    for (const value of [...calls.flatMap(({ inputs }) => Object.values(inputs)), ...Object.values(outputs)]) {
      this.uses.set(value, (this.uses.get(value) ?? 0) + 1);
    }
  }

  /**
   * The layouts in which a convolution reads and writes so many channels. It is blocked only where its outputs fill
   * whole blocks, and its inputs fill whole blocks or are less than one.
   */
  between(inputs: number, outputs: number): { readonly from: Layout; readonly to: Layout } {
    if (!this.inBlocks(outputs)) return { from: 'first', to: 'first' };
    if (this.inBlocks(inputs)) return { from: 'blocked', to: 'blocked' };
    return { from: 'first', to: inputs < this.block ? 'blocked' : 'first' };
  }

  inBlocks(channels: number): boolean {
    return this.block > 1 && channels % this.block === 0;
  }

  place(value: Value, layout: Layout, edge: Edge): void {
    const known = this.edges.get(value);
    if (known) known.set(layout, edge);
    else this.edges.set(value, new Map([[layout, edge]]));
  }

  defer(value: Value, pending: Pending): void {
    this.pending.set(value, pending);
  }

  /** The convolution that yields a value which only one call reads, unless it has been written down. */
  pendingFor(value: Value): Pending | undefined {
    return this.uses.get(value) === 1 ? this.pending.get(value) : undefined;
  }

  /** Whether the value is there in this layout, without a conversion. */
  has(value: Value, layout: Layout): boolean {
    return this.pending.get(value)?.layout === layout || this.edges.get(value)?.has(layout) === true;
  }

  /** The value as tfjs has it. */
  plain(value: Value): Edge {
    return this.in(value, 'last');
  }

  /** The value in a layout. It is converted once. */
  in(value: Value, layout: Layout): Edge {
    const pending = this.pending.get(value);
    if (pending) {
      this.pending.delete(value);
      this.place(value, pending.layout, pending.emit(pending.epilogue));
    }
    const known = this.edges.get(value);
    if (!known) throw new Error(`The program uses value ${value.id} before computing it.`);
    const edge = known.get(layout) ?? this.converted(value, [...known][0]!, layout);
    known.set(layout, edge);
    return edge;
  }

  private converted({ shape }: Value, [from, edge]: readonly [Layout, Edge], to: Layout): Edge {
    const { graph } = this;
    if (to === 'blocked') return graph.nchwcOp('ReorderInput', [edge], { channels_last: Number(from === 'last') });
    if (from === 'blocked') {
      const attributes = { channels: shape[3]!, channels_last: Number(to === 'last') };
      return graph.nchwcOp('ReorderOutput', [edge], attributes);
    }
    return to === 'first' ? toChannelsFirst(graph, edge, shape) : toChannelsLast(graph, edge, imageShape(shape));
  }
}

/** [N, H, W, C] as [N, C, H, W]. */
export function imageShape([batch, height, width, channels]: readonly number[]): number[] {
  return [batch!, channels!, height!, width!];
}
