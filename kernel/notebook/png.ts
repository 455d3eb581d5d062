const METRES_PER_CSS_PIXEL = 0.0254 / 96;
const SIGNATURE_LENGTH = 8;

/**
 * The size in CSS pixels at which a PNG is meant to be shown, from its pHYs chunk (PNG specification, 11.3.4.3).
 * Undefined when the file does not say so, or says about one pixel a CSS pixel.
 */
export function physicalSize(base64: string): { width: number; height: number } | undefined {
  // The chunk precedes the image data: the head of the file holds it.
  const head = Buffer.from(base64.slice(0, 4096), 'base64');
  let width = 0;
  let height = 0;
  for (let at = SIGNATURE_LENGTH; at + 12 <= head.length; at += 12 + head.readUInt32BE(at)) {
    const type = head.toString('latin1', at + 4, at + 8);
    const data = at + 8;
    if (type === 'IDAT') return undefined;
    if (type === 'IHDR' && data + 8 <= head.length)
      [width, height] = [head.readUInt32BE(data), head.readUInt32BE(data + 4)];
    if (type === 'pHYs' && data + 9 <= head.length && head[data + 8] === 1) {
      const density = head.readUInt32BE(data) * METRES_PER_CSS_PIXEL;
      return density > 1.2 ? { width: Math.round(width / density), height: Math.round(height / density) } : undefined;
    }
  }
  return undefined;
}
