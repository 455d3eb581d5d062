/** The font of figures for a paper: DejaVu Sans Condensed, the part of it that figures need. */
import bold from 'figure-font:DejaVuSansCondensed-Bold.ttf';
import boldPacked from 'figure-font:DejaVuSansCondensed-Bold.ttf?woff2';
import oblique from 'figure-font:DejaVuSansCondensed-Oblique.ttf';
import obliquePacked from 'figure-font:DejaVuSansCondensed-Oblique.ttf?woff2';
import regular from 'figure-font:DejaVuSansCondensed.ttf';
import regularPacked from 'figure-font:DejaVuSansCondensed.ttf?woff2';

export const FAMILY = 'LatentLab Figure';

export const FACES = [
  { weight: 400, slant: 'normal', name: 'normal', file: 'regular.ttf', font: regular, packed: regularPacked },
  { weight: 700, slant: 'normal', name: 'bold', file: 'bold.ttf', font: bold, packed: boldPacked },
  { weight: 400, slant: 'italic', name: 'italic', file: 'oblique.ttf', font: oblique, packed: obliquePacked },
] as const;

let loaded: Promise<void> | undefined;

/** Lets the page measure text in the font. Bytes are no address, so that no content policy has a say. */
export function loadFont(): Promise<void> {
  loaded ??= Promise.all(
    FACES.map(async ({ weight, slant, font }) => {
      const face = new FontFace(FAMILY, font.slice().buffer, { weight: String(weight), style: slant });
      document.fonts.add(await face.load());
    }),
  ).then(() => undefined);
  return loaded;
}

/** The font within a drawing, so that it looks alike wherever it is opened. */
export function fontRules(): string {
  return FACES.map(
    ({ weight, slant, packed }) =>
      `@font-face{font-family:"${FAMILY}";font-weight:${weight};font-style:${slant};src:url(data:font/woff2;base64,${toBase64(packed)}) format("woff2")}`,
  ).join('');
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

/** Letters that the font has a glyph for, from the table `cmap` of format 4 (Unicode, 16 bits) of TrueType. */
export function hasGlyph(letter: string): boolean {
  segments ??= segmentsOf(regular);
  const code = letter.codePointAt(0)!;
  return code <= 0x20 || segments.some(([first, last]) => first <= code && code <= last);
}

let segments: [number, number][] | undefined;

function segmentsOf(font: Uint8Array): [number, number][] {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const tables = Array.from({ length: view.getUint16(4) }, (_, i) => 12 + 16 * i);
  const cmap = view.getUint32(tables.find((at) => view.getUint32(at) === 0x636d6170)! + 8);
  const encodings = Array.from({ length: view.getUint16(cmap + 2) }, (_, i) => cmap + view.getUint32(cmap + 8 + 8 * i));
  const table = encodings.find((at) => view.getUint16(at) === 4)!;
  const count = view.getUint16(table + 6) / 2;
  return Array.from({ length: count }, (_, i) => [
    view.getUint16(table + 16 + 2 * count + 2 * i),
    view.getUint16(table + 14 + 2 * i),
  ]);
}
