import { featureAt } from '../samples';
import type { Samples } from '../samples';
import type { Accepted } from '../support';

/** Where values are from, for messages. */
type Rows = Pick<Samples, 'name' | 'shape' | 'width' | 'values'>;

/** What to do about a gap in a table. */
const MISSING =
  '. If the value is missing, give the model missing: true, or leave out such samples with data.withoutMissing()';

const FINITE: Accepted = { support: null };

/**
 * Looks at every value before training.
 *
 * @returns a checksum of the values (FNV-1a over their bits)
 * @throws {DataError} at the first value that is not finite, or that the likelihood is not defined for; NaN is let through
 *   where it says that a value is missing
 */
export function checkData(samples: Samples, accepted: Accepted = FINITE): number {
  checkRows(samples, accepted);
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
export function checkRows(rows: Rows, { support, missing = false }: Accepted, firstRow = 0): void {
  const { values } = rows;
  const { low, high } = support ?? { low: -Infinity, high: Infinity };
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (missing && Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) {
      const advice = Number.isNaN(value) ? MISSING : '';
      throw new DataError(`${place(rows, i, firstRow)} is ${value}; expected finite numbers${advice}`);
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
  const feature = featureAt(shape, column);
  const columnText = feature === undefined ? `column ${column}` : `column ${column} (“${feature}”)`;
  return `${name || 'The data'}: the value at row ${row}, ${columnText} (both counted from 0)`;
}
