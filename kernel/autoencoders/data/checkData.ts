import type { Samples } from '../samples';
import type { Support } from '../training/loop/trainable';

/** Where values are from, for messages. */
type Rows = Pick<Samples, 'name' | 'shape' | 'width' | 'values'>;

/**
 * Looks at every value before training.
 *
 * @returns a checksum of the values (FNV-1a over their bits)
 * @throws {DataError} at the first value that is not finite, or that the likelihood is not defined for
 */
export function checkData(samples: Samples, support: Support | null): number {
  checkRows(samples, support);
  const { values } = samples;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let checksum = 0x811c9dc5;
  for (let i = 0; i < bits.length; i++) checksum = Math.imul(checksum ^ bits[i]!, 0x01000193);
  return checksum >>> 0;
}

/**
 * @param firstRow the row of the data that these begin with, for the message
 * @throws {DataError} as {@link checkData}
 */
export function checkRows(rows: Rows, support: Support | null, firstRow = 0): void {
  const { values } = rows;
  const { low, high } = support ?? { low: -Infinity, high: Infinity };
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      throw new DataError(`${place(rows, i, firstRow)} is ${value}; expected finite numbers`);
    }
    if (value < low || value > high) {
      throw new DataError(`${place(rows, i, firstRow)} is ${value}, outside [${low}, ${high}]: ${support?.reason}`);
    }
  }
}

/** The data cannot be trained on. */
export class DataError extends Error {
  override readonly name = 'DataError';

  constructor(problem: string) {
    super(`${problem}.`);
  }
}

function place({ name, shape, width }: Rows, index: number, firstRow: number): string {
  const row = firstRow + Math.floor(index / width);
  const column = index % width;
  const feature = shape.kind === 'vector' ? shape.features[column] : undefined;
  const columnText = feature === undefined ? `column ${column}` : `column ${column} (“${feature}”)`;
  return `${name || 'The data'}: the value at row ${row}, ${columnText} (both counted from 0)`;
}
