import type { Series } from '../../lower/stablehlo/series';
import type { TensorType } from '../../ops/types';
import { elementsOf, sizeOf, type Elements } from '../../trace/program';
import type { Readings } from '../carried';
import type { DeviceBuffer } from '../pjrt/buffer';
import type { Executable } from '../pjrt/executable';
import { compiled } from './compiled';
import type { XlaDevice } from './device';
import type { TablesGiven } from './given';

/** What a run is given beside tables, step by step, by the names of the program's inputs. */
export interface GivenSteps {
  readonly tensors: readonly Readonly<Record<string, Elements>>[];
  readonly scalars: readonly Readonly<Record<string, number>>[];
}

/** What steps do not bring: variables and slots, on the device. */
export interface Held {
  held(name: string): DeviceBuffer;
}

export interface Run {
  /** What is carried, by name, as the last step leaves it: to be read, and given to other runs, at once. */
  readonly next: Readonly<Record<string, DeviceBuffer>>;
  /** Losses and norms of the steps that were made. */
  readings(): Promise<Readings>;
}

/** A compiled series: how many steps a run takes is up to the run. */
export class SeriesProgram {
  /** Whether a run has shown that there is memory for it. */
  hasRun = false;
  private static readonly COUNT: TensorType = { shape: [], dtype: 'int32' };
  private readonly stages: readonly Stage[];
  private readonly numbers: Stage;
  private readonly count = new Int32Array(1);

  private constructor(
    private readonly device: XlaDevice,
    readonly capacity: number,
    private readonly series: Series,
    private readonly executable: Executable,
  ) {
    this.stages = series.perStep.map(({ name, type }) => stageOf(name, type, capacity));
    this.numbers = stageOf('scalars', { shape: [series.scalars.length], dtype: 'float32' }, capacity);
  }

  /** @param series for runs of `capacity` steps at most */
  static async compile(device: XlaDevice, series: Series, capacity: number): Promise<SeriesProgram> {
    const executable = await compiled(device.client, series);
    return new SeriesProgram(device, capacity, series, executable);
  }

  /**
   * Starts a run; where the device does not overlap, waits for its end.
   *
   * @param keep whether what is carried stays as it is, too
   */
  async run(held: Held, tables: TablesGiven, given: GivenSteps, keep: boolean): Promise<Run> {
    const { carried, readOnly, readings } = this.series;
    const own = this.uploaded(given);
    const inputs = [
      ...[...carried, ...readOnly].map(({ name }) => held.held(name)),
      ...this.series.tables.map(({ name }) => this.device.tables.get(tables.get(name)!)),
      ...own,
    ];
    let results: DeviceBuffer[];
    let done = Promise.resolve();
    try {
      if (this.device.overlaps) ({ results, done } = this.executable.launch(inputs, { keepInputs: keep }));
      else results = await this.executable.execute(inputs, { keepInputs: true });
    } finally {
      own.forEach((buffer) => buffer.dispose());
    }
    const told = results.pop()!;
    const next = Object.fromEntries(carried.map(({ name }, i) => [name, results[i]!]));
    const steps = given.scalars.length;
    return {
      next,
      readings: async () => {
        try {
          await done;
          this.hasRun = true;
          return columns((await told.read()) as Float32Array, readings, steps);
        } finally {
          told.dispose();
        }
      },
    };
  }

  dispose(): void {
    this.executable.dispose();
  }

  /** On the device: what differs from step to step, and how many steps there are. */
  private uploaded({ tensors, scalars }: GivenSteps): DeviceBuffer[] {
    const { client } = this.device;
    const { scalars: names } = this.series;
    const stacked = this.stages.map(({ name, elements, type, size }) => {
      tensors.forEach((given, i) => elements.set(given[name]!, i * size));
      return client.upload(elements, type);
    });
    const { elements: numbers, type } = this.numbers;
    scalars.forEach((given, i) =>
      names.forEach((name, j) => (numbers[i * names.length + j] = given[name] ?? tensors[i]![name]![0]!)),
    );
    this.count[0] = scalars.length;
    return [
      ...stacked,
      ...(names.length > 0 ? [client.upload(numbers, type)] : []),
      client.upload(this.count, SeriesProgram.COUNT),
    ];
  }
}

/** Where a run's inputs are laid side by side: the device has copied them before the next run. */
interface Stage {
  readonly name: string;
  readonly elements: Elements;
  readonly type: TensorType;
  /** Elements of one step. */
  readonly size: number;
}

function stageOf(name: string, { shape, dtype }: TensorType, capacity: number): Stage {
  const type = { shape: [capacity, ...shape], dtype };
  return { name, elements: elementsOf(dtype, sizeOf(type)), type, size: sizeOf({ shape }) };
}

/** The series ends with the first step that is not finite; the rows behind it were not written. */
function columns(rows: Float32Array, names: readonly string[], steps: number): Readings {
  const width = names.length;
  const [total, norm] = ['loss/total', 'gradientNorm'].map((name) => names.indexOf(name)) as [number, number];
  const finite = (i: number) => [total, norm].every((at) => Number.isFinite(rows[i * width + at]!));
  const broken = Array.from({ length: steps }, (_, i) => i).find((i) => !finite(i));
  const made = broken === undefined ? steps : broken + 1;
  const column = (at: number) => Float32Array.from({ length: made }, (_, i) => rows[i * width + at]!);
  return Object.fromEntries(names.map((name, at) => [name, column(at)]));
}
