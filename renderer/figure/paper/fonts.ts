/** The font of figures for a paper: DejaVu Sans Condensed, the part of it that figures need. */
import bold from 'figure-font:DejaVuSansCondensed-Bold.ttf?woff2';
import oblique from 'figure-font:DejaVuSansCondensed-Oblique.ttf?woff2';
import letters from 'figure-font:DejaVuSansCondensed.ttf?letters';
import regular from 'figure-font:DejaVuSansCondensed.ttf?woff2';

export const FAMILY = 'LatentLab Figure';

const FACES = [
  { weight: 400, slant: 'normal', font: regular },
  { weight: 700, slant: 'normal', font: bold },
  { weight: 400, slant: 'italic', font: oblique },
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
    ({ weight, slant, font }) =>
      `@font-face{font-family:"${FAMILY}";font-weight:${weight};font-style:${slant};src:url(data:font/woff2;base64,${toBase64(font)}) format("woff2")}`,
  ).join('');
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

/** Whether the font has a glyph for a letter. */
export function hasGlyph(letter: string): boolean {
  const code = letter.codePointAt(0)!;
  return code <= 0x20 || letters.some(([first, last]) => first <= code && code <= last);
}
