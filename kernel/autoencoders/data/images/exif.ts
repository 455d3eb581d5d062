/** The one thing that EXIF says and images need: how the camera was held. CIPA DC-008 (Exif 2.32), section 4.6.4. */

const ORIENTATION = 0x0112;

/**
 * @param tiff the TIFF structure that EXIF is
 * @returns 1 to 8; 1, as stored, where nothing is said or what is said is damaged, as other readers take it
 */
export function orientationIn(tiff: Uint8Array): number {
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const start = view.getUint32(4, little);
  if (start + 2 > tiff.length) return 1;
  const count = view.getUint16(start, little);
  for (let i = 0, at = start + 2; i < count && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
