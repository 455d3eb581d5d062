/** Rows of codes as priors take them: the maps of the conditions, one after the other, and then the prior's own. */
import * as tf from '@tensorflow/tfjs';
import type { CodeMap } from '../../networks/causal/codeContext';
import { labelsOf, mapRows, rowRanges, rowsOf, toSamples } from '../../samples';
import type { Expected, SampleInput, SampleShape } from '../../samples';
import { isStream } from '../../training/batches/batches';
import type { TrainingData } from '../../training/batches/batches';
import { checkCodes } from './codes';
import type { Codes } from './codes';

/** A batch of rows, and the classes of them where the prior looks at them. */
export interface LabelledRows {
  rows: tf.Tensor2D;
  y?: tf.Tensor1D;
}

/** What sampling knows before the first code: conditions [count, P'] float32, labels int32 [count]. */
export interface Known {
  conditions: tf.Tensor2D | null;
  labels: tf.Tensor1D | null;
}

/** How rows of codes are made up for one prior. */
export class CodeRows {
  /** P, the number of its own codes. */
  readonly positions: number;
  /** Codes of all conditions. */
  private readonly conditionWidth: number;

  constructor(
    private readonly own: CodeMap,
    private readonly conditions: readonly CodeMap[],
    private readonly classes: number | null,
    private readonly shape: SampleShape,
  ) {
    this.positions = own.height * own.width;
    this.conditionWidth = conditions.reduce((sum, { height, width }) => sum + height * width, 0);
  }

  expected(caller: string): Expected {
    const before = this.conditions.map((map) => `${map.height * map.width} codes of a condition, then `).join('');
    const description = `rows of ${before}${this.positions} codes from 0 to ${this.own.codebookSize - 1}`;
    return { caller, width: this.conditionWidth + this.positions, description };
  }

  /** Rows taken apart: int32 [n, P'] of each condition, and its own codes one-hot. */
  apart(rows: tf.Tensor2D): { conditions: tf.Tensor2D[]; codes: tf.Tensor4D } {
    const { height, width, codebookSize } = this.own;
    const maps = tf.split(rows.cast('int32'), [...this.conditionSizes(), this.positions], 1) as tf.Tensor2D[];
    const codes = tf.oneHot(maps.pop()!.flatten(), codebookSize).cast('float32');
    return { conditions: maps, codes: codes.reshape([-1, height, width, codebookSize]) };
  }

  /** Codes of the conditions alone, [n, P'], taken apart: int32. */
  conditionsApart(conditions: tf.Tensor2D | null): tf.Tensor2D[] {
    return conditions ? (tf.split(conditions.cast('int32'), this.conditionSizes(), 1) as tf.Tensor2D[]) : [];
  }

  /** @throws {DataError} at the first value that is no code */
  async check(data: TrainingData, caller: string): Promise<void> {
    const { maps } = this;
    if (!isStream(data)) {
      const samples = await toSamples(data, this.expected(caller), this.shape);
      return checkCodes(samples, maps);
    }
    let first = 0;
    for await (const { values } of data.chunks()) {
      checkCodes({ name: data.name, values, width: data.width }, maps, first);
      first += values.length / data.width;
    }
  }

  /** `f` of the rows and their labels, a chunk at a time, joined along the first axis. */
  map<T extends tf.Tensor>(data: SampleInput, caller: string, f: (inputs: LabelledRows) => T): T {
    const labelled = data instanceof tf.Tensor || Array.isArray(data) ? { name: '', labels: null } : data;
    const ranges = rowRanges(data, this.expected(caller));
    // The codes of a tensor are not checked: they would have to be read back from the device first.
    if (Array.isArray(data)) {
      checkCodes({ ...labelled, values: Float32Array.from(data.flat()), width: data[0]!.length }, this.maps);
    } else if (!(data instanceof tf.Tensor)) checkCodes(data, this.maps);
    return tf.tidy(() => {
      const parts = ranges.map(([start, end]) => {
        const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
        const rows = rowsOf(data, start, end);
        const labels = this.classes === null ? {} : { y: labelsOf(labelled, indices, this.classes, caller) };
        return tf.tidy(() => f({ rows, ...labels } as LabelledRows));
      });
      return parts.length === 1 ? parts[0]! : (tf.concat(parts, 0) as T);
    });
  }

  /** @throws TypeError when the condition or the labels that the prior needs are missing */
  known(count: number, { condition, label }: { condition?: Codes; label?: number | number[] }, caller: string): Known {
    const { conditionWidth, classes } = this;
    if (Array.isArray(condition)) {
      const values = Float32Array.from(condition.flat());
      checkCodes({ name: '"condition"', values, width: conditionWidth }, this.conditions);
    }
    const conditions = conditionWidth > 0 ? conditionRows(condition ?? [], count, conditionWidth, caller) : null;
    if (classes === null) return { conditions, labels: null };
    if (label === undefined) throw new TypeError(`${caller} needs the class of each map: give "label".`);
    const labels = Int32Array.from({ length: count }, (_, i) => (Array.isArray(label) ? label[i] : label) ?? -1);
    const all = Int32Array.from(labels.keys());
    return { conditions, labels: labelsOf({ name: '"label"', labels }, all, classes, caller) };
  }

  /** The maps in a row, one after the other. */
  private get maps(): CodeMap[] {
    return [...this.conditions, this.own];
  }

  private conditionSizes(): number[] {
    return this.conditions.map(({ height, width }) => height * width);
  }
}

function conditionRows(given: Codes, count: number, width: number, caller: string): tf.Tensor2D {
  const description = `as "condition" ${count} rows of ${width} codes`;
  const rows = mapRows(given, { caller, width, description }, (some) => some.cast('float32').clone() as tf.Tensor2D);
  if (rows.shape[0] === count) return rows;
  throw new TypeError(`${caller} expects ${description}; found ${rows.shape[0]} rows.`);
}
