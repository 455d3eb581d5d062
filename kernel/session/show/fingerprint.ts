/** What data a view is of, so that views of the same rows know each other, also when they were saved and opened again. */
import type { Samples } from '../../autoencoders/index';
import { checksum } from '../../autoencoders/data/checksum';
import { recordsKeyOf } from '../../autoencoders/data/tables/records';

/** Values that are looked at, evenly spread. */
const LOOKED_AT = 4096;

/** The same for data of the same shape and values, and for data made of the same records. */
export function fingerprintOf(data: Pick<Samples, 'values' | 'width' | 'length'>): string {
  const { values, width, length } = data;
  const records = recordsKeyOf(data);
  if (records !== undefined) return records;
  const stride = Math.max(1, Math.floor(values.length / LOOKED_AT));
  const some = Float32Array.from({ length: Math.floor(values.length / stride) }, (_, i) => values[i * stride]!);
  return `${length}x${width}-${checksum(new Uint8Array(some.buffer)).toString(16)}`;
}
