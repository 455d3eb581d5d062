/** Shapes and attributes to try, drawn from a number: the same for the same number. */
export class Draws {
  private state: number;

  constructor(seed: number) {
    this.state = seed * 2654435761 + 1;
  }

  /** A whole number from `low` to `high`, both among them. */
  size(low = 1, high = 4): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  sizes(count: number, low = 1, high = 4): number[] {
    return Array.from({ length: count }, () => this.size(low, high));
  }

  shape(fewest: number, most: number): number[] {
    return this.sizes(this.size(fewest, most));
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.size(0, choices.length - 1)]!;
  }

  coin(): boolean {
    return this.of([false, true]);
  }

  /** Counted from either end. */
  axis(rank: number): number {
    return this.size(-rank, rank - 1);
  }

  /** At least one. */
  axes(rank: number): number[] {
    const some = Array.from({ length: rank }, (_, axis) => axis).filter(() => this.coin());
    return some.length > 0 ? some : [this.size(0, rank - 1)];
  }

  permutation(rank: number): number[] {
    const left = Array.from({ length: rank }, (_, axis) => axis);
    return Array.from({ length: rank }, () => left.splice(this.size(0, left.length - 1), 1)[0]!);
  }

  /** Two shapes that broadcast: axes of size 1, and axes that one of them lacks. */
  broadcast(): [number[], number[]] {
    const shape = this.shape(1, 4);
    const part = () => shape.map((size) => (this.coin() ? size : 1)).slice(this.size(0, shape.length - 1));
    return this.coin() ? [shape, part()] : [part(), shape];
  }

  /** An image [N, height, width, C], a filter that fits into it, and how it slides. */
  windows(depthwise = false) {
    const x = [...this.sizes(1, 1, 2), ...this.sizes(2, 5, 9), ...this.sizes(1, 1, 3)];
    const filter = [...this.sizes(2, 1, 3), x[3]!, this.size(1, depthwise ? 2 : 4)];
    const dilations = this.of([1, 1, 2]);
    const strides = dilations > 1 ? 1 : this.of([1, 2, 3]);
    const pad = this.of<'same' | 'valid' | number>(['same', 'valid', 1]);
    const rounding = typeof pad === 'number' ? this.of(['floor', 'ceil'] as const) : undefined;
    return { x, filter, strides, dilations, pad, rounding };
  }

  /** mulberry32, by T. Ettinger. */
  private uniform(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
