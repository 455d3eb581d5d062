/** The gradients of the batches of one update, added up where the optimizer looks for them. */
export class GatheredGradient {
  private readonly sums = new Map<string, Float32Array>();
  private empty = true;

  /** @param gradient where a variable's gradient lies: always the same array */
  constructor(
    private readonly variables: readonly string[],
    private readonly gradient: (variable: string) => Float32Array,
  ) {}

  /** Turns the gradients of a batch into the sum up to it. */
  add(share: number, last: boolean): void {
    for (const name of this.variables) {
      const g = this.gradient(name);
      const sum = this.sumOf(name, g.length);
      for (let i = 0; i < g.length; i++) g[i] = (this.empty ? 0 : sum[i]!) + share * g[i]!;
      if (!last) sum.set(g);
    }
    this.empty = last;
  }

  forget(): void {
    this.empty = true;
  }

  private sumOf(name: string, length: number): Float32Array {
    const known = this.sums.get(name);
    if (known) return known;
    const sum = new Float32Array(length);
    this.sums.set(name, sum);
    return sum;
  }
}
