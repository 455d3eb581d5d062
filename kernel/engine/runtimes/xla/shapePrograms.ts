import { convolutionWork } from '../../ops/images/convolutionWork';
import { seriesOf, type Series } from '../../lower/stablehlo/series';
import type { TracedUpdate } from '../../trace/traceStep';
import { compileTraced, refusalOf } from '../compileTraced';
import type { XlaDevice } from './device';
import type { TablesGiven } from './given';
import { SeriesProgram } from './seriesProgram';
import { XLA } from './words';

/**
 * What is compiled for batches of one shape: series of some lengths, all of one trace. On a processor a step with
 * convolutions is compiled alone and without a loop, since XLA takes four to ten times as long for convolutions in one.
 */
export class ShapePrograms {
  private readonly series = new Map<number, Series>();
  private readonly compiled = new Map<number, Promise<SeriesProgram>>();
  /** In the order of their capacities. */
  private ready: SeriesProgram[] = [];
  private disposed = false;
  readonly traced: TracedUpdate;

  /**
   * @param trace whether operations are to know their places
   * @throws {TraceRefusal} when the step cannot be traced or has no StableHLO form
   */
  constructor(
    private readonly device: XlaDevice,
    private readonly tables: TablesGiven,
    trace: (places: boolean) => TracedUpdate,
  ) {
    this.traced = compileTraced(
      trace,
      (traced) => {
        this.series.set(1, this.written(traced, 1));
        return traced;
      },
      XLA,
    );
  }

  /** The most steps that a run may take. */
  get most(): number {
    return this.isLoop(this.traced) ? Infinity : 1;
  }

  /** The most steps that a run can take without waiting for a compilation. */
  get capacity(): number {
    return this.ready.at(-1)?.capacity ?? 1;
  }

  /** One with room for so many steps, at most {@link most}. @throws {TraceRefusal} with what XLA says */
  async for(steps: number, capacity: number): Promise<SeriesProgram> {
    return (
      this.ready.find((program) => program.capacity >= steps) ??
      this.compile(steps === 1 ? 1 : Math.max(steps, capacity))
    );
  }

  /** Compiles one of this capacity while steps continue; where that fails, they continue as they are. */
  prepare(capacity: number): void {
    if (capacity > this.capacity && capacity <= this.most && !this.compiled.has(capacity))
      this.compile(capacity).catch(() => undefined);
  }

  dispose(): void {
    this.disposed = true;
    for (const program of this.ready) program.dispose();
    this.ready = [];
  }

  private compile(capacity: number): Promise<SeriesProgram> {
    const known = this.compiled.get(capacity);
    if (known) return known;
    const program = this.begin(capacity);
    this.compiled.set(capacity, program);
    return program;
  }

  private async begin(capacity: number): Promise<SeriesProgram> {
    const series = this.series.get(capacity) ?? this.written(this.traced, capacity);
    this.series.delete(capacity);
    const program = await SeriesProgram.compile(this.device, series, capacity).catch((error: unknown) => {
      throw refusalOf(error, XLA);
    });
    if (this.disposed) program.dispose();
    else this.ready = [...this.ready, program].sort((a, b) => a.capacity - b.capacity);
    return program;
  }

  private isLoop({ program }: TracedUpdate): boolean {
    return this.device.overlaps || convolutionWork(program.calls) === 0;
  }

  private written(traced: TracedUpdate, length: number): Series {
    const isLoop = this.isLoop(traced);
    const tables = Object.fromEntries([...this.tables].map(([name, table]) => [name, table.length]));
    return seriesOf(traced, { length, isLoop, precision: this.device.precision, tables });
  }
}
