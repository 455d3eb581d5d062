import type { Shaped } from '../state';

const FLOAT_BYTES = 4;
/** Values begin on cache lines, as the widest vector instructions like it. */
const LINE_FLOATS = 16;
const PAGE_BYTES = 65_536;
const MOST_PAGES = 65_536;

/**
 * Float32 values of named variables in one WebAssembly memory, in several runs: weights, gradients and so on. A run holds
 * all variables one after the other, each at the same place in every run, so that one loop goes over all of them. What
 * lies between them is zero.
 *
 * The memory never grows, hence views of it stay valid.
 */
export class Arena<Run extends string> {
  readonly memory: WebAssembly.Memory;
  /** Floats of a run: a multiple of 16. */
  readonly length: number;
  private readonly views: Readonly<Record<Run, ReadonlyMap<string, Float32Array>>>;

  /** @throws when the variables do not fit into the 4 GiB that one memory may have */
  constructor(
    variables: Readonly<Record<string, Shaped>>,
    private readonly runs: readonly Run[],
    /** Whether other threads work on it, too. */
    isShared = false,
  ) {
    const places = new Map<string, { begin: number; size: number }>();
    let end = 0;
    for (const [name, { shape }] of Object.entries(variables)) {
      const size = shape.reduce((product, length) => product * length, 1);
      places.set(name, { begin: end, size });
      end += Math.ceil(size / LINE_FLOATS) * LINE_FLOATS;
    }
    this.length = end;
    const pages = Math.ceil((runs.length * end * FLOAT_BYTES) / PAGE_BYTES);
    if (pages > MOST_PAGES) {
      const gibibytes = ((pages * PAGE_BYTES) / 2 ** 30).toFixed(1);
      throw new RangeError(`The optimizer of ${end} weights needs ${gibibytes} GiB; the maximum is 4 GiB.`);
    }
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isShared });
    const viewsIn = (run: Run) =>
      new Map([...places].map(([name, { begin, size }]) => [name, this.floats(this.address(run), begin, size)]));
    this.views = Object.fromEntries(runs.map((run) => [run, viewsIn(run)])) as Record<Run, Map<string, Float32Array>>;
  }

  /** Where the run begins, in bytes. */
  address(run: Run): number {
    return this.runs.indexOf(run) * this.length * FLOAT_BYTES;
  }

  /** The variable's values in the run: always the same array, without a copy. */
  view(run: Run, variable: string): Float32Array {
    const view = this.views[run].get(variable);
    if (!view) throw new Error(`The optimizer knows no variable ${variable}.`);
    return view;
  }

  private floats(address: number, begin: number, size: number): Float32Array {
    return new Float32Array(this.memory.buffer, address + begin * FLOAT_BYTES, size);
  }
}
