import * as zlib from 'node:zlib';
import crc from 'crc-32';

/**
 * CRC-32, as PNG, ZIP and gzip use it; Node's own where it has one (20.15 and later), which is several times as fast.
 *
 * @param before the checksum of the bytes that come before these
 */
export function checksum(bytes: Uint8Array, before = 0): number {
  return (zlib.crc32 as typeof zlib.crc32 | undefined)?.(bytes, before) ?? crc.buf(bytes, before | 0) >>> 0;
}
