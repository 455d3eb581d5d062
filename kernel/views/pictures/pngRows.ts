/** PNG files of eight bits a sample, as the views pack pictures: their rows, for kernel and renderers alike. */

export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** The PNG colour types by channels: grey, grey with alpha, RGB, RGB with alpha. */
export const COLOUR_TYPES = [0, 4, 2, 6] as const;

/** What undoes zlib's deflate: Node's or the page's own. */
export type Inflate = (bytes: Uint8Array) => Uint8Array;

/**
 * The bytes of a picture row by row, with as many channels a pixel as the file has.
 *
 * @throws RangeError for what is no PNG, or one that views do not write (16 bits, palette, interlaced)
 */
export function readPngRows(file: Uint8Array, inflate: Inflate): Uint8Array {
  if (!PNG_SIGNATURE.every((byte, i) => file[i] === byte)) throw new RangeError('the picture is no PNG file');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts: Uint8Array[] = [];
  let [width, height, channels] = [0, 0, 0];
  for (let at = 8; at + 12 <= file.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const data = file.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') {
      [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
      channels = 1 + COLOUR_TYPES.indexOf(data[9] as 0);
      if (data[8] !== 8 || channels === 0 || data[12] !== 0)
        throw new RangeError('the picture is a PNG file of another kind');
    }
    if (name === 'IDAT') parts.push(data);
    at += 12 + length;
  }
  return unfiltered(inflate(joined(parts)), width * channels, height, channels);
}

function joined(parts: Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param pixel bytes of one pixel */
function unfiltered(rows: Uint8Array, stride: number, height: number, pixel: number): Uint8Array {
  if (rows.length !== height * (stride + 1)) {
    throw new RangeError(`the picture has ${rows.length} bytes where ${height} rows of ${stride} need others`);
  }
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    const from = y * (stride + 1) + 1;
    const to = y * stride;
    for (let x = 0; x < stride; x++) {
      const left = x >= pixel ? out[to + x - pixel]! : 0;
      const up = y > 0 ? out[to + x - stride]! : 0;
      const corner = x >= pixel && y > 0 ? out[to + x - stride - pixel]! : 0;
      out[to + x] = rows[from + x]! + predicted(filter, left, up, corner);
    }
  }
  return out;
}

/** What a filter expects of a byte from those to its left, above it, and above that to its left (PNG, section 9.2). */
export function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const [toLeft, toUp] = [Math.abs(up - corner), Math.abs(left - corner)];
      const toCorner = Math.abs(left + up - 2 * corner);
      if (toLeft <= toUp && toLeft <= toCorner) return left;
      return toUp <= toCorner ? up : corner;
    }
    default:
      throw new RangeError(`the picture has a filter ${filter}, which PNG does not know`);
  }
}
