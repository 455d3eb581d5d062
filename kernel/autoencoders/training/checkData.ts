import type { Samples } from '../samples';
import type { Support } from './trainable';

/**
 * Looks at every value before training.
 *
 * @returns a checksum of the values (FNV-1a over their bits)
 * @throws {DataError} at the first value that is not finite, or that the likelihood is not defined for
 */
export function checkData(samples: Samples, support: Support | null): number {
  const { values } = samples;
  const { low, high } = support ?? { low: -Infinity, high: Infinity };
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let checksum = 0x811c9dc5;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) throw new DataError(`${place(samples, i)} is ${value}; training needs finite numbers`);
    if (value < low || value > high) {
      throw new DataError(`${place(samples, i)} is ${value}, outside [${low}, ${high}]: ${support?.reason}`);
    }
    checksum = Math.imul(checksum ^ bits[i]!, 0x01000193);
  }
  return checksum >>> 0;
}

/** The data cannot be trained on. */
export class DataError extends Error {
  override readonly name = 'DataError';

  constructor(problem: string) {
    super(`${problem}.`);
  }
}

function place({ name, shape, width }: Samples, index: number): string {
  const row = Math.floor(index / width);
  const column = index % width;
  const feature = shape.kind === 'vector' ? shape.features[column] : undefined;
  const columnText = feature === undefined ? `column ${column}` : `column ${column} (“${feature}”)`;
  return `${name || 'The data'}: the value at row ${row}, ${columnText} (both counted from 0)`;
}
